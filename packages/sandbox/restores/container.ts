import { archivedIn } from '../backups/archived.ts';
import { NoSpace } from '../backups/writing.ts';
import type { Call } from '../behaviour.ts';
import { flagParam, textParam } from '../behaviours/common.ts';
import { checkVolumeAccess } from '../contents/volume-access.ts';
import { pathOf } from '../contents/path.ts';
import { checkMayChange, demandAny } from '../guests/config-privileges.ts';
import { checkVolumes } from '../guests/config-update.ts';
import { startContainer } from '../guests/container-power.ts';
import { readable } from '../guests/copy.ts';
import { addToHa, joinPool, mustBeFree, poolMustExist } from '../guests/new-guest.ts';
import { sentOptions } from '../guests/sent-options.ts';
import { toBase } from '../guests/to-base.ts';
import { offersContent, usableStorage } from '../guests/volumes.ts';
import { died, refused, startTask, vmidOf, withFileLock, type Task } from '../guests/work.ts';
import { refusalText } from '../refusal-text.ts';
import type { Archived, Guest, Volume } from '../state/model.ts';
import { dropVolumes, makeMounts, restoredCtConfig, type MadeMount } from './container-config.ts';
import { fillVolumes } from './fill.ts';
import { archiveVolume, checkMayRestore, lockForRestore, overwritten } from './request.ts';

const CONTROL = new RegExp(
  '^(?:node|vmid|bwlimit|force|ha-managed|ignore-unpack-errors|ostemplate|password|pool|restore|ssh-public-keys|start|storage|unique)$',
);
/** Bytes of files that are unpacked a second. */
const RATE = 150 * 1024 ** 2;
const STEPS = 20;

/** POST /nodes/{node}/lxc with `restore` (create_vm in PVE/API2/LXC.pm). */
export async function restoreContainerRequest(call: Call): Promise<string> {
  const vmid = vmidOf(call);
  const pool = textParam(call, 'pool');
  checkTarget(call);
  poolMustExist(call, pool);
  checkMayRestore(call, 'lxc', pool);
  const volid = textParam(call, 'ostemplate') ?? '';
  if (volid === '-') throw died('pipe requires cli environment');
  checkVolumeAccess(call, volid, { owner: vmid, type: 'backup' });
  const archive = archiveVolume(call, volid);
  const sent = sentOptions(call, CONTROL);
  checkMayChange(call, 'lxc', pool === undefined ? Object.keys(sent) : []);
  if (sent['unprivileged'] === '0') demandAny(call, '/', ['Sys.Modify']);
  checkMounts(call, sent);
  const guest = await lockForRestore(call, 'lxc', `unable to restore CT ${vmid} - `);
  return startTask(call, 'vzrestore', (task) => restore(call, guest, { archive, sent, pool }, task));
}

function checkTarget(call: Call): void {
  const vmid = vmidOf(call);
  const guest = overwritten(call, 'lxc');
  if (!guest) return mustBeFree(call.state, vmid, '');
  if (guest.status === 'running') throw died("can't overwrite running container");
  if (Number(guest.config['protection'] ?? 0) === 1) {
    throw died(`unable to restore CT ${vmid} - protection mode enabled`);
  }
}

/** Without mount points of its own a restore puts them all on one storage, `local` by default. */
function checkMounts(call: Call, sent: Readonly<Record<string, string>>): void {
  const vmid = vmidOf(call);
  if (sent['rootfs'] !== undefined) {
    return checkVolumes(call, { vmid, type: 'lxc', node: call.node, config: {} }, sent);
  }
  if (Object.keys(sent).some((key) => /^mp\d+$/.test(key))) {
    throw died("mount points configured, but 'rootfs' not set - aborting");
  }
  const storage = textParam(call, 'storage') ?? 'local';
  const { definition } = usableStorage(call.state, call.node, storage);
  if (!offersContent(definition, 'rootdir')) {
    throw refused({ storage: `storage '${storage}' does not support container directories` });
  }
  demandAny(call, `/storage/${storage}`, ['Datastore.AllocateSpace']);
}

interface Wish {
  archive: Volume;
  sent: Record<string, string>;
  pool: string | undefined;
}

async function restore(call: Call, guest: Guest, wish: Wish, task: Task): Promise<void> {
  const { vmid } = guest;
  try {
    await withFileLock(call, 'lxc', task, () => unpack(call, guest, wish, task));
  } catch (error) {
    call.state.guests.delete(vmid);
    throw died(`unable to restore CT ${vmid} - ${refusalText(error).trimEnd()}`);
  }
  joinPool(call, vmid, wish.pool);
  if (flagParam(call, 'ha-managed')) addToHa(call, guest);
  if (!flagParam(call, 'start')) return;
  startTask(call, 'vzstart', (started) =>
    withFileLock(call, 'lxc', started, (found) => startContainer(call, found, started)),
  );
}

async function unpack(call: Call, guest: Guest, { archive, sent }: Wish, task: Task): Promise<void> {
  task.log(`recovering backed-up configuration from '${archive.volid}'`);
  const archived = archivedIn(call.state, call.node, archive.volid);
  if (archived?.type !== 'lxc') throw died(`couldn't find any container configuration in '${archive.volid}'`);
  if (guest.status === 'running') throw died("can't overwrite running container");
  dropVolumes(call, guest, task);
  const made = makeMounts(call, guest, archived, sent);
  task.log(`restoring '${archive.volid}' now..`);
  try {
    await extract(call, archive, archived, made, task);
  } catch (error) {
    dropVolumes(
      call,
      { ...guest, config: Object.fromEntries(made.map(({ key, mount }) => [key, mount])), snapshots: [] },
      task,
    );
    throw error;
  }
  task.log('merging backed-up and given configuration..');
  guest.snapshots = [];
  guest.pending = undefined;
  guest.firewall = archived.firewall;
  guest.config = restoredCtConfig(call, guest, archived, made, sent);
  guest.use = { ...guest.use, disk: made.find(({ key }) => key === 'rootfs')?.used ?? 0 };
  if (Number(archived.config['template'] ?? 0) === 1) toBase(call, guest);
}

async function extract(
  call: Call,
  archive: Volume,
  { disks }: Archived,
  made: readonly MadeMount[],
  task: Task,
): Promise<void> {
  const bytes = disks.reduce((sum, { used }) => sum + used, 0);
  task.log(`extracting archive '${pathOf(call.state, archive)}'`);
  try {
    await fillVolumes(call, task, made, { seconds: Math.max(1, bytes / RATE), steps: STEPS });
  } catch (error) {
    if (!(error instanceof NoSpace)) throw error;
    task.log(`tar: ./var/lib: Cannot write: ${error.message}`);
    throw died(`command 'tar xpf - --totals -C /var/lib/lxc/${vmidOf(call)}/rootfs' failed: exit code 2`);
  }
  task.log(`Total bytes read: ${bytes} (${readable(bytes).replace(' ', '')}, ${readable(RATE).replace(' ', '')}/s)`);
}
