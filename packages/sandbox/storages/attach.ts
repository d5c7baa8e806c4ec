import { died } from '../guests/work.ts';
import type { NodeStorage, NodeState, Row, State, StoragePool } from '../state/model.ts';
import { placeOf, spaceOn } from './space.ts';

/** What nodes saw of storages that they see no longer, by node and place: it is all still there when they come back. */
const parked = new WeakMap<State, Map<string, NodeStorage>>();

function parkedOf(state: State): Map<string, NodeStorage> {
  const known = parked.get(state) ?? new Map<string, NodeStorage>();
  parked.set(state, known);
  return known;
}

/** Shows a storage to the nodes that it is for, and to no others; where it cannot be used it is not active. */
export function attach(state: State, id: string, definition: Row): void {
  const wanted = nodesOf(definition);
  let shared = [...state.nodes.values()].map((node) => node.storages.get(id)?.pool).find((pool) => pool !== undefined);
  for (const node of state.nodes.values()) {
    if (wanted && !wanted.includes(node.name)) {
      detach(state, node, id, definition);
      continue;
    }
    const seen = node.storages.get(id) ?? parkedOf(state).get(`${node.name} ${id} ${placeOf(definition)}`);
    const common = definition['shared'] === 1 ? shared : undefined;
    const pool = seen?.pool ?? common ?? spaceOn(state, node, definition);
    shared ??= pool;
    node.storages.set(id, view(definition, seen, pool));
  }
}

function view(definition: Row, seen: NodeStorage | undefined, pool: StoragePool | undefined): NodeStorage {
  const enabled = definition['disable'] === 1 ? 0 : 1;
  const nothing: StoragePool = { total: 0, base: 0, growthPerDay: 0, volumes: [] };
  return { ...seen, active: enabled && pool ? (seen?.enabled ? seen.active : 1) : 0, enabled, pool: pool ?? nothing };
}

/** Takes a storage away from a node's sight. */
export function detach(state: State, node: NodeState, id: string, definition: Row): void {
  const seen = node.storages.get(id);
  if (!seen) return;
  parkedOf(state).set(`${node.name} ${id} ${placeOf(definition)}`, seen);
  node.storages.delete(id);
}

function nodesOf(definition: Row): string[] | undefined {
  const nodes = definition['nodes'];
  if (nodes === undefined || nodes === '') return undefined;
  return String(nodes).split(',');
}

/** Activates a storage on the node that the call runs on, to find out what is wrong sooner (activate_storage). */
export function checkActivation(state: State, nodeName: string, id: string, definition: Row): void {
  const node = state.nodes.get(nodeName);
  const wanted = nodesOf(definition);
  if (!node || definition['disable'] === 1 || (wanted && !wanted.includes(nodeName))) return;
  const path = String(definition['path'] ?? '');
  const mark = String(definition['is_mountpoint'] ?? 'no');
  if (!/^(?:0|no|off|false)$/i.test(mark) && !node.directory.some((row) => row['path'] === path)) {
    const why = `directory is expected to be a mount point but is not mounted: '${path}'`;
    throw died(`unable to activate storage '${id}' - ${why}`);
  }
  if (!spaceOn(state, node, definition)) throw died(absent(id, definition));
}

function absent(id: string, definition: Row): string {
  switch (definition['type']) {
    case 'zfspool':
      return `could not activate storage '${id}', zfs error: cannot import '${String(definition['pool'])}': no such pool available`;
    case 'lvm':
    case 'lvmthin':
      return `command '/sbin/vgchange -aly ${String(definition['vgname'])}' failed: exit code 5`;
    default:
      return `storage '${id}' is not online`;
  }
}
