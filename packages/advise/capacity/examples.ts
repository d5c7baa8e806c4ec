import type { Example } from '@pxa/catalog/kit';

export const examples: readonly Example[] = [
  { say: 'analyze cluster capacity and suggest rebalancing', means: 'capacity' },
  { say: 'suggest how to balance the load between the nodes', means: 'capacity' },
  { say: 'capacity of pve-node02', means: 'capacity where node = pve-node02' },
  { say: 'how should I rebalance the cluster?', means: 'capacity' },
  { say: 'show the capacity of the cluster', means: 'capacity' },
];
