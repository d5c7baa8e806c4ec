import type { Call } from '../behaviour.ts';
import { demandAny } from '../guests/config-privileges.ts';
import { died, type Task } from '../guests/work.ts';
import { refusalText } from '../refusal-text.ts';
import type { State } from '../state/model.ts';
import { backUpGuest, type BackupJob } from './guest.ts';
import { interrupted } from './interrupted.ts';
import { BackupLog } from './log.ts';
import { commandLine, type BackupOptions } from './options.ts';
import type { Selection } from './selection.ts';
import { backupTarget } from './target.ts';

const LOCK_FILE = '/var/run/vzdump.lock';

/** Nodes on which a backup runs: one job at a time. */
const busy = new WeakMap<State, Set<string>>();

/** PVE::VZDump::exec_backup: one guest after the other; those that fail are told of at the end. */
export async function runBackup(call: Call, selection: Selection, options: BackupOptions, task: Task): Promise<void> {
  const target = backupTarget(call, options);
  const job: BackupJob = { call, task, log: new BackupLog(call, task), options, target };
  await alone(job, async () => {
    job.log.info(`starting new backup job: ${commandLine(call)}`);
    const elsewhere = selection.elsewhere.toSorted((a, b) => a - b);
    if (elsewhere.length > 0) job.log.info(`skip external VMs: ${elsewhere.join(', ')}`);
    const ids = [...selection.local, ...selection.orphaned].sort((a, b) => a - b);
    await backUpAll(job, ids.filter(mayBackUp(call)));
  });
}

/** Of all guests, those are left out that the caller may not back up; a named one ends the job. */
function mayBackUp(call: Call): (vmid: number) => boolean {
  return (vmid) => {
    if (!call.state.guests.has(vmid) || call.access.can(`/vms/${vmid}`, 'VM.Backup')) return true;
    if (call.params['all'] === undefined) demandAny(call, `/vms/${vmid}`, ['VM.Backup']);
    return false;
  };
}

async function backUpAll(job: BackupJob, ids: readonly number[]): Promise<void> {
  let failed = 0;
  try {
    for (const vmid of ids) if (!(await backUpGuest(job, vmid))) failed++;
  } catch (error) {
    const text = refusalText(error).trimEnd();
    job.log.error(`Backup job failed - ${text}`);
    throw died(text);
  }
  job.log.info(`Backup job finished ${failed > 0 ? 'with errors' : 'successfully'}`);
  if (failed > 0) throw died('job errors');
}

/** PVE::VZDump::getlock: another job on this node is waited for. */
async function alone({ call, task, log, options }: BackupJob, work: () => Promise<void>): Promise<void> {
  const nodes = busy.get(call.state) ?? new Set<string>();
  busy.set(call.state, nodes);
  if (nodes.has(call.node)) {
    if (options.lockwait === 0) throw notLocked(log, 'wait = 0');
    log.info('trying to get global lock - waiting...');
    for (let waited = 0; nodes.has(call.node); waited++) {
      if (waited >= options.lockwait * 60) throw notLocked(log, 'got timeout');
      await task.wait(1000).catch(interrupted);
    }
    log.info('got global lock');
  }
  nodes.add(call.node);
  try {
    await work();
  } finally {
    nodes.delete(call.node);
  }
}

/** A worker that ends without a word has no proper end in the task list. */
function notLocked(log: BackupLog, why: string): Error {
  log.error(
    why === 'got timeout' ? `can't acquire lock '${LOCK_FILE}' - ${why}` : `can't acquire lock '${LOCK_FILE}' (${why})`,
  );
  return died('unexpected status');
}
