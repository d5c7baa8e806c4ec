import type { Guest, State } from '../state/model.ts';
import { disksOf } from './disks.ts';
import { isSharedStorage } from './volumes.ts';

/** Where a memory's image is put: PVE::QemuConfig::find_vmstate_storage prefers what is set, then a shared storage. */
export function stateStorage(state: State, guest: Guest): string {
  const set = guest.config['vmstatestorage'];
  if (set !== undefined) return String(set);
  const disks = disksOf(guest.config).filter(({ cdrom, key }) => !cdrom && !key.startsWith('unused'));
  const shared = disks.find(({ storage }) => isSharedStorage(state, storage));
  return (shared ?? disks[0])?.storage ?? 'local';
}
