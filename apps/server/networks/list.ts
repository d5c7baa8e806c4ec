import { type Connection, nameText } from '../connections/connection.ts';
import { type Told, unread } from '../connections/told.ts';
import { Cells } from '../http/cells.ts';
import type { Unavailable } from '../http/envelope.ts';
import { lookAt } from '../http/look.ts';
import type { Service } from '../service.ts';
import { subnetOfCidr } from './subnets.ts';
import { VNET_COLUMNS, vnetOf } from './vnets.ts';
import type { Network, NetworkType, OnNode } from './schemas.ts';

const COLUMNS =
  'node iface type active autostart cidr cidr6 gateway mtu ports part_of raw_device bond_mode vlan_aware vlan comments pending';

/** What Proxmox calls each type, and we. Physical ports are no networks. */
const TYPES: Readonly<Record<string, NetworkType>> = {
  bridge: 'bridge',
  vlan: 'vlan',
  bond: 'bond',
  OVSBridge: 'ovs_bridge',
  OVSBond: 'ovs_bond',
  OVSIntPort: 'ovs_port',
};

/** What Proxmox holds for no interface of a node, and why: of a virtual network it knows some. */
const NOT_TOLD: Readonly<Record<'dns_servers' | 'dhcp_enabled' | 'firewall_rules' | 'created_at', string>> = {
  dns_servers: 'Proxmox keeps DNS servers for each node and each guest, not for an interface.',
  dhcp_enabled: 'Proxmox does not know whether a DHCP server answers on an interface.',
  firewall_rules:
    'Proxmox keeps no rules for an interface; those of a virtual network are not among what is read here.',
  created_at: 'Proxmox does not keep when a network was made.',
};

/** What is null of networks that are told, and why. */
export function notToldOf(networks: readonly Network[]): Unavailable[] {
  const fields = Object.keys(NOT_TOLD) as (keyof typeof NOT_TOLD)[]; // the keys of that very object
  const lacking = fields.filter((field) => networks.some((network) => network[field] === null));
  return lacking.map((field) => ({ field, reason: NOT_TOLD[field] }));
}

/** The networks of a cluster, and the nodes whose own were not told: what is there has not been seen. */
export interface ToldNetworks extends Told<Network> {
  readonly silent: readonly string[];
}

/** The networks of a cluster: one call a node, and one for each virtual network. @throws Problem 503 */
export async function networksOf(service: Service, { name, cluster }: Connection): Promise<ToldNetworks> {
  const seen = await lookAt(cluster, [
    { dataset: 'network', columns: COLUMNS.split(' ') },
    { dataset: 'vnets', columns: VNET_COLUMNS.split(' ') },
    { dataset: 'nodes', columns: ['node'] },
  ]);
  const told = new Set((seen.views[0]?.rows ?? []).map((row) => new Cells(row).text('node')));
  const nodes = (seen.views[2]?.rows ?? []).map((row) => new Cells(row).text('node') ?? '');
  const groups = new Map<string, Cells[]>();
  for (const row of seen.views[0]?.rows ?? []) {
    const cells = new Cells(row);
    const iface = cells.text('iface') ?? '';
    const type = cells.text('type') ?? '';
    if (TYPES[type] === undefined) continue;
    groups.set(iface, [...(groups.get(iface) ?? []), cells]);
  }
  const rows = Array.from(groups, ([iface, all]) => networkOf(nameText(service, name, iface), iface, all));
  const virtual = (seen.views[1]?.rows ?? []).map((row) => vnetOf(service, name, new Cells(row)));
  return { rows: [...rows, ...virtual], unavailable: unread(seen), silent: nodes.filter((node) => !told.has(node)) };
}

function networkOf(id: string, iface: string, all: readonly Cells[]): Network {
  const [named, description] = saidIn(all.map((each) => each.text('comments')?.trim() ?? '').find(Boolean) ?? '');
  const [first] = all;
  return {
    id,
    name: named ?? iface,
    type: TYPES[first?.text('type') ?? ''] ?? 'other',
    description,
    vlan_id: same(all.map((each) => each.whole('vlan'))),
    subnet: same(all.flatMap((each) => subnetOfCidr(each.text('cidr')) ?? [])),
    gateway: same(all.flatMap((each) => each.text('gateway') ?? [])),
    dns_servers: null,
    dhcp_enabled: null,
    firewall_rules: null,
    created_at: null,
    interface: iface,
    zone: null,
    nodes: all.map(onNode),
  };
}

/** A comment whose first line is one word begins with the name that somebody gave the network; the rest describes it. */
function saidIn(comment: string): [name: string | undefined, description: string | null] {
  const [first = '', ...more] = comment.split('\n');
  const rest = more.join('\n').trim();
  if (/^[A-Za-z0-9][\w.-]{0,62}$/.test(first)) return [first, rest === '' ? null : rest];
  return [undefined, comment === '' ? null : comment];
}

/** What all nodes have in common; null where they differ. */
function same<T>(values: readonly (T | null)[]): T | null {
  const [first = null] = values;
  return values.every((each) => each === first) ? first : null;
}

function onNode(cells: Cells): OnNode {
  return {
    node: cells.text('node') ?? '',
    active: cells.flag('active'),
    autostart: cells.flag('autostart'),
    address: cells.text('cidr'),
    address6: cells.text('cidr6'),
    gateway: cells.text('gateway'),
    mtu: cells.number('mtu'),
    ports: cells.list('ports'),
    device: cells.text('raw_device'),
    bond_mode: cells.text('bond_mode'),
    vlan_aware: cells.flag('vlan_aware'),
    used_by: cells.list('part_of'),
    pending: cells.flag('pending'),
  };
}
