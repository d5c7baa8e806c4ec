import type { Query } from '@pxa/contract';
import { type Expected, onExampleWorld } from '../check.ts';
import { is } from '../kit/index.ts';

const failing = 'replication/104-0';

const cases: Record<string, [Query, Expected]> = {
  'all jobs, with their nodes’ word': [
    { dataset: 'replication' },
    {
      rows: ['replication/101-0', failing],
      cells: {
        'replication/101-0': { state: 'ok', guest_name: 'web-01', source: 'pve-node01', target: 'pve-node02' },
        [failing]: { state: 'failing', fail_count: 11, error: "command 'zfs send' failed: exit code 1" },
      },
      findings: [`warning replication.failing ${failing}`],
    },
  ],
  'those that fail': [{ dataset: 'replication', where: is('state', 'failing') }, { rows: [failing] }],
  'of one guest': [{ dataset: 'replication', where: is('guest', 'qemu/101') }, { rows: ['replication/101-0'] }],
};

onExampleWorld('replication', cases);
