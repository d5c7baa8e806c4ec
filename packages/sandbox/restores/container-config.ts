import type { Call } from '../behaviour.ts';
import { flagParam, textParam } from '../behaviours/common.ts';
import { newMac, storedValue } from '../guests/config-schema.ts';
import { diskOf, disksOf } from '../guests/disks.ts';
import { withSize, withVolume } from '../guests/drive-size.ts';
import { makeMount } from '../guests/mount-set.ts';
import { allocate, freeVolume, volumeOwner } from '../guests/volumes.ts';
import type { Task } from '../guests/work.ts';
import { refusalText } from '../refusal-text.ts';
import type { Archived, Guest, GuestConfig } from '../state/model.ts';
import type { Filled } from './fill.ts';

/** A mount point as the configuration will have it, and how much will be in its volume. */
export interface MadeMount extends Filled {
  key: string;
  mount: string;
}

const MOUNT = /^(?:rootfs|mp\d+)$/;
/** Bytes of a root file system whose size nobody has written down. */
const DEFAULT_SIZE = 4 * 1024 ** 3;

/** Makes the volumes: those that were asked for, or the archive's own on one storage. What was made goes on failure. */
export function makeMounts(
  call: Call,
  guest: Guest,
  archived: Archived,
  sent: Readonly<Record<string, string>>,
): MadeMount[] {
  const made: MadeMount[] = [];
  const source = sent['rootfs'] === undefined ? archived.config : sent;
  try {
    for (const [key, value] of Object.entries(source)) {
      if (!MOUNT.test(key)) continue;
      const mount =
        sent['rootfs'] === undefined ? again(call, guest, key, value) : makeMount(call, guest, key, String(value));
      const used = archived.disks.find((disk) => disk.key === key)?.used ?? 0;
      made.push({ key, mount, volid: diskOf(key, mount)?.volid ?? '', used });
    }
  } catch (error) {
    for (const { volid } of made) if (volumeOwner(volid) === guest.vmid) freeVolume(call.state, call.node, volid);
    throw error;
  }
  return made;
}

/** A volume as large as that of the backed-up mount point; bind mounts stay what they are. */
function again(call: Call, guest: Guest, key: string, value: string | number): string {
  const disk = diskOf(key, value);
  if (!disk) return String(value);
  const storage = textParam(call, 'storage') ?? 'local';
  const size = disk.size > 0 ? disk.size : DEFAULT_SIZE;
  const at = Math.floor(call.clock.now() / 1000);
  const volid = allocate(call.state, { node: call.node, storage, guest, size, at });
  return withSize(withVolume(String(value), volid), size);
}

/** All volumes of the container that is overwritten, or that could not be restored. */
export function dropVolumes(call: Call, guest: Guest, task: Task): void {
  const configs = [guest.config, ...guest.snapshots.map(({ config }) => config ?? {})];
  const own = configs.flatMap(disksOf).filter(({ volid }) => volumeOwner(volid) === guest.vmid);
  for (const volid of new Set(own.map((disk) => disk.volid))) {
    try {
      freeVolume(call.state, call.node, volid);
    } catch (error) {
      task.log(refusalText(error).trimEnd());
    }
  }
}

/** The archive's options on the new volumes; what was sent wins. */
export function restoredCtConfig(
  call: Call,
  guest: Guest,
  archived: Archived,
  made: readonly MadeMount[],
  sent: Readonly<Record<string, string>>,
): GuestConfig {
  const config: GuestConfig = {};
  for (const [key, value] of Object.entries(archived.config)) {
    if (MOUNT.test(key)) continue;
    const isNic = /^net\d+$/.test(key) && flagParam(call, 'unique');
    config[key] = isNic ? String(value).replace(/hwaddr=[^,]*/, `hwaddr=${newMac(call, guest.vmid, key)}`) : value;
  }
  for (const { key, mount } of made) config[key] = mount;
  for (const [key, value] of Object.entries(sent)) {
    if (!MOUNT.test(key)) config[key] = storedValue(call, guest, key, value);
  }
  return config;
}
