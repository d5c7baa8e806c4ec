import { asList } from '../access-change.ts';
import type { Behaviours, Call } from '../behaviour.ts';
import { died, refused, startTask } from '../guests/work.ts';
import { checkAgainstOthers, checkTogether } from '../network/check-interfaces.ts';
import { interfacesFile } from '../network/interfaces-file.ts';
import { unifiedDiff } from '../network/unified-diff.ts';
import type { NodeState, Row } from '../state/model.ts';
import { nodeOf, textParam } from './common.ts';
import { sentSettings, type Kind } from './config-change.ts';

const PLAIN: Record<string, Kind> = Object.fromEntries(
  [
    ...['type', 'comments', 'comments6', 'gateway', 'gateway6', 'address', 'address6', 'netmask', 'netmask6'],
    ...['cidr', 'cidr6', 'mtu', 'bond_mode', 'bond_xmit_hash_policy', 'bond-primary', 'bridge_vids', 'ovs_options'],
    ...['ovs_bridge', 'vlan-id', 'vlan-raw-device', 'ovs_tag'],
  ].map((key): [string, Kind] => [key, 'text']),
);
const LISTS: Record<string, Kind> = { bridge_ports: 'text', slaves: 'text', ovs_ports: 'text', ovs_bonds: 'text' };
const FLAGS: Record<string, Kind> = { autostart: 'flag', bridge_vlan_aware: 'flag' };

/** Milliseconds that ifreload takes. */
const RELOAD_MS = 4000;

/** A node's interfaces: PVE::API2::Network. Changes wait in a file of their own until they are applied. */
export const networkWrites: Behaviours = {
  'POST /nodes/{node}/network': (call) => {
    const node = nodeOf(call);
    const rows = waiting(node);
    const iface = textParam(call, 'iface') ?? '';
    if (rows.some((row) => row['iface'] === iface)) throw refused({ iface: 'interface already exists' });
    const sent = settings(call);
    checkAgainstOthers(rows, iface, sent);
    const priority = Math.max(0, ...rows.map((row) => Number(row['priority'] ?? 0))) + 1;
    const row = {
      iface,
      ...kindDefaults({ ...sent, iface }),
      ...addressed(sent),
      ...methods(sent, ['inet']),
      priority,
    };
    return write(call, node, [...rows, row]);
  },

  'PUT /nodes/{node}/network/{iface}': (call) => {
    const node = nodeOf(call);
    const rows = waiting(node);
    const before = known(rows, call);
    const left = { ...before };
    for (const key of asList(call.params['delete'])) for (const part of partsOf(key)) delete left[part];
    const sent = settings(call);
    checkAgainstOthers(rows, String(before['iface']), sent);
    const after = { ...left, ...addressed(sent), ...methods(sent, ['inet']) };
    return write(
      call,
      node,
      rows.map((row) => (row === before ? after : row)),
    );
  },

  'DELETE /nodes/{node}/network/{iface}': (call) => {
    const node = nodeOf(call);
    const rows = waiting(node);
    const gone = known(rows, call);
    const left = rows.filter((row) => row !== gone);
    // a NIC that is there stays to be seen
    return write(call, node, gone['exists'] === 1 ? [...left, bareNic(gone)] : left);
  },

  'PUT /nodes/{node}/network': (call) => {
    const node = nodeOf(call);
    return startTask(
      call,
      'srvreload',
      async (task) => {
        const { networkWaiting } = node;
        await task.wait(RELOAD_MS);
        if (networkWaiting) node.network = networkWaiting.map((row) => ({ ...row, active: 1 }));
        if (node.networkWaiting === networkWaiting) forget(node);
      },
      'networking',
    );
  },

  'DELETE /nodes/{node}/network': (call) => {
    forget(nodeOf(call));
    return null;
  },
};

function forget(node: NodeState): void {
  node.networkWaiting = undefined;
  node.networkChanges = undefined;
}

/** The configuration that is being edited. */
function waiting(node: NodeState): Row[] {
  return node.networkWaiting ?? node.network;
}

function known(rows: readonly Row[], call: Call): Row {
  const iface = textParam(call, 'iface');
  const row = rows.find((one) => one['iface'] === iface);
  if (!row) throw refused({ iface: 'interface does not exist' });
  return row;
}

