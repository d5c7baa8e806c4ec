import type { Command, CommandPart } from '@pxa/contract';
import { given } from '../changes/given.ts';
import type { Fields } from '../changes/refusal.ts';
import { notAcceptable } from '../http/problem.ts';
import type { ChangedNetwork, NewNetwork } from './bodies.ts';
import type { Network } from './schemas.ts';

/** An order, and which field of the request each part's inputs came from. */
export interface Order {
  readonly command: Command;
  readonly fields: readonly Fields[];
}

const CREATE = { bridge: 'network.create_bridge', vlan: 'network.create_vlan', bond: 'network.create_bond' } as const;

/** The same on each node, one node after the other: a mistake stops at the first. */
function onNodes(
  nodes: readonly string[],
  of: { readonly action: string; readonly says: string; readonly input: (node: string) => Record<string, unknown> },
  fields: Fields,
): Order {
  const parts = nodes.map((node): CommandPart => {
    return {
      action: of.action,
      targets: [`node/${node}`],
      input: given(of.input(node)),
      says: `${of.says} on ${node}`,
    };
  });
  const [first, ...later] = parts;
  if (first === undefined) throw new Error('an order is about one node at the least');
  const command: Command = { ...first, says: of.says, ...(later.length === 0 ? {} : { later }) };
  return { command, fields: nodes.map((node) => ({ ...fields, address: `addresses.${node}` })) };
}

/** An interface as it will be called, and what it stands on. */
export interface Place {
  readonly iface: string;
  readonly device: string | undefined;
}

/** Makes an interface on the nodes. */
export function creation(body: NewNetwork, { iface, device }: Place, nodes: readonly string[]): Order {
  const { type, addresses = {}, gateway, mtu, apply } = body;
  const common = (node: string): Record<string, unknown> => ({
    address: addresses[node],
    gateway: addresses[node] === undefined ? undefined : gateway,
    mtu,
    comment: commentOf(iface, body.name, body.description),
    apply,
  });
  const own = {
    bridge: { iface, ports: body.ports, aware: body.vlan_aware },
    vlan: { tag: body.vlan_id, device },
    bond: { iface, ports: body.ports, mode: body.bond_mode },
  }[type];
  const input = (node: string): Record<string, unknown> => ({ ...own, ...common(node) });
  const fields = { iface: 'name', tag: 'vlan_id', aware: 'vlan_aware', mode: 'bond_mode', comment: 'description' };
  return onNodes(nodes, { action: CREATE[type], says: `create ${type} ${iface}`, input }, fields);
}

/** Changes an interface on the nodes that have it. */
export function changing(body: ChangedNetwork, network: Network, nodes: readonly string[]): Order {
  const { addresses = {}, gateway, mtu, ports, apply } = body;
  const aware = body.vlan_aware === undefined ? undefined : body.vlan_aware ? 'yes' : 'no';
  const iface = network.interface;
  const input = (node: string): Record<string, unknown> => ({
    iface,
    address: addresses[node],
    gateway,
    mtu,
    ports,
    aware,
    comment: changedComment(body, network),
    apply,
  });
  const fields = { aware: 'vlan_aware', comment: 'description', iface: 'id' };
  return onNodes(nodes, { action: 'network.change', says: `change ${iface}`, input }, fields);
}

/** Deletes an interface on the nodes that have it. */
export function deletion(network: Network, nodes: readonly string[], apply: boolean): Order {
  const iface = network.interface;
  const input = (): Record<string, unknown> => ({ iface, apply });
  return onNodes(nodes, { action: 'network.delete', says: `delete ${iface}`, input }, {});
}

/** An interface bears no name but its own, so that another stands on the first line of its comment. */
function commentOf(iface: string, name: string, description: string | undefined): string | undefined {
  const lines = [...(name === iface ? [] : [name]), ...(description === undefined ? [] : [description])];
  return lines.length === 0 ? undefined : lines.join('\n');
}

function changedComment({ name, description }: ChangedNetwork, network: Network): string | undefined {
  if (name === undefined && description === undefined) return undefined;
  const was = network.description ?? undefined;
  return commentOf(network.interface, name ?? network.name, description ?? was) ?? '';
}

/** The interface that a new network will be, by what the nodes have already. @throws Problem 422 */
export function placeFor(body: NewNetwork, networks: readonly Network[], nodes: readonly string[]): Place {
  const { type, name } = body;
  if (type !== 'vlan') {
    const kind = type === 'bridge' ? 'vmbr' : 'bond';
    const isOwn = new RegExp(`^${kind}\\d{1,4}$`).test(name);
    return { iface: isOwn ? name : nextName(kind, networks), device: undefined };
  }
  const device = body.device ?? onlyDevice(networks, nodes);
  return { iface: `${device}.${body.vlan_id ?? ''}`, device };
}

/** The first name of a kind that no node has. */
function nextName(kind: 'vmbr' | 'bond', networks: readonly Network[]): string {
  const taken = new Set(networks.map((each) => each.interface));
  for (let n = 0; ; n++) if (!taken.has(`${kind}${n}`)) return `${kind}${n}`;
}

/** The one bridge of the nodes that knows VLANs. @throws Problem 422 where there is none, or several */
function onlyDevice(networks: readonly Network[], nodes: readonly string[]): string {
  const knows = (network: Network, node: string): boolean =>
    network.nodes.some((each) => each.node === node && each.vlan_aware === true);
  const fit = networks.filter((each) => each.type === 'bridge' && nodes.every((node) => knows(each, node)));
  const [only] = fit;
  if (only !== undefined && fit.length === 1) return only.interface;
  const names = fit.map((each) => each.interface).join(', ') || 'none knows VLANs on all of these nodes';
  throw notAcceptable(`Say by device what the VLAN stands on: ${names}.`, { field: 'device', reason: 'required' });
}
