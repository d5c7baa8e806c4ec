import type { Filter, Query } from '@pxa/contract';
import { type Expected, onExampleWorld } from '../check.ts';
import { all, compare, is, oneOf } from '../kit/index.ts';

const bad = 'disk/pve-node02//dev/sdb';
const disks = (where?: Filter, more: Partial<Query> = {}): Query => ({ dataset: 'disks', where, ...more });

const cases: Record<string, [Query, Expected]> = {
  'with a SMART failure': [
    disks(is('failing', true)),
    { rows: [bad], findings: [`critical disk.smart_failed ${bad}`, `warning disk.worn ${bad}`] },
  ],
  'wear, most first': [
    disks(compare('worn', '>=', 0.5), { focus: ['worn', 'life_left'] }),
    { rows: [bad], cells: { [bad]: { worn: 0.97, life_left: 0.03 } } },
  ],
  'a spinning disk tells no wear': [
    disks(all(is('node', 'pve-node03'), is('type', 'hdd')), { focus: ['life_left'] }),
    {
      rows: ['disk/pve-node03//dev/sda', 'disk/pve-node03//dev/sdb', 'disk/pve-node03//dev/sdc'],
      cells: { 'disk/pve-node03//dev/sda': { life_left: null } },
      calls: ['/cluster/resources', '/nodes/pve-node03/disks/list'],
    },
  ],
  'SSDs of a node': [
    disks(all(is('node', 'pve-node01'), oneOf('type', 'ssd', 'nvme'))),
    { rows: ['disk/pve-node01//dev/sda', 'disk/pve-node01//dev/sdb'] },
  ],
};

onExampleWorld('disks', cases);
