import { asFlag } from '@pxa/pve/values';
import { about, action, call, piece, type Piece, type Planned, type Refusal, refused } from '../kit/index.ts';
import { mtuRefusals, standsOn } from './mtu.ts';
import { portRefusals } from './ports.ts';
import { addressed, addressInput, addressRefusals, type Sent } from './address-said.ts';
import { applyRefusals, withApply } from './applied.ts';
import { interfaceFact, type NetworkNow, networkNow, rowOf } from './network-now.ts';

/** Names of interfaces, as the kernel takes them (pve-common JSONSchema, pve-iface). */
const NAME = /^[a-z][a-z0-9_]{1,20}([:.]\d+)?$/i;

/** An interface that is made: it waits until the network is applied. */
export function creation(
  network: NetworkNow,
  sent: Sent,
  told: {
    readonly warnings?: readonly string[];
    readonly assumptions?: readonly string[];
    readonly apply?: boolean | undefined;
  },
): Planned {
  const { warnings = [], assumptions = [], apply } = told;
  const { node } = network;
  const { iface } = sent;
  const wrong: Refusal[] = [
    ...applyRefusals(network, apply),
    ...mtuRefusals(network, { iface, under: standsOn(sent) }, sent.mtu),
  ];
  if (!NAME.test(iface))
    wrong.push({
      input: 'iface',
      reason: 'not_acceptable',
      why: `“${iface}” is no name for an interface.`,
      next: 'Choose one as vmbr2 or vmbr0.50.',
    });
  if (rowOf(network, iface) !== undefined)
    wrong.push({
      input: 'iface',
      reason: 'exists',
      why: `${node} has an interface ${iface} already.`,
      next: 'Choose another name, or change that one.',
    });
  if (wrong.length > 0) return refused(...wrong);
  const says = `Create ${sent.type} ${iface} on ${node}`;
  const made: Piece = {
    says,
    steps: [
      {
        ...call('POST', '/nodes/{node}/network', { node, ...sent }, says),
        node,
        limitSeconds: 60,
        relies: [interfaceFact(node, iface, 'iface', null)],
        expects: [
          interfaceFact(node, iface, 'type', sent.type),
          ...(sent.slaves === undefined ? [] : [interfaceFact(node, iface, 'slaves', sent.slaves)]),
        ],
      },
    ],
    assumptions,
    warnings,
    changes: [{ about: `network of ${node}`, key: iface, before: null, after: describe(sent) }],
    undo: { action: 'network.delete', input: { iface, ...(apply === true ? { apply } : {}) } },
  };
  return piece(withApply(network, apply, made));
}

const describe = ({
  type,
  cidr,
  bridge_ports: ports,
  'vlan-raw-device': device,
  'vlan-id': tag,
  slaves,
}: Sent): string =>
  [
    type,
    ports === undefined || ports === '' ? '' : `ports ${ports}`,
    slaves === undefined ? '' : `of ${slaves}`,
    device === undefined ? '' : `VLAN ${tag ?? ''} of ${device}`,
    cidr ?? '',
  ]
    .filter(Boolean)
    .join(', ');

const onNodes = { dataset: 'nodes' } as const;

/** The first name of a kind that is free: `vmbr2`, `bond1`. */
export function nextName(network: NetworkNow, kind: 'vmbr' | 'bond'): string {
  return (
    Array.from({ length: 4_095 }, (_, n) => `${kind}${n}`).find((name) => rowOf(network, name) === undefined) ?? kind
  );
}

