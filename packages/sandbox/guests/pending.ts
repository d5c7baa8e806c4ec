import type { Guest, State } from '../state/model.ts';
import { changeConfig } from './work.ts';
import { deleteDrive, dropDrive } from './drop-drive.ts';

/** A removal that takes the volume with it. */
const FORCED = 2;

/** Brings into effect what waited for a stop or a start (PVE::QemuServer::vmconfig_apply_pending). */
export function applyPending(state: State, guest: Guest): void {
  const { pending } = guest;
  if (!pending) return;
  guest.pending = undefined;
  for (const [key, how] of Object.entries(pending.remove)) {
    const stays = how !== FORCED || deleteDrive(state, guest, key) !== undefined;
    if (stays) dropDrive(state, guest, key);
  }
  for (const key of Object.keys(pending.set))
    if (guest.config[key] !== undefined) dropDrive(state, guest, key, pending.set[key]);
  changeConfig(guest, {
    ...Object.fromEntries(Object.keys(pending.remove).map((key) => [key, undefined])),
    ...pending.set,
  });
}
