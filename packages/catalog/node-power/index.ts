import { capability } from '../kit/index.ts';
import { migrateAll, startAll, stopAll } from './bulk.ts';
import { rebootNode, shutdownNode, wakeNode } from './power.ts';

export const nodePowerCapability = capability({
  id: 'node-power',
  title: 'Power of nodes, and all guests of one',
  datasets: [],
  examples: [],
  actions: [rebootNode, shutdownNode, wakeNode, startAll, stopAll, migrateAll],
});
