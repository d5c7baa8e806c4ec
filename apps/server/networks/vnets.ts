import { nameText } from '../connections/connection.ts';
import type { Cells } from '../http/cells.ts';
import type { Service } from '../service.ts';
import type { Network } from './schemas.ts';

export const VNET_COLUMNS = 'vnet alias zone zone_type tag subnets gateways dhcp dns';

/** A virtual network of the cluster's software-defined networking, which knows more of itself than an interface does. */
export function vnetOf(service: Service, connection: string, cells: Cells): Network {
  const vnet = cells.text('vnet') ?? '';
  const [subnets, gateways, dns] = [cells.list('subnets'), cells.list('gateways'), cells.list('dns')];
  // In a VXLAN or EVPN zone, the tag is another kind of number.
  const isVlan = /^(?:vlan|qinq)$/.test(cells.text('zone_type') ?? '');
  return {
    id: nameText(service, connection, vnet),
    name: cells.text('alias') ?? vnet,
    type: 'vnet',
    description: cells.text('alias'),
    vlan_id: isVlan ? cells.whole('tag') : null,
    subnet: subnets.length === 1 ? (subnets[0] ?? null) : null,
    gateway: gateways.length === 1 ? (gateways[0] ?? null) : null,
    dns_servers: dns,
    dhcp_enabled: cells.flag('dhcp'),
    firewall_rules: null,
    created_at: null,
    interface: vnet,
    zone: cells.text('zone'),
    nodes: [],
  };
}
