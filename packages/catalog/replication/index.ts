import {
  changeReplication,
  deleteReplication,
  disableReplication,
  enableReplication,
  runReplication,
} from './change-job.ts';
import { replicate } from './replicate.ts';
import { capability } from '../kit/index.ts';
import { examples } from './examples.ts';
import { replication } from './replication.ts';

export const replicationCapability = capability({
  id: 'replication',
  title: 'Storage replication',
  datasets: [replication],
  examples,
  actions: [replicate, changeReplication, enableReplication, disableReplication, runReplication, deleteReplication],
});
