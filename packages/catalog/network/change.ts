import type { ParamsOf } from '@pxa/pve/facts';
import { asFlag, asText } from '@pxa/pve/values';
import {
  about,
  action,
  already,
  call,
  piece,
  type Piece,
  type Planned,
  type Planning,
  type Refusal,
  refused,
} from '../kit/index.ts';
import { applyInput, applyRefusals, withApply } from './applied.ts';
import { bondRefusals } from './bond.ts';
import { mtuRefusals, standsOn } from './mtu.ts';
import { portRefusals } from './ports.ts';
import { addressed, addressInput, addressRefusals } from './address-said.ts';
import {
  carries,
  clusterAddress,
  guestsOn,
  interfaceFact,
  interfaceOf,
  type NetworkNow,
  networkNow,
  standingOn,
} from './network-now.ts';

const onNodes = { dataset: 'nodes' } as const;
type Row = Readonly<Record<string, unknown>>;
type Sent = Omit<ParamsOf<'PUT', '/nodes/{node}/network/{iface}'>, 'node' | 'iface'>;

const texts = [
  'cidr',
  'gateway',
  'cidr6',
  'gateway6',
  'bridge_ports',
  'bridge_vids',
  'slaves',
  'bond_mode',
  'bond_xmit_hash_policy',
  'bond-primary',
  'vlan-raw-device',
  'vlan-id',
  'mtu',
  'comments',
  'comments6',
] as const;

/** An interface's settings as they are sent again: what a change leaves out, Proxmox takes away (API2/Network.pm). */
function settingsOf(row: Row): Sent {
  const kept = texts.flatMap((key): [string, string][] => {
    const value = asText(row[key]);
    return value === null || value === '' ? [] : [[key, value.trimEnd()]];
  });
  const flags = (['autostart', 'bridge_vlan_aware'] as const).flatMap((key): [string, boolean][] =>
    asFlag(row[key]) === true ? [[key, true]] : [],
  );
  // The keys are those of the call, and what Proxmox told of them it takes again.
  return { type: row['type'], ...Object.fromEntries([...kept, ...flags]) } as Sent;
}

/** What an interface of its kind does not have: Proxmox would take it, and write it nowhere. */
function foreignRefusals(
  { node }: NetworkNow,
  row: Row,
  { ports, aware }: { readonly ports?: readonly string[]; readonly aware?: string },
): Refusal[] {
  const type = String(row['type']);
  const refusal = (input: string, what: string): Refusal => ({
    input,
    reason: 'not_acceptable',
    why: `${String(row['iface'])} of ${node} is a ${type}, which ${what}.`,
    next: 'Leave it out.',
  });
  return [
    ...(ports === undefined || type === 'bridge' || type === 'bond' ? [] : [refusal('ports', 'has no ports')]),
    ...(aware === undefined || type === 'bridge' ? [] : [refusal('aware', 'is never aware of VLANs: a bridge may be')]),
  ];
}

/** Applied at once, an address or a port that goes takes the node with it where the cluster reaches it by that. */
async function cutOff(
  planning: Planning,
  network: NetworkNow,
  row: Row,
  { address: to, ports }: { readonly address?: string; readonly ports?: readonly string[] },
): Promise<Refusal[]> {
  const address = await clusterAddress(planning, network.node);
  if (address === undefined || !carries(row, address)) return [];
  const next = 'Give the node another address for the cluster first, at its own console.';
  const refusal = (input: string, why: string): Refusal => ({
    input,
    reason: 'not_acceptable',
    why: `${why}, by which the cluster reaches it: it would be cut off.`,
    next,
  });
  const isOther = to !== undefined && to.includes(':') === address.includes(':') && to.split('/')[0] !== address;
  const hadPorts = (asText(row['bridge_ports']) ?? '').trim() !== '';
  return [
    ...(isOther ? [refusal('address', `${network.node} would have ${address} no more`)] : []),
    ...(ports?.length === 0 && hadPorts ? [refusal('ports', `${network.node} would have no port for ${address}`)] : []),
  ];
}

