import type { Behaviours, Call } from '../behaviour.ts';
import { cfsLocked } from '../cfs-locked.ts';
import { demandAny } from '../guests/config-privileges.ts';
import { disksOf } from '../guests/disks.ts';
import { storageType, volumeOwner } from '../guests/volumes.ts';
import { died, refused } from '../guests/work.ts';
import { properties } from '../state/guest-size.ts';
import { nextEvent } from '../state/calendar.ts';
import { wakeScheduler } from '../jobs/scheduler.ts';
import { rowsHash } from '../state/config-hash.ts';
import type { Guest, NodeState, Row, State } from '../state/model.ts';
import { flagParam, nodeOf, nowSeconds, textParam } from './common.ts';

const CHANGED = 'detected modified configuration - file changed by other user? Try again.';
const OPTIONS = new Set(['disable', 'comment', 'rate', 'schedule', 'remove_job', 'source']);
/** pvescheduler looks every minute. */
const LOOK_MS = 60_000;

/** Replication jobs (pve-manager PVE/API2/{ReplicationConfig,Replication}.pm). */
export const replicationWrites: Behaviours = {
  'POST /cluster/replication': (call) => {
    const id = textParam(call, 'id') ?? '';
    const [guestId = 0, jobnum = 0] = id.split('-').map(Number);
    mayReplicate(call, guestId);
    const { guest, target } = checkedPair(call, guestId);
    const row: Row = { id, type: 'local', guest: guestId, jobnum, target, source: guest.node, ...sentOptions(call) };
    return cfsLocked('replication_cfg', () => {
      const { state } = call;
      if (state.replication.some((job) => job['id'] === id)) throw died(`replication job '${id}' already exists`);
      if (state.replication.some((job) => job['guest'] === guestId && job['target'] === target)) {
        throw died(`replication job for guest '${guestId}' to target 'local/${target}' already exists`);
      }
      state.replication = [...state.replication, row];
      const node = state.nodes.get(guest.node);
      if (node) node.replication = [...node.replication, { ...row, ...begun(call, row, node), vmtype: guest.type }];
      wakeScheduler(call);
      return null;
    });
  },

  'PUT /cluster/replication/{id}': (call) => {
    const job = jobOf(call);
    mayReplicate(call, Number(job['guest']));
    return cfsLocked('replication_cfg', () => {
      const digest = textParam(call, 'digest');
      if (digest !== undefined && digest !== '' && digest !== rowsHash(call.state.replication)) throw died(CHANGED);
      const gone = (textParam(call, 'delete') ?? '').split(/[\s,;\0]+/).filter(Boolean);
      for (const key of gone) {
        if (key === 'target') throw died(`unable to delete required option '${key}'`);
        if (!OPTIONS.has(key)) throw died(`no such option '${key}'`);
      }
      const next = (row: Row): Row => {
        const kept = { ...row, ...sentOptions(call) };
        return Object.fromEntries(Object.entries(kept).filter(([key]) => !gone.includes(key)));
      };
      replace(call.state, job['id'], next);
      // a new schedule holds from now on
      if (call.params['schedule'] !== undefined || gone.includes('schedule')) reschedule(call, job['id']);
      wakeScheduler(call);
      return null;
    });
  },

  'DELETE /cluster/replication/{id}': (call) => {
    const id = textParam(call, 'id') ?? '';
    mayReplicate(call, Number(id.split('-')[0]));
    if (flagParam(call, 'force') && flagParam(call, 'keep'))
      throw refused({ keep: "conflicts with parameter 'force'" });
    return cfsLocked('replication_cfg', () => {
      if (flagParam(call, 'force')) {
        forget(call.state, id);
        return null;
      }
      jobOf(call);
      replace(call.state, id, (row) => ({ ...row, remove_job: flagParam(call, 'keep') ? 'local' : 'full' }));
      // the scheduler takes the replicas away, then the job itself
      call.clock.after(LOOK_MS, () => forget(call.state, id));
      return null;
    });
  },

  'POST /nodes/{node}/replication/{id}/schedule_now': (call) => {
    const id = textParam(call, 'id') ?? '';
    mayReplicate(call, Number(id.split('-')[0]));
    const node = nodeOf(call);
    if (!node.replication.some((row) => row['id'] === id)) throw died(`no such replication job '${id}'`);
    node.replication = node.replication.map((row) =>
      row['id'] === id ? { ...row, next_sync: Math.ceil(nowSeconds(call) / 60) * 60 } : row,
    );
    wakeScheduler(call);
    return null;
  },
};

