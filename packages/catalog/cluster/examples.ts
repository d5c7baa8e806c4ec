import type { Example } from '../kit/index.ts';

export const examples: readonly Example[] = [
  { say: 'does the cluster have quorum?', means: 'cluster where quorate = true give any' },
  { say: 'is the cluster quorate?', means: 'cluster where quorate = true give any' },
  { say: 'has the cluster lost quorum?', means: 'cluster where quorate = false give any' },
  { say: 'show the quorum status', means: 'cluster' },
  { say: 'what is the name of the cluster?', means: 'cluster show name' },
  { say: 'list the cluster members', means: 'cluster-members' },
  { say: 'which cluster members are offline?', means: 'cluster-members where online = false' },
  { say: 'ip address of the cluster member pve-node02', means: 'cluster-members where name = pve-node02 show ip' },
];
