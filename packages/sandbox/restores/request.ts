import { PveError, type Call } from '../behaviour.ts';
import { flagParam } from '../behaviours/common.ts';
import { addGuest } from '../guests/new-guest.ts';
import { findVolume, splitVolid, usableStorage } from '../guests/volumes.ts';
import { changeConfig, checkLock, died, untilUnlocked, vmidOf } from '../guests/work.ts';
import { refusalText } from '../refusal-text.ts';
import type { Guest, Volume } from '../state/model.ts';

/** The guest that is to be overwritten, if it is one of that type on this node. */
export function overwritten(call: Call, type: Guest['type']): Guest | undefined {
  const guest = call.state.guests.get(vmidOf(call));
  return flagParam(call, 'force') && guest?.type === type && guest.node === call.node ? guest : undefined;
}

/** Whoever may back a guest up may also put it back; else it takes what making one takes. */
export function checkMayRestore(call: Call, type: Guest['type'], pool: string | undefined): void {
  const { access } = call;
  const vm = `/vms/${vmidOf(call)}`;
  if (access.authid === 'root@pam' || access.can(vm, 'VM.Allocate')) return;
  if (pool !== undefined && access.can(`/pool/${pool}`, 'VM.Allocate')) return;
  if (overwritten(call, type) && access.can(vm, 'VM.Backup')) return;
  throw new PveError(403, 'Permission check failed\n');
}

/** The archive, where it lies on a storage that can be read from here. */
export function archiveVolume(call: Call, volid: string): Volume {
  if (!volid.includes(':')) throw died(`can't find file '${volid}'`);
  usableStorage(call.state, call.node, splitVolid(volid).storage);
  const volume = findVolume(call.state, call.node, volid);
  if (!volume) throw died(`volume '${volid}' does not exist`);
  return volume;
}

/** PVE::AbstractConfig::create_and_lock_config: a new configuration, or with `force` the one that is there. */
export async function lockForRestore(call: Call, type: Guest['type'], prefix: string): Promise<Guest> {
  const vmid = vmidOf(call);
  const guest = overwritten(call, type);
  const taken = call.state.guests.get(vmid);
  if (!guest && taken) {
    const word = taken.type === 'qemu' ? 'VM' : 'CT';
    throw died(`${prefix}${word} ${vmid} already exists on node '${taken.node}'`);
  }
  if (!guest) return addGuest(call.state, vmid, type, call.node, { lock: 'create' });
  try {
    await untilUnlocked(call, type);
    checkLock(call, guest);
  } catch (error) {
    throw died(`${prefix}${refusalText(error).trimEnd()}`);
  }
  changeConfig(guest, { lock: 'create' });
  return guest;
}
