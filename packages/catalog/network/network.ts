import {
  all,
  askedNodes,
  baseText,
  type Cell,
  dataset,
  type Draft,
  drafts,
  is,
  isNot,
  known,
  not,
  oneOf,
  pointer,
  type Rec,
  type RowsReader,
  type SummaryRow,
  withGiven,
  countText,
} from '../kit/index.ts';
import { columns, portsOf } from './columns.ts';

const isBridge = oneOf('type', 'bridge', 'OVSBridge');
const isBond = oneOf('type', 'bond', 'OVSBond');

/** One call a node; what has been changed there and not yet applied stands beside its list. */
const rows: RowsReader = async (reading) => {
  const lists = await reading.each(await askedNodes(reading, 'network interfaces'), async ({ node }) => {
    const got = await reading.list('/nodes/{node}/network', { node });
    if (!got.ok) {
      reading.lacks(`network interfaces of ${node}`, got.why, got.nextStep);
      return [];
    }
    const changes = String(got.beside?.['changes'] ?? '');
    const changesAt = got.beside?.['changes'] === undefined ? got.at : got.at.replace(/data$/, 'changes');
    return drafts(got.data, ({ data }) => `network/${node}/${String(data['iface'])}`)
      .map((row) => withGiven(withGiven(row, 'node', node, got.at), 'changes', changes, changesAt))
      .map((row) => ({ ...row, given: { ...row.given, part_of: partOf(row, got.data, got.at) } }));
  });
  return lists.flat();
};

/** The bridges, bonds and VLANs that stand on an interface. */
function partOf(row: Draft, all: readonly Rec[], list: string): Cell {
  const iface = baseText(row, 'iface');
  const users = all.filter(({ data }) => {
    const ports = portsOf(data).ports;
    return (
      ports.includes(iface) || data['vlan-raw-device'] === iface || ports.some((port) => port.startsWith(`${iface}.`))
    );
  });
  const at = users.length === 0 ? list : users.map((user) => pointer(user.at, 'iface')).join(', ');
  return { value: users.map(({ data }) => String(data['iface'])), at };
}

/** The network interfaces of the nodes. */
export const network = dataset({
  id: 'network',
  title: 'Network interfaces',
  counted: 'count',
  weight: 6,
  nouns: [
    {
      words:
        'network interface|nic of|network card of|node interface|host interface|node nic|host nic|network device|interface|network adapter of a node',
      title: 'Network interfaces',
    },
    { words: 'bridge|network bridge|vmbr|linux bridge|virtual switch|vswitch', where: isBridge, title: 'Bridges' },
    { words: 'bond|bonded interface|link aggregation|lag|lacp bond', where: isBond, title: 'Bonds' },
    { words: 'vlan interface|vlan device', where: oneOf('type', 'vlan', 'OVSIntPort'), title: 'VLAN interfaces' },
    {
      words: 'physical interface|physical port|physical nic|ethernet port|uplink|ethernet interface',
      where: is('type', 'eth'),
      title: 'Physical interfaces',
    },
    {
      words: 'network|networking|nic|port|network configuration|network config|network setup|network card',
      title: 'Network interfaces',
      weak: true,
    },
  ],
  rows,
  columns,
  identity: ['node', 'iface'],
  shown: ['node', 'iface', 'type', 'active', 'autostart', 'cidr', 'gateway', 'ports', 'comments'],
  named: 'iface',
  scopes: { node: 'node', bridge: 'iface', vlan: 'vlan' },
  quantities: [{ words: 'mtu', plain: 'mtu' }],
  phrases: [
    { say: 'vlan aware', where: is('vlan_aware', true), focus: ['vlan_aware', 'vids'] },
    { say: '(with|having) (a)? gateway|with a default route', where: isNot('gateway', ''), focus: ['cidr', 'gateway'] },
    { say: '(with|having) (an)? (ip|address|ip address)', where: isNot('cidr', ''), focus: ['cidr', 'gateway'] },
    {
      say: 'unused|not used|not in use|idle|free|spare',
      where: all(not(known('part_of')), is('cidr', ''), is('type', 'eth')),
      focus: ['type', 'active', 'part_of'],
    },
    {
      say: '(with|having)? (pending|unapplied|waiting) changes|changed but not applied|pending',
      where: is('pending', true),
      focus: ['pending', 'changes'],
    },
    {
      say: '(with|having)? no (port|ports|slaves|members)|without (ports|a port|an uplink|uplink|slaves|members)|isolated',
      where: all(not(known('ports')), not(is('type', 'eth'))),
      focus: ['type', 'ports'],
    },
  ],
  order: [
    { column: 'node', dir: 'asc' },
    { column: 'iface', dir: 'asc' },
  ],
  summary,
  findings: [
    {
      code: 'network.pending',
      severity: 'info',
      needs: ['pending', 'active', 'node', 'iface'],
      check: (value) =>
        value('pending') === true
          ? {
              text: `${String(value('node'))} ${String(value('iface'))} has changes that are not applied yet.`,
              next_step: `Apply or discard them: Network of ${String(value('node'))} in Proxmox, or \`ifreload -a\` on it.`,
            }
          : undefined,
    },
    {
      code: 'network.down',
      severity: 'warning',
      needs: ['active', 'autostart', 'iface', 'node'],
      check: (value) =>
        value('autostart') === true && value('active') === false
          ? {
              text: `${String(value('node'))} ${String(value('iface'))} is down, though it is set to start at boot.`,
              next_step: `Check its cable and ports; \`ifup ${String(value('iface'))}\` on ${String(value('node'))} brings it up.`,
            }
          : undefined,
    },
  ],
});

function summary(rows: readonly SummaryRow[]): string {
  const up = rows.filter((row) => row('active') === true).length;
  return `${countText(rows.length, 'interface')} · ${up} up · ${rows.length - up} down`;
}
