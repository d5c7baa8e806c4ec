import type { Example } from '../kit/index.ts';

export const examples: readonly Example[] = [
  { say: 'list the snapshots of db-replica', means: 'snapshots where guest = qemu/104' },
  { say: 'show snapshots older than 30 days', means: 'snapshots where taken < now-2592000s' },
  { say: 'how many snapshots does dc01-win2022 have?', means: 'snapshots where guest = qemu/100 give count' },
  { say: 'newest snapshot of dc01-win2022', means: 'snapshots where guest = qemu/100 by taken desc first 1' },
  { say: 'oldest snapshot', means: 'snapshots by taken asc first 1' },
  { say: 'snapshots of the guests on pve-node01', means: 'snapshots where node = pve-node01 show guest_name' },
  { say: 'which snapshots include the RAM?', means: 'snapshots where vmstate = true' },
  { say: 'guests without a snapshot', means: 'guests where not (has snapshots) and not (template = true)' },
  { say: 'snapshots taken this week', means: 'snapshots where taken >= now-604800s show taken' },
  { say: 'count the snapshots per guest', means: 'snapshots per guest give count' },
  { say: 'snapshots aged over 90 days', means: 'snapshots where age > 7776000' },
];
