import type { Filter, Query } from '@pxa/contract';
import { type Expected, onDemoCluster, onExampleWorld } from '../check.ts';
import { is, isNot, known } from '../kit/index.ts';

const bad = 'zfs/pve-node02/rpool';
const pools = (where?: Filter, more: Partial<Query> = {}): Query => ({ dataset: 'zfs', where, ...more });

const cases: Record<string, [Query, Expected]> = {
  'all pools, with their scrubs': [
    pools(),
    {
      rows: ['zfs/pve-node01/rpool', bad, 'zfs/pve-node03/rpool', 'zfs/pve-node03/tank'],
      // 01:05:13 in Zurich, in winter.
      cells: { 'zfs/pve-node01/rpool': { last_scrub: 1762646713, scrub: 'clean', frag: 0.21, state: 'ONLINE' } },
    },
  ],
  'those that are not online': [
    pools(isNot('state', 'ONLINE')),
    {
      rows: [bad],
      findings: [`critical zfs.degraded ${bad}`, `warning zfs.fragmented ${bad}`],
    },
  ],
  'with errors': [
    pools(known('bad_vdevs'), { focus: ['bad_vdevs', 'cksum_errors'] }),
    { rows: [bad], cells: { [bad]: { bad_vdevs: ['ata-Samsung_PM893_B2'], cksum_errors: 14 } } },
  ],
  'of one node, two calls a pool and the zone': [
    pools(is('node', 'pve-node01')),
    {
      rows: ['zfs/pve-node01/rpool'],
      calls: [
        '/cluster/resources',
        '/nodes/pve-node01/disks/zfs',
        '/nodes/pve-node01/disks/zfs/rpool',
        '/nodes/pve-node01/time',
      ],
    },
  ],
};

onExampleWorld('zfs', cases);

onDemoCluster('zfs', {
  'a pool by the storage on it': [
    pools(is('storages', 'local-zfs'), { focus: ['storages'] }),
    {
      rows: ['zfs/pve-node01/rpool', 'zfs/pve-node02/rpool', 'zfs/pve-node03/rpool'],
      cells: { 'zfs/pve-node01/rpool': { storages: ['local-zfs'] } },
    },
  ],
  'a pool by the directory storage where it is mounted': [
    pools(is('storages', 'backup-pool')),
    { rows: ['zfs/pve-node01/backup-pool'] },
  ],
});
