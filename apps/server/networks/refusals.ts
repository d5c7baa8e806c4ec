import { notAcceptable, type Problem } from '../http/problem.ts';
import type { ChangedNetwork, NewNetwork } from './bodies.ts';
import { subnetOfCidr } from './subnets.ts';

const NO_DHCP =
  'Proxmox runs no DHCP server on a bridge, bond or VLAN of a node: leave it out, and run one in a guest of the network.';
const NO_DNS = 'Proxmox keeps DNS servers for each node and each guest, not for a network: leave it out.';

/** What is asked for that no bridge, bond or VLAN of a node can have. @throws Problem 422 that names the field */
export function refuseUnknown(body: ChangedNetwork): void {
  const { dhcp_enabled: dhcp, dhcp_range: range, dns_servers: dns } = body;
  if (dhcp === true) throw notSupported('dhcp_enabled', NO_DHCP, dhcp);
  if (range !== undefined) throw notSupported('dhcp_range', NO_DHCP, range);
  if (dns !== undefined && dns.length > 0) throw notSupported('dns_servers', NO_DNS, dns);
}

/** A network's subnet is what its nodes' addresses say: by itself, it would stand nowhere. @throws Problem 422 */
export function refuseAddresses({ subnet, gateway, addresses = {} }: NewNetwork): void {
  const given = Object.entries(addresses);
  if (subnet !== undefined && given.length === 0) {
    const message =
      'Proxmox keeps no subnet of a network but the addresses of its nodes: give these as addresses, or leave subnet out.';
    throw notAcceptable(message, { field: 'subnet', reason: 'needs_addresses', provided_value: subnet });
  }
  if (gateway !== undefined && given.length === 0) {
    const message = 'A node has a gateway with an address alone: give addresses, or leave gateway out.';
    throw notAcceptable(message, { field: 'gateway', reason: 'needs_addresses', provided_value: gateway });
  }
  for (const [node, address] of given) {
    if (subnet === undefined || subnetOfCidr(address) === subnetOfCidr(subnet)) continue;
    const message = `${address} is no address with its prefix in ${subnet}.`;
    throw notAcceptable(message, { field: `addresses.${node}`, reason: 'not_in_subnet', provided_value: address });
  }
}

/** @throws Problem 422 for an address of a node that the request is not about */
export function refuseElsewhere({ addresses = {} }: ChangedNetwork, nodes: readonly string[]): void {
  for (const [node, address] of Object.entries(addresses)) {
    if (nodes.includes(node)) continue;
    const message = `There is an address for ${node}, which is not among the nodes: ${nodes.join(', ')}.`;
    throw notAcceptable(message, { field: `addresses.${node}`, reason: 'not_among_nodes', provided_value: address });
  }
}

/** Fields that a type cannot do without, or knows nothing of. @throws Problem 422 */
export function refuseOfType(body: NewNetwork): void {
  const { type } = body;
  for (const field of NEEDED[type]) {
    if (body[field] !== undefined) continue;
    throw notAcceptable(`A ${type} needs ${field}.`, { field, reason: 'required' });
  }
  for (const field of FOREIGN[type]) {
    const value = body[field];
    if (value === undefined) continue;
    throw notAcceptable(`A ${type} has no ${field}.`, { field, reason: 'not_of_this_type', provided_value: value });
  }
}

type Field = keyof NewNetwork;
const NEEDED: Readonly<Record<NewNetwork['type'], readonly Field[]>> = {
  bridge: [],
  vlan: ['vlan_id'],
  bond: ['ports'],
};
const FOREIGN: Readonly<Record<NewNetwork['type'], readonly Field[]>> = {
  bridge: ['vlan_id', 'device', 'bond_mode'],
  vlan: ['ports', 'vlan_aware', 'bond_mode'],
  bond: ['vlan_id', 'device', 'vlan_aware'],
};

function notSupported(field: string, message: string, value: unknown): Problem {
  return notAcceptable(message, { field, reason: 'not_supported', provided_value: value });
}
