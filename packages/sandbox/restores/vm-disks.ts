import type { Call } from '../behaviour.ts';
import { textParam } from '../behaviours/common.ts';
import { demandAny } from '../guests/config-privileges.ts';
import { diskOf } from '../guests/disks.ts';
import { withSize, withVolume } from '../guests/drive-size.ts';
import { allocate, freeVolume, offersContent, usableStorage, volumeOwner } from '../guests/volumes.ts';
import { died, type Task } from '../guests/work.ts';
import { refusalText } from '../refusal-text.ts';
import type { Archived, Guest } from '../state/model.ts';
import type { Filled } from './fill.ts';

/** A disk of the archive, and where it is to be. */
export interface WantedDisk {
  key: string;
  storage: string;
  size: number;
  used: number;
  format: string | undefined;
  isCloudInit: boolean;
}

const CLOUD_INIT_BYTES = 4 * 1024 ** 2;

/** PVE::QemuServer::parse_backup_hints: each disk goes where it was, or where the caller wants them all. */
export function wantedDisks(call: Call, archived: Archived): WantedDisk[] {
  const disks = archived.disks.map((disk) => ({ ...disk, isCloudInit: false }));
  const drives = Object.entries(archived.config).filter(([key, value]) => diskOf(key, value)?.cloudInit);
  const cloudInit = drives.map(([key]) => ({ key, size: CLOUD_INIT_BYTES, used: CLOUD_INIT_BYTES, isCloudInit: true }));
  const wanted = [...disks, ...cloudInit].map((disk): WantedDisk => {
    const was = diskOf(disk.key, archived.config[disk.key]);
    const storage = textParam(call, 'storage') ?? was?.storage ?? 'local';
    const format = /\.(raw|qcow2|vmdk)$/.exec(was?.volid ?? '')?.[1];
    return { ...disk, storage, format: disk.isCloudInit ? 'qcow2' : format };
  });
  for (const storage of new Set(wanted.map((disk) => disk.storage))) checkStorage(call, storage);
  return wanted;
}

function checkStorage(call: Call, storage: string): void {
  const { definition } = usableStorage(call.state, call.node, storage);
  demandAny(call, `/storage/${storage}`, ['Datastore.AllocateSpace']);
  if (offersContent(definition, 'images')) return;
  throw died(`Content type 'images' is not available on storage '${storage}'`);
}

/** Frees what the restored disks take the place of; the memory of snapshots too, which are no more. */
export function freeReplaced(call: Call, guest: Guest, wanted: readonly WantedDisk[], task: Task): void {
  const keys = new Set(wanted.map(({ key }) => key));
  const old = Object.entries(guest.config).flatMap(([key, value]) =>
    keys.has(key) ? (diskOf(key, value)?.volid ?? []) : [],
  );
  const states = guest.snapshots.flatMap(({ config }) => String(config?.['vmstate'] ?? ''));
  for (const volid of [...old.filter((one) => volumeOwner(one) === guest.vmid), ...states.filter(Boolean)]) {
    try {
      freeVolume(call.state, guest.node, volid);
    } catch (error) {
      task.log(refusalText(error).trimEnd());
    }
  }
}

/** A disk that has been made, with its drive as the configuration will have it. */
export interface MadeDisk extends Filled {
  key: string;
  drive: string;
}

/** Makes the disks; what was made before one that cannot be is gone again. */
export function makeDisks(
  call: Call,
  guest: Guest,
  archived: Archived,
  wanted: readonly WantedDisk[],
  task: Task,
): MadeDisk[] {
  const made: MadeDisk[] = [];
  const at = Math.floor(call.clock.now() / 1000);
  try {
    for (const { key, storage, size, used, format, isCloudInit } of wanted) {
      const suffix = isCloudInit ? 'cloudinit' : undefined;
      const volid = allocate(call.state, { node: call.node, storage, guest, size, at, format, suffix });
      task.log(`new volume ID is '${volid}'`);
      const drive = withSize(withVolume(String(archived.config[key]), volid), size);
      made.push({ key, volid, used, drive });
    }
  } catch (error) {
    dropMade(call, made, task);
    throw error;
  }
  return made;
}

/** A restore that failed leaves no half-filled disks. */
export function dropMade(call: Call, made: readonly MadeDisk[], task: Task): void {
  for (const { volid } of made) {
    freeVolume(call.state, call.node, volid);
    // the missing letter is the original's
    task.log(`temporary volume '${volid}' sucessfuly removed`);
  }
}
