import type { Guest, GuestConfig, State } from '../state/model.ts';
import { diskOf, disksOf } from './disks.ts';
import { freeVolume, volumeOwner } from './volumes.ts';
import { changeConfig, died } from './work.ts';

/**
 * Takes a volume out of its key: an own one becomes `unusedN` unless another key (or `kept`, the key's new value) still
 * names it, a cloud-init drive is freed, an image is only let go (PVE::QemuServer::vmconfig_register_unused_drive).
 */
export function dropDrive(state: State, guest: Guest, key: string, kept?: string | number): void {
  const disk = diskOf(key, guest.config[key]);
  if (!disk || diskOf(key, kept)?.volid === disk.volid) return;
  if (key.startsWith('unused') || (disk.cloudInit && volumeOwner(disk.volid) === guest.vmid)) {
    const obstacle = deleteDrive(state, guest, key);
    if (obstacle !== undefined) throw died(obstacle);
    return;
  }
  changeConfig(guest, { [key]: undefined });
  if (volumeOwner(disk.volid) !== guest.vmid) return;
  if (disksOf(guest.config).some(({ volid }) => volid === disk.volid)) return;
  changeConfig(guest, { [freeUnusedKey(guest)]: disk.volid });
}

/**
 * Takes a volume out of its key for good: an own one is freed. Where a snapshot or another key names it too, nothing
 * happens, and that is told (PVE::QemuServer::try_deallocate_drive).
 */
export function deleteDrive(state: State, guest: Guest, key: string): string | undefined {
  const disk = diskOf(key, guest.config[key]);
  if (!disk) return undefined;
  const isOwn = volumeOwner(disk.volid) === guest.vmid;
  if (isOwn && !disk.cloudInit && isNeeded(guest, key, disk.volid)) {
    return `unable to delete '${disk.volid}' - volume is still in use (snapshot?)`;
  }
  changeConfig(guest, { [key]: undefined });
  if (isOwn) freeVolume(state, guest.node, disk.volid);
  return undefined;
}

function freeUnusedKey({ config }: Guest): string {
  for (let index = 0; index < 256; index++) if (config[`unused${index}`] === undefined) return `unused${index}`;
  throw new Error('too many unused volumes - please delete them first\n');
}

/** Whether another key or a snapshot names a volume, so that it has to stay (is_volume_in_use). */
function isNeeded(guest: Guest, key: string, volid: string): boolean {
  const names = (config: GuestConfig, but?: string): boolean =>
    disksOf(config).some((disk) => disk.volid === volid && disk.key !== but);
  return names(guest.config, key) || guest.snapshots.some(({ config }) => config !== undefined && names(config));
}
