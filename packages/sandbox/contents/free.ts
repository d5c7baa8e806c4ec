import type { Call } from '../behaviour.ts';
import { diskOf } from '../guests/disks.ts';
import { findVolume, freeVolume, splitVolid, storageType } from '../guests/volumes.ts';
import { died, type Task } from '../guests/work.ts';
import type { Guest, State } from '../state/model.ts';

/** How often, a second apart, ZFS is asked to destroy what somebody holds open (ZFSPoolPlugin.pm). */
const ZFS_TRIES = 6;

/**
 * PVE::Storage::vdisk_free. Nobody looks whether a guest's configuration names the volume; only what a running guest
 * holds open cannot be removed from a block storage, and bases of linked clones and protected backups stay.
 */
export async function removeVolume(call: Call, volid: string, task: Task): Promise<void> {
  const { state, node } = call;
  const { storage, name } = splitVolid(volid);
  const volume = findVolume(state, node, volid);
  if (volume?.['protected'] === 1) throw died(`cannot remove protected volume '${name}' on '${storage}'`);
  const definition = state.storages.get(storage) ?? {};
  if (volume && isHeldOpen(state, node, volid)) {
    if (storageType(state, storage) === 'zfspool') {
      await task.wait(ZFS_TRIES * 1000);
      throw died(`zfs error: cannot destroy '${String(definition['pool'])}/${name}': dataset is busy`);
    }
    if (/^lvm(?:thin)?$/.test(storageType(state, storage))) {
      const path = `${String(definition['vgname'])}/${name}`;
      throw died(`lvremove '${path}' error:   Logical volume ${path} in use.`);
    }
  }
  await task.wait(200);
  freeVolume(state, node, volid);
}

function isHeldOpen(state: State, node: string, volid: string): boolean {
  const holds = (guest: Guest): boolean =>
    guest.status === 'running' &&
    guest.node === node &&
    Object.entries(guest.config).some(
      ([key, value]) => !key.startsWith('unused') && diskOf(key, value)?.volid === volid,
    );
  return [...state.guests.values()].some(holds);
}
