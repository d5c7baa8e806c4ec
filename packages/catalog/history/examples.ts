import type { Example } from '../kit/index.ts';

export const examples: readonly Example[] = [
  {
    say: 'maximum memory used by ml-gpu over the last 24 hours',
    means: 'guest-history where guest = qemu/108 from now-86400s give max(mem) show mem, maxmem, mem_share',
  },
  {
    say: 'average cpu of pve-node01 this week',
    means: 'node-history where node = pve-node01 from now-604800s give avg(cpu) show cpu',
  },
  { say: 'cpu history of web-01', means: 'guest-history where guest = qemu/101 show cpu' },
  { say: 'memory history of pve-node02', means: 'node-history where node = pve-node02 show mem, maxmem, mem_share' },
  {
    say: 'peak cpu of db-primary in the last 7 days',
    means: 'guest-history where guest = qemu/103 from now-604800s give max(cpu) show cpu',
  },
  { say: 'storage history of nas', means: 'storage-history where storage = nas' },
];
