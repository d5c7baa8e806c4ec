import type { Guest, State } from '../state/model.ts';
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
  const isOwn = volumeOwner(disk.volid) === guest.vmid;
  if (isOwn && key.startsWith('unused') && isInSnapshot(guest, disk.volid)) {
    throw died(`unable to delete '${disk.volid}' - volume is still in use (snapshot?)`);
  }
  changeConfig(guest, { [key]: undefined });
  if (!isOwn) return;
  if (key.startsWith('unused') || disk.cloudInit) {
    freeVolume(state, guest.node, disk.volid);
    return;
  }
  if (disksOf(guest.config).some(({ volid }) => volid === disk.volid)) return;
  changeConfig(guest, { [freeUnusedKey(guest)]: disk.volid });
}

function freeUnusedKey({ config }: Guest): string {
  for (let index = 0; index < 256; index++) if (config[`unused${index}`] === undefined) return `unused${index}`;
  throw new Error('too many unused volumes - please delete them first\n');
}

/** Whether a snapshot names a volume, so that it has to stay. */
function isInSnapshot(guest: Guest, volid: string): boolean {
  return guest.snapshots.some(({ config }) => config && disksOf(config).some((disk) => disk.volid === volid));
}