/** What the change of an interface means, if it is the one that the node is reached by. */
async function reach(planning: Planning, network: NetworkNow, row: Row): Promise<string[]> {
  const address = await clusterAddress(planning, network.node);
  return carries(row, address)
    ? [
        `By ${String(row['iface'])} (${address ?? ''}) the cluster reaches ${network.node}: a mistake here cuts the node off once it is applied, and only its console helps then.`,
      ]
    : [];
}

/** The interfaces of a bond; its first choice has to be one of them. */
function bonded(row: Row, ports: readonly string[]): Sent | object {
  const primary = asText(row['bond-primary']);
  const isGone = primary !== null && !ports.includes(primary);
  return { slaves: ports.join(' '), ...(isGone ? { 'bond-primary': ports[0] } : {}) };
}

export const changeInterface = action({
  id: 'network.change',
  verb: 'change an interface of',
  risk: 'change',
  on: onNodes,
  say: [
    '(set|change) (address|ip|cidr) of [bridge|interface] {iface} (on|of|at) [node] {on} to {address} {*}',
    '(set|change) (gateway|gw) of [bridge|interface] {iface} (on|of|at) [node] {on} to {gateway} {*}',
    '(set|change) mtu of [bridge|interface] {iface} (on|of|at) [node] {on} to {mtu} {*}',
    '(set|change) (port|ports|bridge ports|slaves|bond slaves|members) of [bridge|bond|interface] {iface} (on|of|at) [node] {on} to {ports} {*}',
    '(set|change) (comment|note) of [bridge|interface] {iface} (on|of|at) [node] {on} to {comment}',
    '(change|configure) (bridge|interface) {iface} (on|of|at) [node] {on} {+}',
    'make [bridge] {iface} (on|of|at) [node] {on} {aware}',
  ],
  input: {
    iface: { kind: 'bridge', say: [] },
    ports: { kind: 'words', say: ['[with|and] (port|ports) {}'] },
    aware: {
      kind: 'choice',
      say: ['{}'],
      values: { yes: 'vlan-aware|vlan aware|aware of vlans', no: 'not vlan-aware|vlan-unaware' },
    },
    ...addressInput,
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const network = await networkNow(planning, target);
    const { iface = '', ports, aware } = input;
    const row = interfaceOf(network, iface);
    const isBond = row['type'] === 'bond';
    const wrong = [
      ...addressRefusals(network, input, iface),
      ...foreignRefusals(network, row, input),
      ...mtuRefusals(network, { iface, under: ports ?? standsOn(row) }, input.mtu),
      ...(ports === undefined ? [] : about('ports', (isBond ? bondRefusals : portRefusals)(network, ports, iface))),
      ...applyRefusals(network, input.apply),
      ...(input.apply === true ? await cutOff(planning, network, row, input) : []),
    ];
    if (wrong.length > 0) return refused(...wrong);
    const before = settingsOf(row);
    const more = {
      ...addressed(input),
      ...(ports === undefined ? {} : isBond ? bonded(row, ports) : { bridge_ports: ports.join(' ') }),
      ...(aware === undefined ? {} : { bridge_vlan_aware: aware === 'yes' }),
    };
    const changed = Object.entries(more).filter(
      ([key, value]) => String(value) !== String((before as Row)[key] ?? (typeof value === 'boolean' ? false : '')),
    );
    if (changed.length === 0) return already(`${iface} of ${network.node} is so already.`);
    const says = `Change ${iface} of ${network.node}: ${changed.map(([key, value]) => `${key} ${String(value)}`).join(', ')}`;
    const changing: Piece = {
      says,
      steps: [
        {
          ...call('PUT', '/nodes/{node}/network/{iface}', { node: network.node, iface, ...before, ...more }, says),
          node: network.node,
          limitSeconds: 60,
          relies: changed.map(([key]) => interfaceFact(network.node, iface, key, asText(row[key]))),
          expects: changed.map(([key, value]) =>
            interfaceFact(network.node, iface, key, typeof value === 'boolean' ? value : String(value)),
          ),
        },
      ],
      warnings: await reach(planning, network, row),
      changes: changed.map(([key, value]) => ({
        about: `${iface} of ${network.node}`,
        key,
        before: asText(row[key]),
        after: String(value),
      })),
    };
    return piece(withApply(network, input.apply, changing));
  },
  examples: [
    {
      say: 'set the mtu of vmbr0 on pve-node01 to 1400',
      sends: ['PUT /nodes/pve-node01/network/vmbr0 type=bridge mtu=1400'],
    },
    { say: 'set the mtu of vmbr0 on pve-node01 to 9000', sends: 'clarification' },
    { say: 'set the ports of bond0 on pve-node01 to enp1s0f0', sends: 'clarification' },
    { say: 'set the ports of vmbr0 on pve-node01 to eno77', sends: 'clarification' },
    { say: 'set the address of vmbr0 on pve-node01 to 10.0.0.5', sends: 'clarification' },
    { say: 'set the mtu of vmbr77 on pve-node01 to 9000', sends: 'clarification' },
  ],
});

