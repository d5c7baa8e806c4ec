import { aboutCluster } from './sentences-cluster.ts';
import { aboutGuests } from './sentences-guests.ts';
import { saidLoosely } from './sentences-loose.ts';

/** Sentences in many wordings, and what each must mean; `means` as `queryText` writes it. Run as tests. */
export const sentences = [...aboutGuests, ...aboutCluster, ...saidLoosely] as const;
