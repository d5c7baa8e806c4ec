import { boot, halt, powerOffSeconds } from '../guests/boot.ts';
import { readable } from '../guests/copy.ts';
import { takesSnapshots } from '../guests/volumes.ts';
import { died } from '../guests/work.ts';
import { properties } from '../state/guest-size.ts';
import type { Archived } from '../state/model.ts';
import { archivedNow } from './archived.ts';
import type { GuestBackup } from './guest.ts';
import { backupVolumes } from './included.ts';
import { packedSize } from './packed-size.ts';
import { NoSpace, Writing } from './writing.ts';

/** Bytes of files that tar reads a second, and that the first rsync copies. */
const RATE = 120 * 1024 ** 2;
const STEPS = 20;

/** PVE::VZDump::LXC: tar packs a snapshot of the volumes, a copy of the files, or what a stopped container leaves. */
export async function backUpContainer(backup: GuestBackup): Promise<Archived> {
  const { call, log, guest, options } = backup;
  const wasRunning = guest.status === 'running';
  const mode = wasRunning ? modeFor(backup) : 'stop';
  if (mode !== 'snapshot') describe(backup);
  log.info(`backup mode: ${mode}`);
  log.info(`ionice priority: ${options.ionice}`);
  const stopped = log.now();
  try {
    if (wasRunning && mode === 'stop') await stop(backup);
    const archived = archivedNow(call.state, guest);
    if (mode === 'suspend') await syncTwice(backup, archived);
    if (mode === 'snapshot') log.info("create storage snapshot 'vzdump'");
    await pack(backup, archived);
    return archived;
  } finally {
    if (mode === 'snapshot') log.info("cleanup temporary 'vzdump' snapshot");
    if (wasRunning && mode === 'stop') restart(backup, stopped);
  }
}

/** Snapshots need storages that take them; else the container is suspended. */
function modeFor(backup: GuestBackup): GuestBackup['options']['mode'] {
  const { call, log, guest, options } = backup;
  if (options.mode !== 'snapshot') return options.mode;
  describe(backup);
  const volumes = backupVolumes(guest).filter(({ included }) => included);
  if (volumes.every(({ volid }) => takesSnapshots(call.state, volid))) return 'snapshot';
  log.info('mode failure - some volumes do not support snapshots');
  log.info("trying 'suspend' mode instead");
  return 'suspend';
}

function describe({ log, guest }: GuestBackup): void {
  log.info(`CT Name: ${String(guest.config['hostname'] ?? `CT${guest.vmid}`)}`);
  for (const { key, included, reason } of backupVolumes(guest)) {
    const path = key === 'rootfs' ? '/' : (properties(guest.config[key])['mp'] ?? '');
    if (included) log.info(`including mount point ${key} ('${path}') in backup`);
    else log.info(`excluding volume mount point ${key} ('${path}') from backup (${reason})`);
  }
}

async function stop({ call, log, task, guest, options }: GuestBackup): Promise<void> {
  log.info('stopping virtual guest');
  await task.wait(Math.min(powerOffSeconds(guest), options.stopwait) * 1000);
  halt(call.state, call.clock, guest);
}

function restart({ call, log, guest }: GuestBackup, stopped: number): void {
  if (call.state.guests.get(guest.vmid) !== guest) return;
  if (guest.status !== 'running') {
    log.info('restarting vm');
    boot(call.state, call.clock, guest);
  }
  log.info(`guest is online again after ${Math.max(1, log.now() - stopped)} seconds`);
}

/** The files are copied while the container runs, and what has changed since once more while it stands still. */
async function syncTwice({ log, task, target, began }: GuestBackup, archived: Archived): Promise<void> {
  const copied = `${target.folder}/vzdump-lxc-${log.stamp(began)}.tmp`;
  const seconds = Math.max(1, Math.round(writtenBytes(archived) / RATE));
  log.info(`starting first sync /proc/4021/root/ to ${copied}`);
  await task.wait(seconds * 1000);
  log.info(`first sync finished - transferred ${writtenBytes(archived)} bytes in ${seconds}s`);
  log.info('suspending guest');
  log.info(`starting final sync /proc/4021/root/ to ${copied}`);
  await task.wait(2000);
  log.info('final sync finished - transferred 1048576 bytes in 2s');
  log.info('resuming guest');
  log.info('guest is online again after 2 seconds');
}

function writtenBytes({ disks }: Archived): number {
  return disks.reduce((sum, { used }) => sum + used, 0);
}

async function pack(backup: GuestBackup, archived: Archived): Promise<void> {
  const { call, log, task, target, archive, guest, options, shownAs } = backup;
  log.info(`creating ${target.isPbs ? 'Proxmox Backup Server' : 'vzdump'} archive '${shownAs}'`);
  const bytes = writtenBytes(archived);
  const packed = packedSize(archived, options.ending, guest.vmid);
  const writing = new Writing(call, target.pool);
  try {
    for (let step = 0; step < STEPS; step++) {
      await task.wait((bytes / RATE / STEPS) * 1000);
      writing.take(Math.floor(packed / STEPS));
    }
  } catch (error) {
    throw inWords(backup, error);
  } finally {
    writing.release();
  }
  archive.size = packed;
  const gib = readable(bytes).replace(' ', '');
  log.info(`Total bytes written: ${bytes} (${gib}, ${readable(RATE).replace(' ', '')}/s)`);
}

/** A full storage as tar's pipe tells it. */
function inWords({ log, options, shownAs }: GuestBackup, error: unknown): unknown {
  if (!(error instanceof NoSpace)) return error;
  if (options.ending === 'zst') log.info(`zstd: error 70 : Write error : cannot write block : ${error.message}`);
  const file = shownAs.replace(/\.tar.*$/, '.tar.dat');
  const packer = { '': '', zst: '| zstd --rsyncable --threads=1 ', gz: '| gzip --rsyncable ', lzo: '| lzop ' };
  return died(`command 'set -o pipefail && tar cpf - ./ ${packer[options.ending]}>${file}' failed: exit code 70`);
}