export const createBridge = action({
  id: 'network.create_bridge',
  verb: 'create a bridge on',
  risk: 'change',
  on: onNodes,
  say: [
    '(create|add|make|set up) [new] [linux] [network] bridge {iface} (on|at) [node] {on} {*}',
    '(create|add|make|set up) [new] [linux] [network] bridge (on|at) [node] {on} {*}',
    '(create|add|make|set up) [new] [linux] [network] bridge {iface} {+} (on|at) [node] {on} {*}',
  ],
  input: {
    iface: { kind: 'bridge', say: ['(called|named) {}'] },
    ports: { kind: 'words', say: ['[with|and|on] (port|ports|bridge ports) {}', '[with|and] no {}'] },
    aware: { kind: 'flag', say: ['[and] vlan-aware', '[and] aware of vlans', 'with vlan awareness'] },
    ...addressInput,
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const network = await networkNow(planning, target);
    const ports = (input.ports ?? []).filter((port) => !/^(no|none|ports?)$/.test(port));
    const iface = input.iface ?? nextName(network, 'vmbr');
    const wrong = [...addressRefusals(network, input, iface), ...about('ports', portRefusals(network, ports))];
    if (wrong.length > 0) return refused(...wrong);
    const sent: Sent = {
      iface,
      type: 'bridge',
      autostart: true,
      ...(ports.length === 0 ? {} : { bridge_ports: ports.join(' ') }),
      ...(input.aware === true ? { bridge_vlan_aware: true } : {}),
      ...addressed(input),
    };
    const warnings =
      ports.length === 0 ? ['It has no port: guests on it reach each other on this node, and nothing else.'] : [];
    return creation(network, sent, { warnings, apply: input.apply });
  },
  examples: [
    {
      say: 'create bridge vmbr7 on pve-node01',
      sends: ['POST /nodes/pve-node01/network iface=vmbr7 type=bridge autostart=1'],
    },
    {
      say: 'create a bridge vmbr8 on pve-node02 with address 10.99.0.1/24',
      sends: ['POST /nodes/pve-node02/network iface=vmbr8 type=bridge cidr=10.99.0.1/24'],
    },
    { say: 'create bridge vmbr0 on pve-node01', sends: 'clarification' },
    { say: 'create bridge vmbr9 on pve-node01 with ports enp99s0', sends: 'clarification' },
  ],
});

/** A bridge hands VLANs on only where it was told to know them (pve-common Network.pm, check_vlan_aware). */
function unaware(network: NetworkNow, device: string): Refusal[] {
  const row = rowOf(network, device);
  if (row?.['type'] !== 'bridge' || asFlag(row['bridge_vlan_aware']) === true) return [];
  const say = `make ${device} on ${network.node} vlan-aware`;
  return [
    {
      input: 'device',
      why: `Bridge ${device} of ${network.node} is not aware of VLANs.`,
      next: `Make it so first: “${say}”.`,
      say,
    },
  ];
}

export const createVlan = action({
  id: 'network.create_vlan',
  verb: 'create a VLAN on',
  risk: 'change',
  on: onNodes,
  say: [
    '(create|add|make|set up) [new] [linux] vlan [interface] {tag} (on|of|over) [bridge|interface] {device} (on|of|at) [node] {on} {*}',
    '(create|add|make|set up) [new] [linux] vlan interface {tag} (on|at) [node] {on} {*}',
  ],
  input: {
    tag: { kind: 'count', say: [], ask: 'Which VLAN?' },
    device: { kind: 'bridge', say: ['(on|over|of) [bridge|interface] {}'], ask: 'On which interface?' },
    ...addressInput,
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const network = await networkNow(planning, target);
    const { tag = 0, device = '' } = input;
    const iface = `${device}.${tag}`;
    const wrong = addressRefusals(network, input, iface);
    if (tag < 1 || tag > 4_094)
      wrong.push({
        input: 'tag',
        reason: tag < 1 ? 'too_small' : 'too_big',
        why: `${tag} is no VLAN: they go from 1 to 4094.`,
        next: 'Name another number.',
      });
    wrong.push(...unaware(network, device));
    if (rowOf(network, device) === undefined)
      wrong.push({
        input: 'device',
        reason: 'not_found',
        why: `${network.node} has no interface ${device}.`,
        next: `It has ${network.rows.map(({ data }) => String(data['iface'])).join(', ')}.`,
      });
    if (wrong.length > 0) return refused(...wrong);
    return creation(
      network,
      { iface, type: 'vlan', autostart: true, 'vlan-raw-device': device, 'vlan-id': tag, ...addressed(input) },
      { apply: input.apply },
    );
  },
  examples: [
    {
      say: 'create vlan 50 on vmbr0 on pve-node02 with address 10.0.50.2/24',
      sends: ['POST /nodes/pve-node02/network iface=vmbr0.50 type=vlan vlan-raw-device=vmbr0 cidr=10.0.50.2/24'],
    },
    { say: 'create vlan 5000 on vmbr0 on pve-node02', sends: 'clarification' },
    {
      say: 'create vlan 70 on vmbr0 on pve-node02 and apply it',
      sends: [
        'POST /nodes/pve-node02/network iface=vmbr0.70 type=vlan vlan-raw-device=vmbr0 vlan-id=70',
        'PUT /nodes/pve-node02/network',
      ],
    },
    {
      say: 'create vlan 60 on bond0 on pve-node01',
      sends: ['POST /nodes/pve-node01/network iface=bond0.60 type=vlan autostart=1 vlan-raw-device=bond0 vlan-id=60'],
    },
  ],
});
