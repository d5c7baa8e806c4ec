import type { Query } from '@pxa/contract';
import { type Expected, onExampleWorld } from '../check.ts';
import { is } from '../kit/index.ts';

const day = { from: { ago: 86_400 } };
const week = { from: { ago: 7 * 86_400 } };

const cases: Record<string, [Query, Expected]> = {
  'the most memory over a day': [
    { dataset: 'guest-history', where: is('guest', 'qemu/108'), window: day, measure: { of: 'max', column: 'mem' } },
    { value: 15103300000, calls: ['/cluster/resources', '/nodes/pve-node03/qemu/108/rrddata?cf=MAX&timeframe=day'] },
  ],
  'without a window, the last day': [
    { dataset: 'guest-history', where: is('guest', 'qemu/101'), focus: ['cpu'], measure: { of: 'count' } },
    { value: 48 },
  ],
  'a node’s mean over a week': [
    { dataset: 'node-history', where: is('node', 'pve-node01'), window: week, measure: { of: 'avg', column: 'cpu' } },
    { value: 0.18, calls: ['/cluster/resources', '/nodes/pve-node01/rrddata?cf=AVERAGE&timeframe=week'] },
  ],
  'a shared storage once': [
    { dataset: 'storage-history', where: is('storage', 'nas'), window: week, measure: { of: 'max', column: 'used' } },
    { value: 6923620000000 },
  ],
};

onExampleWorld('history', cases);
