import type { Filter, Query } from '@pxa/contract';
import { type Expected, onExampleWorld } from '../check.ts';
import { compare, has, is, not } from '../kit/index.ts';

const snapshots = (where?: Filter, more: Partial<Query> = {}): Query => ({ dataset: 'snapshots', where, ...more });
const month = { ago: 30 * 86_400 };

const cases: Record<string, [Query, Expected]> = {
  'of one guest, by one call': [
    snapshots(is('guest', 'qemu/104')),
    {
      rows: ['snapshot/qemu/104/vor_migration'],
      calls: ['/cluster/resources', '/nodes/pve-node03/qemu/104/snapshot'],
      findings: ['info snapshot.old snapshot/qemu/104/vor_migration'],
      cells: { 'snapshot/qemu/104/vor_migration': { taken: 1757586600, vmstate: true } },
    },
  ],
  'older than 30 days': [
    snapshots(compare('taken', '<', month)),
    { rows: ['snapshot/qemu/101/pre-upgrade', 'snapshot/qemu/104/vor_migration', 'snapshot/qemu/107/archive'] },
  ],
  'guests with an old one': [
    { dataset: 'guests', where: has('snapshots', compare('taken', '<', month)), columns: ['vmid'] },
    { rows: ['qemu/101', 'qemu/104', 'qemu/107'] },
  ],
  'guests without one': [
    { dataset: 'guests', where: not(has('snapshots')), columns: ['vmid'], measure: { of: 'count' } },
    { value: 11 },
  ],
  'the one that a guest goes on from': [
    snapshots({ op: 'and', of: [is('guest', 'qemu/100'), is('newest', true)] }),
    { rows: ['snapshot/qemu/100/weekly'] },
  ],
};

onExampleWorld('snapshots', cases);
