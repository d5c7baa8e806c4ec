import type { Call } from '../behaviour.ts';
import { textParam } from '../behaviours/common.ts';
import { copyVolume } from '../guests/copy.ts';
import { changeVolume, findVolume, freeVolume } from '../guests/volumes.ts';
import { died, type Task } from '../guests/work.ts';
import { namedVolume } from './volume-access.ts';

/** Copies a disk under a name of the caller's choice, which no other volume has (PVE::Storage::storage_migrate). */
export async function copyTo(call: Call, source: string, target: string, task: Task): Promise<void> {
  const node = textParam(call, 'target_node') ?? call.node;
  task.log(`DEBUG: starting worker to copy '${source}' to '${target}'`);
  const wanted = namedVolume(call.state, target);
  if (!findVolume(call.state, call.node, source)) throw died(`volume '${source}' does not exist`);
  if (wanted.vtype !== 'images') throw died(`cannot migrate from storage type to '${wanted.vtype}'`);
  if (findVolume(call.state, node, target)) throw died(`volume '${target}' already exists`);
  const guest = {
    vmid: Number(wanted.vmid ?? 0),
    type: wanted.format === 'subvol' ? ('lxc' as const) : ('qemu' as const),
  };
  const made = await copyVolume(call, task, {
    from: { node: call.node, volid: source },
    to: { node, storage: wanted.storage, guest, format: wanted.format },
  });
  // somebody else may have taken the name while the copy was under way
  if (made !== target && findVolume(call.state, node, target)) {
    freeVolume(call.state, node, made);
    throw died(`volume '${target}' already exists`);
  }
  changeVolume(call.state, node, made, { volid: target });
  task.log('DEBUG: end worker');
}
