import type { Example } from '../kit/index.ts';

export const examples: readonly Example[] = [
  { say: 'list the replication jobs', means: 'replication' },
  { say: 'which replication jobs are failing?', means: 'replication where state = failing' },
  { say: 'are any replication jobs failing?', means: 'replication where state = failing give any' },
  { say: 'last sync of the replication of web-01', means: 'replication where guest = qemu/101 show last_sync' },
  { say: 'how many replication jobs are there?', means: 'replication give count' },
  { say: 'replication jobs from pve-node03', means: 'replication where source = pve-node03' },
  { say: 'guests without replication', means: 'guests where not (has replication) and not (template = true)' },
  { say: 'which replication jobs fail?', means: 'replication where state = failing' },
];
