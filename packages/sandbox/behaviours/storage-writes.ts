import { PveError, type Behaviours, type Call } from '../behaviour.ts';
import { cfsLocked } from '../cfs-locked.ts';
import { died } from '../guests/work.ts';
import { refusalText } from '../refusal-text.ts';
import { rowsHash } from '../state/config-hash.ts';
import type { Row, State } from '../state/model.ts';
import { attach, checkActivation, detach } from '../storages/attach.ts';
import { newDefinition, removedOptions, sentDefinition } from '../storages/config.ts';
import { textParam } from './common.ts';

const CHANGED = 'detected modified configuration - file changed by other user? Try again.';

/** Definitions of storages (pve-storage PVE/API2/Storage/Config.pm). */
export const storageWrites: Behaviours = {
  'POST /storage': (call) => {
    const id = textParam(call, 'storage') ?? '';
    const type = textParam(call, 'type') ?? '';
    const definition = newDefinition(call, id, type);
    locked('create storage failed', () => {
      if (call.state.storages.has(id)) throw died(`storage ID '${id}' already defined`);
      checkActivation(call.state, call.node, id, definition);
      attach(call.state, id, definition);
      write(call.state, id, definition);
    });
    return { storage: id, type };
  },

  'PUT /storage/{storage}': (call) => {
    const id = textParam(call, 'storage') ?? '';
    return locked('update storage failed', () => {
      checkDigest(call, id);
      const now = known(call, id);
      const type = String(now['type']);
      const sent = sentDefinition(call, type, now);
      const gone = removedOptions(call, type, sent);
      const { digest: _digest, ...kept } = { ...now, ...sent };
      const next = Object.fromEntries(Object.entries(kept).filter(([key]) => !gone.includes(key)));
      attach(call.state, id, next);
      write(call.state, id, next);
      return { storage: id, type };
    });
  },

  'DELETE /storage/{storage}': (call) => {
    const id = textParam(call, 'storage') ?? '';
    locked('delete storage failed', () => {
      const definition = known(call, id);
      const isBase = [...call.state.storages.values()].some(({ base }) => String(base ?? '').startsWith(`${id}:`));
      if (isBase) throw died("can't remove storage - storage is used as base of another storage");
      for (const node of call.state.nodes.values()) detach(call.state, node, id, definition);
      write(call.state, id, undefined);
    });
    forgetAccess(call.state, id);
    return null;
  },
};

/** PVE::Storage::lock_storage_config: every error begins with what failed. */
function locked<T>(failure: string, work: () => T): T {
  try {
    return cfsLocked('storage_cfg', work);
  } catch (error) {
    throw new PveError(500, `${failure}: ${refusalText(error).trimEnd()}\n`);
  }
}

function known({ state }: Call, id: string): Row {
  const definition = state.storages.get(id);
  if (!definition) throw died(`storage '${id}' does not exist`);
  return definition;
}

function checkDigest(call: Call, id: string): void {
  const sent = textParam(call, 'digest');
  if (sent === undefined || sent === '') return;
  const read = call.state.storages.get(id)?.['digest'];
  if (sent !== (read ?? rowsHash([...call.state.storages.values()]))) throw died(CHANGED);
}

/** A digest that was read with the definitions is not that of what they are now. */
function write(state: State, id: string, definition: Row | undefined): void {
  const rows = [...state.storages].map(([key, { digest: _digest, ...row }]): [string, Row] => [key, row]);
  state.storages = new Map(rows);
  if (definition) state.storages.set(id, definition);
  else state.storages.delete(id);
}

/** PVE::AccessControl::remove_storage_access. */
function forgetAccess(state: State, id: string): void {
  const { access } = state;
  const acl = access.acl.filter(({ path }) => path !== `/storage/${id}`);
  const pools = access.pools.map((pool) => ({ ...pool, storage: pool.storage.filter((one) => one !== id) }));
  state.access = { ...access, acl, pools };
}
