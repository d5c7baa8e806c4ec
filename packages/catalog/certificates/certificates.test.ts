import type { Query } from '@pxa/contract';
import { type Expected, onExampleWorld } from '../check.ts';
import { all, compare } from '../kit/index.ts';

const node02 = 'certificate/pve-node02/pve-ssl.pem';

const cases: Record<string, [Query, Expected]> = {
  'that end within 30 days': [
    {
      dataset: 'certificates',
      where: all(compare('notafter', '>=', { ago: 0 }), compare('notafter', '<=', { ago: -30 * 86_400 })),
    },
    { rows: [node02], cells: { [node02]: { days_left: 19 } }, findings: [`warning certificate.expiring ${node02}`] },
  ],
  'one call a node': [
    { dataset: 'certificates', measure: { of: 'count' } },
    {
      value: 6,
      calls: ['/cluster/resources', ...[1, 2, 3].map((n) => `/nodes/pve-node0${n}/certificates/info`)],
    },
  ],
};

onExampleWorld('certificates', cases);
