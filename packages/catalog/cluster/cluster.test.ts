import type { Query } from '@pxa/contract';
import { type Expected, onExampleWorld } from '../check.ts';
import { is } from '../kit/index.ts';

const cases: Record<string, [Query, Expected]> = {
  'it has quorum': [
    { dataset: 'cluster', where: is('quorate', true), measure: { of: 'any' } },
    { value: 1, rows: ['cluster/lab'], calls: ['/cluster/status'], findings: [] },
  ],
  'it has not lost quorum': [{ dataset: 'cluster', where: is('quorate', false), measure: { of: 'any' } }, { value: 0 }],
  'its nodes': [
    { dataset: 'cluster' },
    { cells: { 'cluster/lab': { name: 'lab', nodes: 3, nodes_online: 3, offline: [] } } },
  ],
  'its members': [
    { dataset: 'cluster-members' },
    {
      rows: ['node/pve-node01', 'node/pve-node02', 'node/pve-node03'],
      cells: { 'node/pve-node02': { online: true, nodeid: 2, ip: '10.0.0.12' } },
    },
  ],
};

onExampleWorld('cluster', cases);
