import { asFlag } from '@pxa/pve/values';
import { type ColumnDef, computed, count, extracted, flag, given, list, text } from '../kit/index.ts';

/** What `GET /nodes/{node}/network` lists; absent fields are what is not set. */
export const columns: Record<string, ColumnDef> = {
  node: given('NODE', 'node', 'text', 'text', { words: 'node|host', names: 'node' }),
  iface: text('INTERFACE', 'iface', { words: 'interface|name|interface name', names: 'bridge' }),
  type: text('TYPE', 'type', {
    words: 'type|kind',
    values: {
      bridge: 'linux bridge',
      bond: 'linux bond',
      eth: 'ethernet|eth|physical',
      vlan: 'linux vlan',
      OVSBridge: 'ovs bridge|open vswitch bridge',
      OVSBond: 'ovs bond',
    },
  }),
  active: flag('ACTIVE', 'active', {
    absent: false,
    words: 'active|link state|state|status',
    yes: 'up|active|online|running',
    no: 'down|inactive|offline|not active|not up|not running|dead',
  }),
  autostart: flag('AUTOSTART', 'autostart', {
    absent: false,
    words: 'autostart',
    yes: 'autostart|started at boot|starting at boot|start at boot|start on boot|brought up at boot',
    no: 'not autostart|not started at boot|manual start',
  }),
  method: text('METHOD', 'method', {
    words: 'method|address method',
    absent: 'manual',
    values: { static: 'static|with a static address', dhcp: 'dhcp|with dhcp|using dhcp', manual: 'manual' },
  }),
  cidr: text('ADDRESS', 'cidr', { words: 'cidr|subnet|netmask|network address', absent: '' }),
  // Without the length of the prefix, as people name them.
  address: extracted(
    'IP',
    'list',
    'text',
    'base',
    (data) => {
      const keys = ['cidr', 'cidr6'].filter((key) => typeof data[key] === 'string' && data[key] !== '');
      const addresses = keys.map((key) => String(data[key]).split('/')[0] ?? '');
      return { value: addresses, keys: keys.length > 0 ? keys : ['iface'] };
    },
    { words: 'address|ip|ip address|ipv4|ipv4 address|hold|holds|carry|carries' },
  ),
  cidr6: text('ADDRESS6', 'cidr6', { words: 'ipv6|ipv6 address', absent: '' }),
  gateway: text('GATEWAY', 'gateway', { words: 'gateway|default gateway|default route', absent: '' }),
  ports: extracted(
    'PORTS/SLAVES',
    'list',
    'text',
    'base',
    (data) => {
      const { ports, keys } = portsOf(data);
      return { value: ports, keys: keys.length > 0 ? keys : ['iface'] };
    },
    { words: 'port|bridge port|slave|bond slave|member|uplink|bond member' },
  ),
  part_of: given('PART OF', 'part_of', 'list', 'text', { words: 'part of|used by|member of|upper interface' }),
  bond_mode: text('BOND MODE', 'bond_mode', { words: 'bond mode|bonding mode|lacp mode' }),
  vlan_aware: flag('VLAN AWARE', 'bridge_vlan_aware', {
    absent: false,
    words: 'vlan aware|vlan awareness',
    yes: 'vlan aware',
    no: 'not vlan aware|vlan unaware',
  }),
  vids: list('VLANS', 'bridge_vids', { words: 'allowed vlan|bridge vlan|trunk vlan', absent: [] }),
  vlan: extracted(
    'VLAN',
    'number',
    'count',
    'base',
    (data) => {
      // A VLAN interface may say its tag in its name only: eno1.20, vlan20.
      if (data['vlan-id'] !== undefined) return { value: Number(data['vlan-id']), keys: ['vlan-id'] };
      const tag = data['type'] === 'vlan' ? /(\d+)$/.exec(String(data['iface']))?.[1] : undefined;
      return { value: tag === undefined ? null : Number(tag), keys: ['iface'] };
    },
    { words: 'vlan|vlan id|vlan tag|tag', names: 'vlan' },
  ),
  raw_device: extracted(
    'ON',
    'text',
    'text',
    'base',
    (data) => {
      if (data['vlan-raw-device'] !== undefined)
        return { value: String(data['vlan-raw-device']), keys: ['vlan-raw-device'] };
      const parent = data['type'] === 'vlan' ? /^(.+)\.\d+$/.exec(String(data['iface']))?.[1] : undefined;
      return { value: parent ?? null, keys: ['iface'] };
    },
    { words: 'raw device|parent interface|parent' },
  ),
  mtu: count('MTU', 'mtu', { words: 'mtu|mtu size' }),
  comments: text('COMMENT', 'comments', { words: 'comment|note|description', absent: '' }),
  in_use: extracted('IN USE', 'flag', 'yes_no', 'base', (data) => ({
    value: asFlag(data['active']) === true || asFlag(data['autostart']) === true || Boolean(data['cidr']),
    keys: ['iface'],
  })),
  changes: given('PENDING CHANGES', 'changes', 'text', 'text', { words: 'pending change|change|diff' }),
  pending: computed(
    'PENDING',
    ['changes', 'iface'],
    { unit: 'yes_no', type: 'flag', formula: 'changes name the interface' },
    pendingIn,
  ),
};

/** Whether a diff of /etc/network/interfaces touches the interface's own stanza. */
function pendingIn(changes: string, iface: string): boolean {
  let stanza = '';
  return changes.split('\n').some((line) => {
    if (/^(---|\+\+\+|@@)/.test(line)) return false;
    const opened = /^[ +-]\s*(?:iface|auto|allow-\w+)\s+(\S+)/.exec(line)?.[1];
    if (opened !== undefined) stanza = opened;
    return stanza === iface && /^[+-]\s*\S/.test(line);
  });
}

/** The ports of a bridge or the slaves of a bond, and the keys that tell them. */
export function portsOf(data: Readonly<Record<string, unknown>>): { ports: string[]; keys: string[] } {
  const keys = ['bridge_ports', 'slaves', 'ovs_ports', 'ovs_bonds'].filter((key) => data[key] !== undefined);
  const ports = keys.flatMap((key) => String(data[key]).split(/[\s,;]+/));
  return { ports: ports.filter((port) => port !== '' && port !== 'none'), keys };
}
