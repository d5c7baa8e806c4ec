import type { Example } from '../kit/index.ts';

export const examples: readonly Example[] = [
  { say: 'does the cluster have quorum?', means: 'cluster where quorate = true give any' },
  { say: 'is the cluster quorate?', means: 'cluster give all of quorate = true' },
  { say: 'has the cluster lost quorum?', means: 'cluster where quorate = false give any' },
  { say: 'show the quorum status', means: 'cluster' },
  { say: 'cluster name', means: 'cluster' },
  { say: 'list the cluster members', means: 'cluster-members' },
  { say: 'which cluster members are offline?', means: 'cluster-members where online = false' },
  { say: 'is quorum established?', means: 'cluster where quorate = true give any' },
];
