import type { Guest, State } from '../state/model.ts';
import { disksOf } from './disks.ts';
import { findVolume, isSharedStorage, splitVolid } from './volumes.ts';

/** Why a guest that was taken over cannot start: a disk of its was left behind on the node that it came from. */
export function volumeLeftBehind(state: State, guest: Guest): { volid: string; error: string } | undefined {
  for (const { volid, storage, cdrom } of disksOf(guest.config)) {
    if (cdrom || isSharedStorage(state, storage) || findVolume(state, guest.node, volid)) continue;
    const elsewhere = [...state.nodes.keys()].some((node) => node !== guest.node && findVolume(state, node, volid));
    if (elsewhere) return { volid, error: missing(state, volid) };
  }
  return undefined;
}

/** In the words of the storage's plugin, when it activates the volume. */
function missing(state: State, volid: string): string {
  const { storage, name } = splitVolid(volid);
  const definition = state.storages.get(storage);
  if (definition?.['type'] === 'zfspool') {
    if (!name.startsWith('subvol')) return `timeout: no zvol device link for '${name}' found after 300 sec.`;
    return `zfs error: cannot open '${String(definition['pool'])}/${name}': dataset does not exist`;
  }
  if (definition?.['type'] === 'lvmthin' || definition?.['type'] === 'lvm') {
    return `no such logical volume ${String(definition['vgname'])}/${name}`;
  }
  return `volume '${volid}' does not exist`;
}
