import { capability } from '../kit/index.ts';
import { create } from './create.ts';
import { examples } from './examples.ts';
import { remove } from './remove.ts';
import { rollback } from './roll-back.ts';
import { snapshots } from './snapshots.ts';

export const snapshotsCapability = capability({
  id: 'snapshots',
  title: 'Snapshots',
  datasets: [snapshots],
  examples,
  actions: [create, rollback, remove],
});
