import { PveError, type Call } from '../behaviour.ts';
import { statusTime } from '../load.ts';
import type { Guest, NodeState, NodeStorage, Row } from '../state/model.ts';

/** A parameter as text; undefined where it was not sent. */
export function textParam(call: Call, key: string): string | undefined {
  const value = call.params[key];
  return value === undefined || value === null ? undefined : String(value);
}

/** A parameter as number; validation has seen to it that it is one. */
export function numberParam(call: Call, key: string): number | undefined {
  const value = textParam(call, key);
  return value === undefined || value === '' ? undefined : Number(value);
}

/** Whether a boolean parameter was sent and is true. */
export function flagParam(call: Call, key: string): boolean {
  const value = call.params[key];
  return value === true || value === 1 || (typeof value === 'string' && /^(?:1|on|yes|true)$/i.test(value));
}

/** The time of the figures that pvestatd last wrote, in seconds. */
export function figuresTime(call: Call): number {
  return statusTime(call.state, call.clock.now());
}

/** The sandbox's time in whole seconds since 1970. */
export function nowSeconds(call: Call): number {
  return Math.floor(call.clock.now() / 1000);
}

/** The node that carries the request out. Unknown ones are refused before a behaviour is called. */
export function nodeOf(call: Call): NodeState {
  const node = call.state.nodes.get(call.node);
  if (!node) throw new PveError(500, `hostname lookup '${call.node}' failed - failed to get address info\n`);
  return node;
}

/** The guest that the path names, if it is of that type and on that node; else the error of the missing file. */
export function guestOf(call: Call, type: Guest['type']): Guest {
  const vmid = numberParam(call, 'vmid') ?? 0;
  const guest = call.state.guests.get(vmid);
  if (guest && guest.type === type && guest.node === call.node) return guest;
  const folder = type === 'qemu' ? 'qemu-server' : 'lxc';
  throw new PveError(500, `Configuration file 'nodes/${call.node}/${folder}/${vmid}.conf' does not exist\n`);
}

/** A storage of the node that the request runs on; PVE::Storage::storage_config's words for an unknown one. */
export function storageOf(call: Call): { id: string; definition: Row; seen: NodeStorage | undefined } {
  const id = textParam(call, 'storage') ?? '';
  const definition = call.state.storages.get(id);
  if (!definition) throw new PveError(500, `storage '${id}' does not exist\n`);
  return { id, definition, seen: nodeOf(call).storages.get(id) };
}

/** A part that the server which a world was read from did not offer. */
export function offered<T>(node: NodeState, part: string, value: T): T {
  if (node.notOffered.has(part)) throw new PveError(501, `Method 'GET /nodes/${node.name}/${part}' not implemented\n`);
  return value;
}

/** Whether a node answers its peers. */
export function isOnline(node: NodeState): boolean {
  return node.offlineSince === undefined;
}

/** Figures of a lost node are kept for 300 s (pmxcfs status.c). */
export function figuresExpired(node: NodeState | undefined, nowMs: number): boolean {
  return node?.offlineSince !== undefined && nowMs - node.offlineSince > 300_000;
}

/** 1 where more than half of the nodes are there and no fault says otherwise. */
export function isQuorate({ state }: Pick<Call, 'state'>): 0 | 1 {
  const nodes = [...state.nodes.values()];
  if (state.quorumLost) return 0;
  return nodes.filter(isOnline).length * 2 > nodes.length ? 1 : 0;
}

/** The id under which HA knows a guest. */
export function sidOf(guest: Guest): string {
  return `${guest.type === 'qemu' ? 'vm' : 'ct'}:${guest.vmid}`;
}
