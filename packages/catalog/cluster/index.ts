import { capability } from '../kit/index.ts';
import { cluster } from './cluster.ts';
import { examples } from './examples.ts';
import { members } from './members.ts';

export const clusterCapability = capability({
  id: 'cluster',
  title: 'Cluster and quorum',
  datasets: [cluster, members],
  examples,
});
