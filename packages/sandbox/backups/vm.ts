import { agentEnabled } from '../behaviours/guest-machine.ts';
import { formatSize } from '@pxa/pve/size';
import { boot, halt, powerOffSeconds } from '../guests/boot.ts';
import { findVolume } from '../guests/volumes.ts';
import { newUuid } from '../guests/config-schema.ts';
import { died } from '../guests/work.ts';
import type { Archived } from '../state/model.ts';
import { archivedNow } from './archived.ts';
import type { GuestBackup } from './guest.ts';
import { backupVolumes } from './included.ts';
import { readable } from '../guests/copy.ts';
import { durationText } from './log.ts';
import { packedSize } from './packed-size.ts';
import { NoSpace, Writing } from './writing.ts';

/** Bytes of disks that are read a second. */
const RATE = 400 * 1024 ** 2;
/** QEMU's status is looked at every few seconds; a line is written where the percentage has changed. */
const LOOK_S = 3;

/** How the guest was before, and whether the backup has stopped or paused it. */
interface Run {
  mode: GuestBackup['options']['mode'];
  wasRunning: boolean;
  wasPaused: boolean;
  isAway: boolean;
  /** Since when it may be away, seconds since 1970. */
  since: number;
}

/** PVE::VZDump::QemuServer: QEMU itself copies its disks, so that the guest goes on. */
export async function backUpVm(backup: GuestBackup): Promise<Archived> {
  const { call, log, options, guest } = backup;
  const wasRunning = guest.status === 'running';
  const mode = wasRunning ? options.mode : 'stop';
  const run: Run = { mode, wasRunning, wasPaused: guest.qmpstatus === 'paused', isAway: false, since: log.now() };
  if (mode === 'snapshot') describe(backup);
  log.info(`backup mode: ${mode}`);
  log.info(`ionice priority: ${options.ionice}`);
  if (mode !== 'snapshot') describe(backup);
  try {
    await quiesce(backup, run);
    tellWhatStays(backup);
    const archived = archivedNow(call.state, guest);
    await begin(backup, run);
    await copyDisks(backup, archived);
    return archived;
  } finally {
    bringBack(backup, run);
    if (!wasRunning) log.info('stopping kvm after backup task');
    if (wasRunning && mode === 'suspend') log.info('resume vm');
    if (wasRunning && mode !== 'snapshot') {
      log.info(`guest is online again after ${Math.max(1, log.now() - run.since)} seconds`);
    }
  }
}

/** A guest that may not go on while its backup begins is stopped, or paused. */
async function quiesce(backup: GuestBackup, run: Run): Promise<void> {
  if (!run.wasRunning || run.mode === 'snapshot') return;
  run.isAway = true;
  if (run.mode === 'stop') return stop(backup);
  backup.log.info('suspending guest');
  backup.guest.qmpstatus = 'paused';
  await backup.task.wait(1000);
}

function describe({ call, log, guest }: GuestBackup): void {
  const name = guest.config['name'];
  if (name !== undefined) log.info(`VM Name: ${name}`);
  for (const { key, volid, size, included, reason } of backupVolumes(guest)) {
    if (!included) {
      log.info(`exclude disk '${key}' '${volid}' (${reason})`);
      continue;
    }
    log.info(`include disk '${key}' '${volid}'${size > 0 ? ` ${formatSize(size)}` : ''}`);
    if (!findVolume(call.state, guest.node, volid)) {
      throw died(`cannot determine size of volume '${volid}' - no such volume`);
    }
  }
}

async function stop({ call, log, task, guest, options }: GuestBackup): Promise<void> {
  log.info('stopping virtual guest');
  const needed = powerOffSeconds(guest);
  await task.wait(Math.min(needed, options.stopwait) * 1000);
  if (needed > options.stopwait) {
    throw died(
      `command 'qm shutdown ${guest.vmid} --skiplock --keepActive --timeout ${options.stopwait}' failed: exit code 255`,
    );
  }
  halt(call.state, call.clock, guest);
}

/** What an archive leaves out (assemble). */
function tellWhatStays({ log, guest }: GuestBackup): void {
  for (const [key, value] of Object.entries(guest.config)) {
    if (/^unused\d+$/.test(key)) log.info(`skip unused drive '${value}' (not included into backup)`);
  }
  if (guest.snapshots.some(({ name }) => name !== 'current')) log.info('snapshots found (not included into backup)');
  if (guest.pending) log.info('pending configuration changes found (not included into backup)');
}

async function begin(backup: GuestBackup, run: Run): Promise<void> {
  const { call, log, task, target, guest, shownAs } = backup;
  log.info(`creating ${target.isPbs ? 'Proxmox Backup Server' : 'vzdump'} archive '${shownAs}'`);
  if (guest.status !== 'running') {
    log.info('starting kvm to execute backup task');
    await task.wait(1500);
  }
  if (run.mode === 'snapshot' && !run.wasPaused && agentEnabled(guest) && guest.inside !== undefined) {
    log.info("issuing guest-agent 'fs-freeze' command");
    log.info("issuing guest-agent 'fs-thaw' command");
  }
  log.info(`started backup task '${newUuid(call, guest.vmid, 'backup')}'`);
  if (!run.wasRunning || run.wasPaused) return;
  log.info(`resuming VM again${run.mode === 'snapshot' ? '' : ` after ${log.now() - run.since} seconds`}`);
  bringBack(backup, run);
}

/** What the backup has stopped or paused goes on: once QEMU copies by itself, at the latest when all is over. */
function bringBack({ call, guest }: GuestBackup, run: Run): void {
  if (!run.isAway || call.state.guests.get(guest.vmid) !== guest) return;
  run.isAway = false;
  if (guest.status !== 'running') boot(call.state, call.clock, guest);
  guest.qmpstatus = run.wasPaused ? 'paused' : undefined;
}

async function copyDisks(backup: GuestBackup, archived: Archived): Promise<void> {
  const { call, log, task, target, archive, guest, options } = backup;
  const total = archived.disks.reduce((sum, { size }) => sum + size, 0);
  const packed = packedSize(archived, options.ending, guest.vmid);
  const seconds = Math.max(1, Math.round(total / RATE));
  const looks = Math.max(1, Math.min(100, Math.floor(seconds / LOOK_S)));
  const writing = new Writing(call, target.pool);
  try {
    for (let look = 1; look <= looks; look++) {
      await task.wait((seconds / looks) * 1000);
      const share = look / looks;
      const took = Math.round(seconds * share);
      writing.take(Math.floor(packed / looks));
      const percent = String(Math.floor(share * 100)).padStart(3);
      const rates = `read: ${readable(total / seconds)}/s, write: ${readable(packed / seconds)}/s`;
      log.info(`${percent}% (${readable(total * share)} of ${readable(total)}) in ${durationText(took)}, ${rates}`);
    }
  } catch (error) {
    throw inWords(backup, error);
  } finally {
    writing.release();
  }
  archive.size = packed;
  log.info(`transferred ${readable(total)} in ${seconds} seconds (${readable(total / seconds)}/s)`);
}

/** A full storage as the compressor and QEMU tell it. */
function inWords({ log, options }: GuestBackup, error: unknown): unknown {
  if (!(error instanceof NoSpace)) return error;
  const isPacked = options.ending !== '';
  if (options.ending === 'zst') log.info(`zstd: error 70 : Write error : cannot write block : ${error.message}`);
  const text = isPacked ? 'vma_queue_write: write error - Broken pipe' : `job failed with err -28 - ${error.message}`;
  log.error(text);
  log.info('aborting backup job');
  log.info('resuming VM again');
  return died(text);
}
