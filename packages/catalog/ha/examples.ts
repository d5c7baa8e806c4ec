import type { Example } from '../kit/index.ts';

export const examples: readonly Example[] = [
  { say: 'show the HA services', means: 'ha' },
  { say: 'what is the cluster HA status?', means: 'ha' },
  { say: 'list the HA resources on pve-node01', means: 'ha where node = pve-node01' },
  { say: 'which HA resources are in error state?', means: 'ha where state = error' },
  { say: 'how many HA resources are started?', means: 'ha where state = started give count' },
  { say: 'are any HA services fenced?', means: 'ha where state = fence give any' },
  { say: 'which group is the HA resource vm:100 in?', means: 'ha where guest = qemu/100 show group' },
  { say: 'HA resources per node', means: 'ha per node give count' },
  { say: 'show the HA managers', means: 'ha-managers' },
  { say: 'list the HA rules', means: 'ha-rules' },
  { say: 'which HA groups are there?', means: 'ha-rules' },
  { say: 'which HA rules are disabled?', means: 'ha-rules where enabled = false' },
];
