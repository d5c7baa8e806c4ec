import type { Example } from '../kit/index.ts';

export const examples: readonly Example[] = [
  { say: 'list the ZFS pools', means: 'zfs' },
  { say: 'check ZFS health on all nodes', means: 'zfs' },
  { say: 'which zfs pools are degraded?', means: 'zfs where state = DEGRADED' },
  { say: 'zfs pools of pve-node03', means: 'zfs where node = pve-node03' },
  { say: 'most fragmented zfs pool', means: 'zfs by frag desc first 1' },
  { say: 'when was the last scrub of the zfs pools?', means: 'zfs show last_scrub' },
  {
    say: 'zfs pools not scrubbed in the last 30 days',
    means: 'zfs where not (last_scrub >= now-2592000s) show last_scrub',
  },
  { say: 'zfs pools with errors', means: 'zfs where bad_vdevs is known or errors != No known data errors' },
  { say: 'zfs pools that were never scrubbed', means: 'zfs where scrub = never' },
  { say: 'is any zfs pool degraded?', means: 'zfs where state = DEGRADED give any' },
  { say: 'how many zfs pools are there?', means: 'zfs give count' },
  { say: 'zfs pools over 80% full', means: 'zfs where share > 0.8' },
  { say: 'zpools with checksum errors', means: 'zfs where cksum_errors > 0' },
  { say: 'which zpool has the most free space?', means: 'zfs by free desc first 1' },
  { say: 'fullest zfs pool', means: 'zfs by share desc first 1' },
  { say: 'are all zfs pools healthy?', means: 'zfs give all of state = ONLINE' },
  { say: 'total size of the zfs pools per node', means: 'zfs per node give sum(size)' },
  {
    say: 'when did the last scrub of backup-pool finish?',
    means: 'zfs where storages = backup-pool show last_scrub, scrub',
  },
  { say: 'faulty zfs pools', means: 'zfs where state != ONLINE' },
];
