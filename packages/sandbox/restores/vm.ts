import { isDriveKey } from '@pxa/pve/property-string';
import { archivedIn } from '../backups/archived.ts';
import type { Call } from '../behaviour.ts';
import { flagParam, nodeOf, textParam } from '../behaviours/common.ts';
import { checkVolumeAccess } from '../contents/volume-access.ts';
import { pathOf } from '../contents/path.ts';
import { checkMayChange, demandAny } from '../guests/config-privileges.ts';
import { addToHa, joinPool, poolMustExist } from '../guests/new-guest.ts';
import { sentOptions } from '../guests/sent-options.ts';
import { storageType } from '../guests/volumes.ts';
import { toBase } from '../guests/to-base.ts';
import { startVm } from '../guests/vm-power.ts';
import { changeConfig, died, refused, startTask, vmidOf, withFileLock, type Task } from '../guests/work.ts';
import { ctime } from '../state/ctime.ts';
import type { Archived, Guest, Volume } from '../state/model.ts';
import { NoSpace } from '../backups/writing.ts';
import { fillVolumes } from './fill.ts';
import { archiveVolume, checkMayRestore, lockForRestore } from './request.ts';
import { restoredVmConfig, adoptUnused } from './vm-config.ts';
import { dropMade, freeReplaced, makeDisks, wantedDisks, type MadeDisk, type WantedDisk } from './vm-disks.ts';

/** Parameters of the call that are no options of the guest. */
const CONTROL =
  /^(?:node|vmid|archive|bwlimit|force|ha-managed|live-restore|pool|start|storage|unique|import-working-storage)$/;
/** Bytes of disks that are written a second. */
const RATE = 400 * 1024 ** 2;

/** POST /nodes/{node}/qemu with `archive` (create_vm in PVE/API2/Qemu.pm, restorefn). */
export async function restoreVmRequest(call: Call): Promise<string> {
  const vmid = vmidOf(call);
  const pool = textParam(call, 'pool');
  poolMustExist(call, pool);
  const storage = textParam(call, 'storage');
  if (storage !== undefined) demandAny(call, `/storage/${storage}`, ['Datastore.AllocateSpace']);
  if (flagParam(call, 'start') && pool === undefined) demandAny(call, `/vms/${vmid}`, ['VM.PowerMgmt']);
  checkMayRestore(call, 'qemu', pool);
  const sent = sentOptions(call, CONTROL);
  const drive = Object.keys(sent).sort().find(isDriveKey);
  if (drive !== undefined) throw refused({ [drive]: "option conflicts with option 'archive'" });
  const volid = textParam(call, 'archive') ?? '';
  if (volid === '-') throw died('pipe requires cli environment');
  checkVolumeAccess(call, volid, { owner: vmid, type: 'backup' });
  const archive = archiveVolume(call, volid);
  checkMayChange(call, 'qemu', pool === undefined ? Object.keys(sent) : []);
  const guest = await lockForRestore(call, 'qemu', `unable to restore VM ${vmid} - `);
  return startTask(call, 'qmrestore', (task) => restore(call, guest, { archive, sent, pool }, task));
}

interface Wish {
  archive: Volume;
  /** Options that win over those of the archive. */
  sent: Record<string, string>;
  pool: string | undefined;
}

async function restore(call: Call, guest: Guest, wish: Wish, task: Task): Promise<void> {
  const { vmid } = guest;
  try {
    // the second dash is the original's
    if (Number(guest.config['protection'] ?? 0) === 1) {
      throw died(`unable to restore VM ${vmid} - - protection mode enabled`);
    }
    if (guest.status === 'running') throw died(`unable to restore VM ${vmid} - vm is running`);
    await withFileLock(call, 'qemu', task, () => unpack(call, guest, wish, task));
  } catch (error) {
    if (guest.config['lock'] === 'create') changeConfig(guest, { lock: undefined });
    const what = 'error before or during data restore, some or all disks were not completely restored.';
    task.log(`${what} VM ${vmid} state is NOT cleaned up.`);
    throw error;
  }
  joinPool(call, vmid, wish.pool);
  if (flagParam(call, 'ha-managed')) addToHa(call, guest);
  if (!flagParam(call, 'start') && !flagParam(call, 'live-restore')) return;
  task.log('Execute autostart');
  startTask(call, 'qmstart', (started) =>
    withFileLock(call, 'qemu', started, (found) => startVm(call, found, started)),
  );
}