async function inTheWay(planning: Planning, network: NetworkNow, row: Row): Promise<Refusal[]> {
  const iface = String(row['iface']);
  const { node } = network;
  const address = await clusterAddress(planning, node);
  const above = standingOn(network, iface);
  const guests = await guestsOn(planning, node, iface);
  return [
    ...(carries(row, address)
      ? [
          {
            why: `By ${iface} (${address ?? ''}) the cluster reaches ${node}.`,
            next: 'Give the node another address first, at its own console.',
          },
        ]
      : []),
    ...(above.length > 0
      ? [
          {
            why: `${above.join(', ')} of ${node} stand${above.length === 1 ? 's' : ''} on ${iface}.`,
            next: 'Delete or change these first.',
          },
        ]
      : []),
    ...(guests.length > 0
      ? [
          {
            why: `Guests of ${node} are connected to ${iface}: ${guests.join(', ')}.`,
            next: 'Connect them elsewhere first: “change the bridge of …”.',
          },
        ]
      : []),
  ];
}

export const deleteInterface = action({
  id: 'network.delete',
  verb: 'delete an interface of',
  risk: 'destructive',
  on: onNodes,
  say: [
    '(delete|remove|drop) (bridge|vlan|vlan interface|interface|bond|network interface) {iface} (on|of|from|at) [node] {on}',
  ],
  input: { iface: { kind: 'bridge', say: [] }, ...applyInput },
  async plan(planning, { target, input }): Promise<Planned> {
    const network = await networkNow(planning, target);
    const { iface = '' } = input;
    const row = interfaceOf(network, iface);
    const blocked = [...(await inTheWay(planning, network, row)), ...applyRefusals(network, input.apply)];
    if (blocked.length > 0) return refused(...blocked);
    const { node } = network;
    const says = `Delete ${iface} of ${node}`;
    const deletion: Piece = {
      says,
      steps: [
        {
          ...call('DELETE', '/nodes/{node}/network/{iface}', { node, iface }, says),
          node,
          limitSeconds: 60,
          relies: [interfaceFact(node, iface, 'type', asText(row['type']))],
          expects: [interfaceFact(node, iface, 'type', asText(row['type']), 'not')],
        },
      ],
      loses: [`the settings of ${iface} of ${node}${row['cidr'] === undefined ? '' : ` (${String(row['cidr'])})`}`],
      changes: [{ about: `network of ${node}`, key: iface, before: asText(row['type']), after: null }],
      risk: 'destructive',
      confirm: iface,
    };
    return piece(withApply(network, input.apply, deletion));
  },
  examples: [
    { say: 'delete bridge vmbr0 on pve-node01', sends: 'clarification' },
    { say: 'delete bridge vmbr66 on pve-node01', sends: 'clarification' },
    { say: 'remove the bond bond0 on pve-node02', sends: 'clarification' },
  ],
});
