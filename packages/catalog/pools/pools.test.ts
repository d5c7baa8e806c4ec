import type { Filter, Query } from '@pxa/contract';
import { type Expected, onExampleWorld } from '../check.ts';
import { is } from '../kit/index.ts';

const GiB = 1024 ** 3;
const pools = (where?: Filter, more: Partial<Query> = {}): Query => ({ dataset: 'pools', where, ...more });

const cases: Record<string, [Query, Expected]> = {
  'all pools, by two calls': [
    pools(),
    {
      rows: ['pool/lab', 'pool/prod'],
      cells: {
        'pool/prod': { guests: 5, running: 5, vcpus: 18, maxmem: 49 * GiB, comment: 'production' },
        'pool/lab': { guests: 3, comment: 'experiments' },
      },
      calls: ['/cluster/resources', '/pools'],
    },
  ],
  'the pool of a guest': [pools(is('guest_ids', 'qemu/108')), { rows: ['pool/lab'] }],
  'none is empty': [pools(is('members', 0)), { rows: [] }],
  members: [
    { dataset: 'pool-members', where: is('pool', 'prod') },
    {
      rows: ['qemu/100', 'qemu/101', 'qemu/102', 'qemu/103', 'lxc/201', 'storage/pve-node01/shared-vm'],
      cells: { 'storage/pve-node01/shared-vm': { name: 'shared-vm', type: 'storage' } },
      calls: ['/cluster/resources', '/pools?poolid=prod'],
    },
  ],
};

onExampleWorld('pools', cases);
