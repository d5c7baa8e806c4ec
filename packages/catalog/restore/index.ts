import { capability } from '../kit/index.ts';
import { restoreNew } from './as-new.ts';
import { restoreOver } from './over.ts';

export const restoreCapability = capability({
  id: 'restore',
  title: 'Restoring guests',
  datasets: [],
  examples: [],
  actions: [restoreNew, restoreOver],
});
