import type { Filter, Query } from '@pxa/contract';
import { exampleWorld, type Expected, onExampleWorld } from '../check.ts';
import { all, is, isNot, oneOf } from '../kit/index.ts';

const interfaces = (where?: Filter, more: Partial<Query> = {}): Query => ({ dataset: 'network', where, ...more });

const cases: Record<string, [Query, Expected]> = {
  'of a node': [
    interfaces(is('node', 'pve-node03')),
    {
      rows: ['eno1', 'eno2', 'vmbr0', 'vmbr1', 'bond0'].map((iface) => `network/pve-node03/${iface}`),
      cells: {
        'network/pve-node03/bond0': { type: 'bond', ports: ['eno1', 'eno2'] },
        'network/pve-node03/vmbr0': { cidr: '10.0.0.13/24', gateway: '10.0.0.1', active: true },
        'network/pve-node03/vmbr1': { ports: [], comments: 'storage network\n' },
      },
      calls: ['/cluster/resources', '/nodes/pve-node03/network'],
    },
  ],
  'bridges of a node': [
    interfaces(all(is('node', 'pve-node01'), oneOf('type', 'bridge', 'OVSBridge'))),
    { rows: ['network/pve-node01/vmbr0', 'network/pve-node01/vmbr1'] },
  ],
  'by an address, without the length of its prefix': [
    interfaces(is('address', '10.0.0.13')),
    { rows: ['network/pve-node03/vmbr0'] },
  ],
  'nothing is down': [interfaces(is('active', false)), { rows: [] }],
  'with a gateway': [
    interfaces(isNot('gateway', '')),
    { rows: ['pve-node01', 'pve-node02', 'pve-node03'].map((node) => `network/${node}/vmbr0`) },
  ],
};

onExampleWorld('network', cases);

const diff = [
  '--- /etc/network/interfaces\t2025-11-20',
  '+++ /etc/network/interfaces.new\t2025-11-20',
  '@@ -12,6 +12,7 @@',
  ' auto vmbr1',
  ' iface vmbr1 inet manual',
  ' \tbridge-ports eno2',
  '+\tbridge-vlan-aware yes',
].join('\n');

const changed = structuredClone(exampleWorld() ?? { nodes: {} });
// The world's nodes are records by name.
Object.assign((changed['nodes'] as Record<string, object>)['pve-node01'] ?? {}, { network_changes: diff });

onExampleWorld(
  'network changes that wait',
  {
    'only the interface that changes': [
      interfaces(is('pending', true)),
      { rows: ['network/pve-node01/vmbr1'], findings: ['info network.pending network/pve-node01/vmbr1'] },
    ],
  },
  { world: changed },
);

onExampleWorld('interfaces that nothing stands on', {
  'eno2 of the third node is in its bond': [
    interfaces(all(is('iface', 'eno2'), is('node', 'pve-node03')), { focus: ['part_of'] }),
    { cells: { 'network/pve-node03/eno2': { part_of: ['bond0'] } } },
  ],
});