function settings(call: Call): Row {
  const lists = sentSettings(call, LISTS);
  const spaced = Object.fromEntries(Object.entries(lists).map(([key, value]) => [key, asList(value).join(' ')]));
  const sent: Row = { ...sentSettings(call, PLAIN), ...spaced, ...sentSettings(call, FLAGS) };
  for (const six of ['', '6']) {
    if (sent[`cidr${six}`] === undefined) continue;
    for (const key of [`address${six}`, `netmask${six}`]) {
      if (sent[key] !== undefined) throw refused({ [key]: `${key} conflicts with cidr${six}` });
    }
  }
  if (String(sent['type']).startsWith('OVS')) {
    throw died("Open VSwitch is not installed (need package 'openvswitch-switch')");
  }
  return sent;
}

/** Addresses are kept as such, with their prefix, and as both in one. */
function addressed(sent: Row): Row {
  const row = { ...sent };
  for (const six of ['', '6']) {
    const [address, netmask] = String(row[`cidr${six}`] ?? '').split('/');
    if (address !== undefined && netmask !== undefined) {
      row[`address${six}`] = address;
      row[`netmask${six}`] = netmask;
    }
    if (row[`address${six}`] === undefined) continue;
    row[`netmask${six}`] = prefixOf(String(row[`netmask${six}`]));
    row[`cidr${six}`] = `${String(row[`address${six}`])}/${String(row[`netmask${six}`])}`;
  }
  return row;
}

/** `255.255.255.0` → `24`. */
function prefixOf(netmask: string): string {
  if (!netmask.includes('.')) return netmask;
  const bits = netmask.split('.').map((part) => Number(part).toString(2).replaceAll('0', '').length);
  return String(bits.reduce((sum, count) => sum + count, 0));
}

/** Without an address in the call there is none of that family any more, whatever there was. */
function methods(sent: Row, otherwise: string[]): Row {
  const has = (six: string): boolean => sent[`address${six}`] !== undefined || sent[`cidr${six}`] !== undefined;
  const families = [...(has('') ? ['inet'] : []), ...(has('6') ? ['inet6'] : [])];
  return {
    method: has('') ? 'static' : 'manual',
    method6: has('6') ? 'static' : 'manual',
    families: families.length > 0 ? families : otherwise,
  };
}

function kindDefaults(sent: Row): Row {
  if (sent['type'] === 'bridge') {
    const vids = Number(sent['bridge_vlan_aware'] ?? 0) === 1 ? { bridge_vids: '2-4094' } : {};
    return { bridge_ports: '', bridge_stp: 'off', bridge_fd: '0', ...vids };
  }
  if (sent['type'] === 'bond') return { bond_mode: 'balance-rr', bond_miimon: '100' };
  if (sent['type'] !== 'vlan') return {};
  const [, parent, id] = /^(\S+)\.(\d+)$/.exec(String(sent['iface'] ?? '')) ?? [];
  return parent === undefined ? {} : { 'vlan-raw-device': parent, 'vlan-id': id };
}

/** `cidr` stands for its two parts as well. */
function partsOf(key: string): string[] {
  const six = /^cidr(6?)$/.exec(key)?.[1];
  return six === undefined ? [key] : [key, `address${six}`, `netmask${six}`];
}

function bareNic({ iface, priority }: Row): Row {
  const plain = { type: 'eth', method: 'manual', method6: 'manual', families: ['inet'], exists: 1, active: 1 };
  return { ...plain, iface, priority };
}

/** The new file, and what is shown of it beside the list. */
function write(call: Call, node: NodeState, rows: Row[]): null {
  checkTogether(rows);
  const diff = unifiedDiff(interfacesFile(node.network), interfacesFile(rows));
  const at = new Date(call.clock.now() + node.tzOffset * 1000)
    .toISOString()
    .replace('T', ' ')
    .replace('Z', '000000 +0000');
  const file = '/etc/network/interfaces';
  node.networkWaiting = rows;
  node.networkChanges = diff === '' ? undefined : `--- ${file}\t${at}\n+++ ${file}.new\t${at}\n${diff}`;
  return null;
}
