import { capability } from '../kit/index.ts';
import { examples } from './examples.ts';
import { guestHistory } from './guest-history.ts';
import { nodeHistory } from './node-history.ts';
import { storageHistory } from './storage-history.ts';

export const historyCapability = capability({
  id: 'history',
  title: 'Load over time',
  datasets: [guestHistory, nodeHistory, storageHistory],
  examples,
});
