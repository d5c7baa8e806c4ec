import type { Query } from '@pxa/contract';
import { type Expected, onExampleWorld } from '../check.ts';
import { has, is } from '../kit/index.ts';

const cases: Record<string, [Query, Expected]> = {
  'all resources': [
    { dataset: 'ha' },
    {
      rows: ['ha/vm:100', 'ha/vm:103', 'ha/ct:201'],
      cells: {
        'ha/vm:100': { state: 'started', node: 'pve-node01', group: 'all-nodes', max_restart: 1, max_relocate: 1 },
      },
      calls: ['/cluster/ha/status/current', '/cluster/status', '/cluster/ha/resources'],
      findings: [],
    },
  ],
  'of one guest': [{ dataset: 'ha', where: is('guest', 'lxc/201') }, { rows: ['ha/ct:201'] }],
  'none in error': [{ dataset: 'ha', where: is('state', 'error'), measure: { of: 'any' } }, { value: 0 }],
  'guests under HA': [
    { dataset: 'guests', where: has('ha'), columns: ['vmid'] },
    { rows: ['qemu/100', 'qemu/103', 'lxc/201'] },
  ],
};

onExampleWorld('ha', cases);
