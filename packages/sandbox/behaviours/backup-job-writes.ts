import { PveError, type Behaviours, type Call } from '../behaviour.ts';
import { isDeletable, sentJob } from '../backups/job-row.ts';
import { checkCommonOptions, verifyParameters } from '../backups/options.ts';
import { isSet } from '../backups/selection.ts';
import { cfsLocked } from '../cfs-locked.ts';
import { demandAny } from '../guests/config-privileges.ts';
import { newUuid } from '../guests/config-schema.ts';
import { poolMustExist } from '../guests/new-guest.ts';
import { died, refused } from '../guests/work.ts';
import { wakeScheduler } from '../jobs/scheduler.ts';
import type { Row } from '../state/model.ts';
import { textParam } from './common.ts';

/** Backup jobs that run by the calendar (pve-manager PVE/API2/Backup.pm). */
export const backupJobWrites: Behaviours = {
  'POST /cluster/backup': (call) => {
    checkCommonOptions(call);
    mayUseStorage(call, textParam(call, 'storage') ?? 'local');
    checkPool(call);
    const sent = sentJob(call);
    if (sent['schedule'] === undefined) throw refused({ schedule: "neither 'starttime' nor 'schedule' were set" });
    const id = textParam(call, 'id') ?? newUuid(call, call.state.backupJobs.length, 'backup-job');
    return cfsLocked('jobs_cfg', () => {
      const { state } = call;
      if (state.backupJobs.some((job) => job['id'] === id)) throw died(`Job '${id}' already exists`);
      verifyParameters(sent);
      state.backupJobs = [...state.backupJobs, { type: 'vzdump', enabled: 1, ...allIfExcluding(sent), id }];
      wakeScheduler(call);
      return null;
    });
  },

  'PUT /cluster/backup/{id}': (call) => {
    checkCommonOptions(call);
    const storage = textParam(call, 'storage');
    if (storage !== undefined) mayUseStorage(call, storage);
    checkPool(call);
    const sent = sentJob(call);
    return cfsLocked('jobs_cfg', () => {
      const job = changed(jobOf(call), sent, removed(call));
      verifyParameters(job);
      call.state.backupJobs = call.state.backupJobs.map((row) => (row['id'] === job['id'] ? job : row));
      wakeScheduler(call);
      return null;
    });
  },

  'DELETE /cluster/backup/{id}': (call) => {
    const { id } = jobOf(call);
    call.state.backupJobs = call.state.backupJobs.filter((row) => row['id'] !== id);
    wakeScheduler(call);
    return null;
  },
};

function jobOf(call: Call): Row {
  const id = textParam(call, 'id');
  const job = call.state.backupJobs.find((row) => row['id'] === id);
  if (!job) throw refused({ id: `No such job '${id}'` });
  return job;
}

function mayUseStorage(call: Call, storage: string): void {
  demandAny(call, `/storage/${storage}`, ['Datastore.Allocate']);
}

function checkPool(call: Call): void {
  const pool = textParam(call, 'pool');
  if (pool === undefined) return;
  if (!call.state.access.pools.some(({ poolid }) => poolid === pool) && call.caller.authid !== 'root@pam') {
    throw new PveError(403, `Permission check failed (pool '${pool}' does not exist)\n`);
  }
  poolMustExist(call, pool);
  demandAny(call, `/pool/${pool}`, ['VM.Backup']);
}

function removed(call: Call): string[] {
  const keys = (textParam(call, 'delete') ?? '').split(/[\s,;\0]+/).filter(Boolean);
  const unknown = keys.find((key) => !isDeletable(key));
  if (unknown !== undefined) throw refused({ delete: `unknown option '${unknown}'` });
  return keys;
}

function allIfExcluding(job: Row): Row {
  return job['exclude'] !== undefined && job['pool'] === undefined ? { ...job, all: 1 } : job;
}

/** What was selected before goes where something else is selected now; a read next run holds no longer. */
function changed(job: Row, sent: Row, without: readonly string[]): Row {
  const next: Row = { ...job };
  for (const key of without) delete next[key];
  delete next['next-run'];
  const all = allIfExcluding({ ...next, ...sent });
  const drop = (...keys: string[]): Row =>
    Object.fromEntries(Object.entries(all).filter(([key]) => !keys.includes(key)));
  if (sent['vmid'] !== undefined) return drop('all', 'exclude', 'pool');
  if (isSet(sent['all'])) return drop('vmid', 'pool');
  return all['pool'] === undefined ? all : drop('vmid', 'all', 'exclude');
}
