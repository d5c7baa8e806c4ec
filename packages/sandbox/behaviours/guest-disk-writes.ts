import { parseSize } from '@pxa/pve/size';
import type { Behaviours, Call } from '../behaviour.ts';
import { demandAny } from '../guests/config-privileges.ts';
import { diskOf, type GuestDisk } from '../guests/disks.ts';
import { moveDisk } from '../guests/move-disk.ts';
import { reassignRequest } from '../guests/reassign.ts';
import { withSize } from '../guests/drive-size.ts';
import { changeVolume, findVolume, offersContent, usableStorage } from '../guests/volumes.ts';
import { changeConfig, checkLock, died, onlyRoot, refused, startTask, withFileLock } from '../guests/work.ts';
import type { Guest } from '../state/model.ts';
import { flagParam, guestOf, textParam } from './common.ts';
import { digestOf } from './guest-config.ts';

const CHANGED = 'detected modified configuration - file changed by other user? Try again.';

/** Disks that grow, and that move to another storage of the same guest. */
export const guestDiskWrites: Behaviours = {
  'PUT /nodes/{node}/qemu/{vmid}/resize': (call) => {
    onlyRoot(call, 'skiplock');
    guestOf(call, 'qemu');
    return startTask(call, 'resize', (task) =>
      withFileLock(call, 'qemu', task, async (guest) => {
        checkDigest(call, guest, 'checksum mismatch (file change by other user?)');
        checkLock(call, guest);
        const disk = growing(call, guest);
        if (disk.cdrom) throw died("you can't resize a cdrom");
        demandAny(call, `/storage/${disk.storage}`, ['Datastore.AllocateSpace']);
        const size = wantedSize(call, guest, disk);
        if (size < currentSize(call, guest, disk)) throw died('shrinking disks is not supported');
        await task.wait(300);
        grow(call, guest, disk, size);
      }),
    );
  },

  'PUT /nodes/{node}/lxc/{vmid}/resize': (call) => {
    const guest = guestOf(call, 'lxc');
    checkLock(call, guest);
    checkDigest(call, guest, CHANGED);
    const disk = growing(call, guest);
    demandAny(call, `/storage/${disk.storage}`, ['Datastore.AllocateSpace']);
    const size = wantedSize(call, guest, disk);
    const now = currentSize(call, guest, disk);
    if (size < now) throw died('unable to shrink disk size');
    if (size === now) throw died('disk is already at specified size');
    return startTask(call, 'resize', (task) =>
      withFileLock(call, 'lxc', task, async (found) => {
        await task.wait(300);
        grow(call, found, disk, size);
      }),
    );
  },

  'POST /nodes/{node}/qemu/{vmid}/move_disk': (call) => {
    if (isForAnother(call)) return reassignRequest(call, 'qemu', textParam(call, 'disk') ?? '');
    const { guest, disk } = movable(call, 'qemu', 'disk');
    return startTask(call, 'qmmove', (task) =>
      withFileLock(call, 'qemu', task, () => moveDisk(call, guest, disk, task)),
    );
  },

  'POST /nodes/{node}/lxc/{vmid}/move_volume': (call) => {
    if (isForAnother(call)) return reassignRequest(call, 'lxc', textParam(call, 'volume') ?? '');
    const { guest, disk } = movable(call, 'lxc', 'volume');
    if (guest.status === 'running') throw died('cannot move volumes of a running container');
    return startTask(call, 'move_volume', (task) =>
      withFileLock(call, 'lxc', task, () => moveDisk(call, guest, disk, task)),
    );
  },
};

function checkDigest(call: Call, guest: Guest, text: string): void {
  const digest = textParam(call, 'digest');
  if (digest !== undefined && digest !== '' && digest !== digestOf(guest)) throw died(text);
}

function growing(call: Call, guest: Guest): GuestDisk {
  const key = textParam(call, 'disk') ?? '';
  const disk = diskOf(key, guest.config[key]);
  if (!disk) throw died(`disk '${key}' does not exist`);
  return disk;
}

/** What the storage tells, which is what counts; else what the configuration says. */
function currentSize(call: Call, guest: Guest, disk: GuestDisk): number {
  return findVolume(call.state, guest.node, disk.volid)?.size ?? disk.size;
}

function wantedSize(call: Call, guest: Guest, disk: GuestDisk): number {
  const text = textParam(call, 'size') ?? '';
  const bytes = parseSize(text.replace(/^\+/, '')) ?? 0;
  return text.startsWith('+') ? currentSize(call, guest, disk) + bytes : bytes;
}

function grow(call: Call, guest: Guest, disk: GuestDisk, size: number): void {
  changeVolume(call.state, guest.node, disk.volid, { size });
  changeConfig(guest, { [disk.key]: withSize(String(guest.config[disk.key]), size) });
}

/** Whether a volume is to go to another guest, rather than to another storage: it is one or the other. */
function isForAnother(call: Call): boolean {
  const storage = textParam(call, 'storage');
  const other = textParam(call, 'target-vmid');
  if ((storage === undefined) !== (other === undefined)) return other !== undefined;
  const both = "either set 'storage' or 'target-vmid', but not both";
  const none = "both 'storage' and 'target-vmid' missing, either needs to be set";
  const text = storage === undefined ? none : both;
  throw refused({ 'target-vmid': text, storage: text });
}

/** The refusals of move_disk and move_volume that come before the task. */
function movable(call: Call, type: Guest['type'], parameter: 'disk' | 'volume'): { guest: Guest; disk: GuestDisk } {
  const storage = textParam(call, 'storage') ?? '';
  demandAny(call, `/storage/${storage}`, ['Datastore.AllocateSpace']);
  const guest = guestOf(call, type);
  checkDigest(call, guest, CHANGED);
  checkLock(call, guest);
  const key = textParam(call, parameter) ?? '';
  const disk = diskOf(key, guest.config[key]);
  if (!disk) throw died(type === 'qemu' ? `disk '${key}' does not exist` : `volume '${key}' does not exist`);
  if (disk.cdrom) throw died("you can't move a cdrom");
  const content = type === 'qemu' ? 'images' : 'rootdir';
  const { definition } = usableStorage(call.state, guest.node, storage);
  if (!offersContent(definition, content))
    throw died(`storage '${storage}' does not support content-type '${content}'`);
  const format = findVolume(call.state, guest.node, disk.volid)?.format;
  const wanted = textParam(call, 'format');
  if (disk.storage === storage && (wanted === undefined || wanted === format)) {
    throw died(
      type === 'qemu' ? "you can't move to the same storage with same format" : "you can't move to the same storage",
    );
  }
  const isInSnapshots = guest.snapshots.some(({ name }) => name !== 'current');
  if (isInSnapshots && flagParam(call, 'delete')) {
    throw died("you can't move a disk with snapshots and delete the source");
  }
  return { guest, disk };
}
