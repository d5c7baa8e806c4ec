import type { Query } from '@pxa/contract';
import { type Expected, onExampleWorld } from '../check.ts';
import { has, is } from '../kit/index.ts';

const cases: Record<string, [Query, Expected]> = {
  'of all nodes': [
    { dataset: 'updates' },
    {
      rows: [
        'update/pve-node01/pve-manager',
        'update/pve-node01/proxmox-kernel-6.8',
        'update/pve-node01/openssl',
        'update/pve-node02/pve-manager',
      ],
      findings: ['info updates.security node/pve-node01'],
    },
  ],
  'those that may fix security': [
    { dataset: 'updates', where: is('security', true) },
    { rows: ['update/pve-node01/openssl'], cells: { 'update/pve-node01/openssl': { version: '3.0.17-1~deb12u2' } } },
  ],
  'nodes that wait for a kernel': [
    { dataset: 'nodes', where: has('updates', is('kernel', true)) },
    { rows: ['node/pve-node01'] },
  ],
};

onExampleWorld('updates', cases);