async function unpack(call: Call, guest: Guest, { archive, sent }: Wish, task: Task): Promise<void> {
  const isPbs = storageType(call.state, archive.volid.split(':')[0] ?? '') === 'pbs';
  if (flagParam(call, 'live-restore') && !isPbs) {
    throw died('live-restore is only compatible with backup images from a Proxmox Backup Server');
  }
  const command = isPbs
    ? `proxmox-backup-client restore ${archive.volid.replace(/^[^/]*\//, '')}`
    : vmaCommand(call, archive);
  if (!isPbs) task.log(`restore vma archive: ${command}`);
  const archived = archivedIn(call.state, call.node, archive.volid);
  if (archived?.type !== 'qemu') {
    task.log(`vma: can't open file ${pathOf(call.state, archive)} - wrong vma extent header`);
    throw died(`command 'set -o pipefail && ${command}' failed: exit code 1`);
  }
  const wanted = wantedDisks(call, archived);
  if (!isPbs) tellHeader(call, archive, wanted, task);
  freeReplaced(call, guest, wanted, task);
  const made = makeDisks(call, guest, archived, wanted, task);
  for (const { key, volid } of made) {
    if (isPbs)
      task.log(`restore proxmox backup image: /usr/bin/pbs-restore ${archive.volid} drive-${key}.img.fidx ${volid}`);
    else task.log(`map 'drive-${key}' to '${volid}' (write zeros = 0)`);
  }
  await fill(call, { wanted, made, command }, task);
  guest.snapshots = [];
  guest.pending = undefined;
  guest.firewall = archived.firewall;
  guest.config = restoredVmConfig(call, guest, archived, made, sent);
  task.log('rescan volumes...');
  adoptUnused(call, guest);
  becomeTemplate(call, guest, archived, task);
}

function vmaCommand(call: Call, archive: Volume): string {
  const file = pathOf(call.state, archive);
  const unpackers: Record<string, string> = { zst: 'zstd -q -d -c', gz: 'zcat', lzo: 'lzop -d -c' };
  const unpacker = unpackers[/\.vma\.(\w+)$/.exec(file)?.[1] ?? ''];
  const from = unpacker === undefined ? file : '-';
  const extract = `vma extract -v -r /var/tmp/vzdumptmp${archive.ctime as number}.fifo ${from} /var/tmp/vzdumptmp`;
  return unpacker === undefined ? extract : `${unpacker} ${file} | ${extract}`;
}

function tellHeader(call: Call, archive: Volume, wanted: readonly WantedDisk[], task: Task): void {
  task.log('CFG: size: 512 name: qemu-server.conf');
  wanted
    .filter(({ isCloudInit }) => !isCloudInit)
    .forEach(({ key, size }, index) => task.log(`DEV: dev_id=${index + 1} size: ${size} devname: drive-${key}`));
  task.log(`CTIME: ${ctime(Number(archive['ctime'] ?? 0), nodeOf(call).tzOffset)}`);
}

interface Filling {
  wanted: readonly WantedDisk[];
  made: readonly MadeDisk[];
  command: string;
}

/** Writes the disks; where that does not come to its end they are gone again. */
async function fill(call: Call, { wanted, made, command }: Filling, task: Task): Promise<void> {
  const total = wanted.reduce((sum, { size, isCloudInit }) => sum + (isCloudInit ? 0 : size), 0);
  const used = wanted.reduce((sum, disk) => sum + (disk.isCloudInit ? 0 : disk.used), 0);
  const seconds = Math.max(1, Math.round(total / RATE));
  try {
    await fillVolumes(call, task, made, { seconds, steps: Math.min(100, seconds) }, (share) => {
      const read = Math.floor(total * share);
      task.log(
        `progress ${Math.floor(share * 100)}% (read ${read} bytes, duration ${Math.floor(seconds * share)} sec)`,
      );
    });
  } catch (error) {
    if (error instanceof NoSpace) task.log(`vma: restore failed - vma blk_flush failed: ${error.message}`);
    dropMade(call, made, task);
    throw error instanceof NoSpace ? died(`command 'set -o pipefail && ${command}' failed: exit code 1`) : error;
  }
  const sparse = total - used;
  const percent = total === 0 ? 0 : Math.floor((sparse * 100) / total);
  task.log(`total bytes read ${total}, sparse bytes ${sparse} (${percent}%)`);
}

function becomeTemplate(call: Call, guest: Guest, { config }: Archived, task: Task): void {
  if (Number(config['template'] ?? 0) !== 1) return;
  task.log('Convert to template.');
  toBase(call, guest);
}
