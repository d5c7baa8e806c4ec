import { asList, asText } from '@pxa/pve/values';
import {
  type Cell,
  count,
  dataset,
  type Draft,
  draft,
  flag,
  given,
  pointer,
  type Reading,
  type Rec,
  type RowsReader,
  text,
  unknownCell,
} from '../kit/index.ts';

/** The virtual networks of the cluster with their zones, and one call each for their subnets (PVE::API2::Network::SDN). */
const rows: RowsReader = async (reading) => {
  const got = await reading.list('/cluster/sdn/vnets', {});
  if (!got.ok) {
    reading.lacks('virtual networks', got.why, got.nextStep);
    return [];
  }
  if (got.data.length === 0) return [];
  const zones = await reading.list('/cluster/sdn/zones', {});
  const byName = new Map((zones.ok ? zones.data : []).map((zone) => [String(zone.data['zone']), zone]));
  return reading.each(got.data, (rec) => rowOf(reading, rec, byName.get(String(rec.data['zone']))));
};

async function rowOf(reading: Reading, rec: Rec, zone: Rec | undefined): Promise<Draft> {
  const vnet = String(rec.data['vnet']);
  const subnets = await reading.list('/cluster/sdn/vnets/{vnet}/subnets', { vnet });
  const row = draft(`vnet/${vnet}`, rec, ofZone(zone));
  if (subnets.ok) return { ...row, given: { ...row.given, ...ofSubnets(subnets.data, subnets.at, zone) } };
  const unread = unknownCell(subnets.why);
  return { ...row, given: { ...row.given, subnets: unread, gateways: unread, dns: unread, dhcp: unread } };
}

function ofZone(zone: Rec | undefined): Readonly<Record<string, Cell>> {
  if (zone === undefined) return {};
  const { data, at } = zone;
  return {
    zone_type: { value: asText(data['type']), at: pointer(at, 'type') },
    nodes: { value: asList(data['nodes']), at: pointer(at, 'nodes') },
  };
}

/** A zone hands addresses out where it has a DHCP server, of the ranges that its subnets have. */
function ofSubnets(all: readonly Rec[], list: string, zone: Rec | undefined): Readonly<Record<string, Cell>> {
  const texts = (key: string): Cell => ({
    value: [...new Set(all.flatMap(({ data }) => asText(data[key]) ?? []))],
    at: all.length === 0 ? list : all.map(({ at }) => pointer(at, key)).join(', '),
  });
  const hasRange = all.some(({ data }) => Array.isArray(data['dhcp-range']) && data['dhcp-range'].length > 0);
  const server = zone === undefined ? null : asText(zone.data['dhcp']);
  return {
    subnets: texts('cidr'),
    gateways: texts('gateway'),
    dns: texts('dhcp-dns-server'),
    dhcp:
      zone === undefined
        ? unknownCell('its zone could not be read')
        : { value: server !== null && hasRange, at: `${pointer(zone.at, 'dhcp')}, ${list}` },
  };
}

/** Virtual networks of the cluster's software-defined networking. */
export const vnets = dataset({
  id: 'vnets',
  title: 'Virtual networks',
  counted: 'count',
  nouns: [{ words: 'vnet|sdn vnet|sdn network|software defined network', title: 'Virtual networks' }],
  rows,
  columns: {
    vnet: text('VNET', 'vnet', { words: 'name|vnet name' }),
    alias: text('ALIAS', 'alias', { words: 'alias|description', absent: '' }),
    zone: text('ZONE', 'zone', { words: 'zone|sdn zone' }),
    zone_type: given('ZONE TYPE', 'zone_type', 'text', 'text', { words: 'zone type' }),
    tag: count('TAG', 'tag', { words: 'tag|vlan tag|vxlan id' }),
    vlan_aware: flag('VLAN AWARE', 'vlanaware', { absent: false, yes: 'vlan aware', no: 'not vlan aware' }),
    subnets: given('SUBNETS', 'subnets', 'list', 'text', { words: 'subnet|address range' }),
    gateways: given('GATEWAYS', 'gateways', 'list', 'text', { words: 'gateway' }),
    dhcp: given('DHCP', 'dhcp', 'flag', 'yes_no', { words: 'dhcp', yes: 'with dhcp', no: 'without dhcp' }),
    dns: given('DNS', 'dns', 'list', 'text', { words: 'dns server' }),
    nodes: given('NODES', 'nodes', 'list', 'text', { words: 'node', names: 'node' }),
  },
  identity: ['vnet'],
  shown: ['vnet', 'alias', 'zone', 'zone_type', 'tag', 'subnets', 'gateways', 'dhcp'],
  named: 'vnet',
  scopes: { node: 'nodes' },
  order: [{ column: 'vnet', dir: 'asc' }],
});
