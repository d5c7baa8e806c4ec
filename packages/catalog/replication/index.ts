import { capability } from '../kit/index.ts';
import { examples } from './examples.ts';
import { replication } from './replication.ts';

export const replicationCapability = capability({
  id: 'replication',
  title: 'Storage replication',
  datasets: [replication],
  examples,
});
