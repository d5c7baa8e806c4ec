import { about, action, type Planned, type Refusal, refused } from '../kit/index.ts';
import { addressed, addressInput, addressRefusals, type Sent } from './address-said.ts';
import { creation, nextName } from './create.ts';
import { type NetworkNow, networkNow, rowOf } from './network-now.ts';
import { portRefusals } from './ports.ts';

const modes = {
  '802.3ad': 'lacp|802.3ad|lag|link aggregation',
  'active-backup': 'active-backup|failover|active-passive|active backup',
  'balance-rr': 'balance-rr|round-robin|round robin',
  'balance-xor': 'balance-xor',
  'balance-tlb': 'balance-tlb',
  'balance-alb': 'balance-alb',
  broadcast: 'broadcast',
} as const;

/** A bond holds physical interfaces, each once (pve-common INotify.pm, __read_etc_network_interfaces). */
export function bondRefusals(network: NetworkNow, ports: readonly string[], own?: string): Refusal[] {
  const wrong = portRefusals(network, ports, own);
  if (ports.length < 2)
    wrong.push({
      why: `A bond of ${ports.length === 0 ? 'no interface' : 'one interface'} bundles nothing.`,
      next: 'Name two or more.',
    });
  for (const port of ports) {
    const type = rowOf(network, port)?.['type'];
    if (type === undefined || type === 'eth') continue;
    wrong.push({
      why: `${port} of ${network.node} is a ${String(type)}: a bond holds physical interfaces.`,
      next: 'Name others.',
    });
  }
  return wrong;
}

export const createBond = action({
  id: 'network.create_bond',
  verb: 'create a bond on',
  risk: 'change',
  on: { dataset: 'nodes' },
  say: [
    '(create|add|make|set up) [new] [linux] [network] (bond|lag|link aggregation) {iface} (of|from|with|over) [ports|interfaces|slaves] {ports} (on|at) [node] {on} {*}',
    '(create|add|make|set up) [new] [linux] [network] (bond|lag|link aggregation) (of|from|with|over) [ports|interfaces|slaves] {ports} (on|at) [node] {on} {*}',
    '(create|add|make|set up) [new] [linux] [network] (bond|lag|link aggregation) {iface} (on|at) [node] {on} (of|from|with|over) [ports|interfaces|slaves] {ports} {*}',
    '(create|add|make|set up) [new] [linux] [network] (bond|lag|link aggregation) (on|at) [node] {on} (of|from|with|over) [ports|interfaces|slaves] {ports} {*}',
    'bond {ports} (on|at) [node] {on} {*}',
  ],
  input: {
    iface: { kind: 'bridge', say: ['(called|named|as) {}'] },
    ports: { kind: 'words', say: [], ask: 'Which interfaces is it to bundle?' },
    mode: { kind: 'choice', say: ['[in|with|using] [mode] {} [mode]', 'mode {}'], values: modes },
    ...addressInput,
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const network = await networkNow(planning, target);
    const { ports = [], mode = 'active-backup' } = input;
    const iface = input.iface ?? nextName(network, 'bond');
    const wrong = [...addressRefusals(network, input, iface), ...about('ports', bondRefusals(network, ports))];
    if (!/^bond\d{1,4}$/.test(iface))
      wrong.push({
        input: 'iface',
        reason: 'not_acceptable',
        why: `“${iface}” is no name for a bond.`,
        next: 'They are called bond0 to bond9999.',
      });
    if (wrong.length > 0) return refused(...wrong);
    const sent: Sent = {
      iface,
      type: 'bond',
      autostart: true,
      slaves: ports.join(' '),
      bond_mode: mode as keyof typeof modes, // The choice has Proxmox's own values.
      ...(mode === '802.3ad' ? { bond_xmit_hash_policy: 'layer2+3' } : {}),
      ...(mode === 'active-backup' && ports[0] !== undefined ? { 'bond-primary': ports[0] } : {}),
      ...addressed(input),
    };
    const lacp = ['The switch has to bundle the same ports by LACP, or nothing gets through.'];
    const told = [
      ...(input.mode === undefined
        ? ['Mode active-backup, which needs nothing of the switch: say “in mode lacp” for another']
        : []),
      ...(input.iface === undefined ? [`Name ${iface}: the next that is free`] : []),
    ];
    const warnings = mode === '802.3ad' ? lacp : [];
    return creation(network, sent, { warnings, assumptions: told, apply: input.apply });
  },
  examples: [
    { say: 'create bond bond1 of enp1s0f0 and enp1s0f1 on pve-node01', sends: 'clarification' },
    { say: 'create a bond of eno7 and eno8 on pve-node02 in mode lacp', sends: 'clarification' },
    { say: 'create a bond of vmbr0 and bond0 on pve-node02', sends: 'clarification' },
  ],
});
