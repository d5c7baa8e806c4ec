import { aboutCluster } from './sentences-cluster.ts';
import { aboutGuests } from './sentences-guests.ts';
import { saidLoosely } from './sentences-loose.ts';
import { easilyMistaken } from './sentences-mistaken.ts';

/** Sentences in many wordings, and what each must mean; `means` as `queryText` writes it. Run as tests. */
export const sentences = [...aboutGuests, ...aboutCluster, ...easilyMistaken, ...saidLoosely] as const;
