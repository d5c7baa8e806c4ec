import { capability } from '../kit/index.ts';
import { create, remove, rollback } from './actions.ts';
import { examples } from './examples.ts';
import { snapshots } from './snapshots.ts';

export const snapshotsCapability = capability({
  id: 'snapshots',
  title: 'Snapshots',
  datasets: [snapshots],
  examples,
  actions: [create, rollback, remove],
});