function mayReplicate(call: Call, vmid: number): void {
  demandAny(call, `/vms/${vmid}`, ['VM.Replicate']);
}

function jobOf(call: Call): Row {
  const id = textParam(call, 'id');
  const job = call.state.replication.find((row) => row['id'] === id);
  if (!job) throw died(`error during cfs-locked 'file-replication_cfg' operation: no such job '${id}'`);
  return job;
}

/** The guest and the node that it is to be replicated to; what stands in the way of the two. */
function checkedPair(call: Call, vmid: number): { guest: Guest; target: string } {
  const { state } = call;
  const guest = state.guests.get(vmid);
  const target = textParam(call, 'target') ?? '';
  if (!guest) throw died(`Guest '${vmid}' does not exist.`);
  if (!state.nodes.has(target)) throw died(`Target '${target}' does not exist.`);
  const source = textParam(call, 'source');
  if (source !== undefined && source !== guest.node) {
    throw died(`Source '${source}' does not match current node of guest '${vmid}' (${guest.node})`);
  }
  if (target === guest.node) throw died('Source and target must not be identical');
  if (!hasReplicable(state, guest)) throw died('No replicatable volumes found');
  return { guest, target };
}

/** Only ZFS replicates; what is not to be replicated says so, and what cannot is refused (get_replicatable_volumes). */
function hasReplicable(state: State, guest: Guest): boolean {
  const own = disksOf(guest.config).filter(
    ({ volid, cdrom, key }) =>
      !cdrom &&
      !key.startsWith('unused') &&
      volumeOwner(volid) === guest.vmid &&
      properties(guest.config[key])['replicate'] !== '0',
  );
  const wrong = own.find(({ storage }) => storageType(state, storage) !== 'zfspool');
  if (wrong && state.storages.get(wrong.storage)?.['shared'] !== 1) {
    throw died(`missing replicate feature on volume '${wrong.volid}'`);
  }
  return own.some(({ storage }) => storageType(state, storage) === 'zfspool');
}

function sentOptions(call: Call): Row {
  const sent: Row = {};
  for (const key of ['comment', 'schedule', 'remove_job']) {
    const value = textParam(call, key);
    if (value !== undefined) sent[key] = value;
  }
  if (call.params['disable'] !== undefined) sent['disable'] = flagParam(call, 'disable') ? 1 : 0;
  if (call.params['rate'] !== undefined) sent['rate'] = Number(call.params['rate']);
  return sent;
}

/** Where a job stands that has never run. */
function begun(call: Call, row: Row, node: NodeState): Row {
  const next = nextEvent(String(row['schedule'] ?? '*/15'), nowSeconds(call), node.tzOffset);
  return { fail_count: 0, last_sync: 0, last_try: 0, next_sync: next ?? 0, duration: 0 };
}

function reschedule(call: Call, id: unknown): void {
  for (const node of call.state.nodes.values()) {
    node.replication = node.replication.map((row) => {
      if (row['id'] !== id) return row;
      const next = nextEvent(String(row['schedule'] ?? '*/15'), nowSeconds(call), node.tzOffset);
      return { ...row, next_sync: next ?? 0 };
    });
  }
}

/** Changes a job where it is configured, and on the node that carries it out. */
function replace(state: State, id: unknown, change: (row: Row) => Row): void {
  const one = (row: Row): Row => (row['id'] === id ? change(row) : row);
  state.replication = state.replication.map(one);
  for (const node of state.nodes.values()) node.replication = node.replication.map(one);
}

function forget(state: State, id: string): void {
  state.replication = state.replication.filter((row) => row['id'] !== id);
  for (const node of state.nodes.values()) node.replication = node.replication.filter((row) => row['id'] !== id);
}
