import { PveError, type Behaviours, type Call } from '../behaviour.ts';
import { poolUsed } from '../load.ts';
import { rowsHash } from '../state/config-hash.ts';
import type { NodeStorage, Row } from '../state/model.ts';
import { flagParam, nodeOf, textParam } from './common.ts';

/** Storages: how they are defined, and what a node sees of them. */
export const storage: Behaviours = {
  'GET /storage': (call) => {
    const type = textParam(call, 'type');
    return [...call.state.storages]
      .filter(([id]) => mayUse(call, id))
      .map(([id, definition]) => defined(call, id, definition))
      .filter((row) => type === undefined || row['type'] === type);
  },
  'GET /storage/{storage}': (call) => {
    const id = textParam(call, 'storage') ?? '';
    const definition = call.state.storages.get(id);
    if (!definition) throw new PveError(500, `storage '${id}' does not exist\n`);
    return defined(call, id, definition);
  },
  'GET /nodes/{node}/storage': list,
  'GET /nodes/{node}/storage/{storage}/status': (call) => {
    const id = textParam(call, 'storage') ?? '';
    const definition = call.state.storages.get(id);
    const seen = nodeOf(call).storages.get(id);
    if (!definition || !seen) {
      throw new PveError(400, 'Parameter verification failed.\n', { storage: `No such storage.` });
    }
    const { storage: _id, used_fraction: _fraction, ...row } = seenRow(call, id, definition, seen);
    return row;
  },
};

function mayUse(call: Call, id: string): boolean {
  return call.access.canAny(`/storage/${id}`, ['Datastore.Audit', 'Datastore.AllocateSpace']);
}

/** A definition without what is never shown. */
function defined(call: Call, id: string, definition: Row): Row {
  const { password: _password, 'encryption-key': key, ...rest } = definition;
  const digest = definition['digest'] ?? rowsHash([...call.state.storages.values()]);
  return { ...rest, storage: id, ...(key === undefined ? {} : { 'encryption-key': '1' }), digest };
}

function list(call: Call): Row[] {
  const content = textParam(call, 'content')?.split(/[,; ]+/);
  const wanted = textParam(call, 'storage');
  const target = textParam(call, 'target');
  const rows: Row[] = [];
  for (const [id, seen] of nodeOf(call).storages) {
    const definition = call.state.storages.get(id);
    if (!definition || !mayUse(call, id)) continue;
    if (wanted !== undefined && wanted !== id) continue;
    if (flagParam(call, 'enabled') && !seen.enabled) continue;
    const offers = String(definition['content'] ?? '').split(',');
    if (content && !content.some((type) => offers.includes(type))) continue;
    if (target !== undefined && !call.state.nodes.get(target)?.storages.has(id)) continue;
    rows.push(seenRow(call, id, definition, seen));
  }
  return rows;
}

/** PVE::Storage::storage_info: an unreachable or disabled storage has no space to tell of. */
function seenRow(call: Call, id: string, definition: Row, seen: NodeStorage): Row {
  const active = seen.enabled === 1 && seen.active === 1;
  const total = active ? seen.pool.total : 0;
  const used = active ? poolUsed(call.state, seen.pool, call.clock.now() / 1000) : 0;
  return {
    ...seen.extra,
    storage: id,
    type: definition['type'],
    content: definition['content'] ?? '',
    active: active ? 1 : 0,
    enabled: seen.enabled,
    shared: definition['shared'] === 1 ? 1 : 0,
    total,
    used,
    avail: Math.max(0, total - used),
    ...(total > 0 ? { used_fraction: used / total } : {}),
    ...(flagParam(call, 'format') ? { formats: formats(String(definition['type'])) } : {}),
  };
}

const FILES = ['dir', 'nfs', 'cifs', 'btrfs', 'cephfs', 'glusterfs'];

function formats(type: string): Row {
  if (FILES.includes(type)) return { default: 'raw', supported: ['qcow2', 'raw', 'subvol', 'vmdk'] };
  return { default: 'raw', supported: type === 'zfspool' ? ['raw', 'subvol'] : ['raw'] };
}
