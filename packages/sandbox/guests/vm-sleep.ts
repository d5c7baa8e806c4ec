import type { Call } from '../behaviour.ts';
import { textParam } from '../behaviours/common.ts';
import { guestUse } from '../load.ts';
import { guestSize } from '../state/guest-size.ts';
import type { Guest } from '../state/model.ts';
import { boot, halt, usualMemory } from './boot.ts';
import { stateStorage } from './state-storage.ts';
import { allocate, freeVolume } from './volumes.ts';
import { changeConfig, checkLock, died, isHaManaged, startTask, withFileLock, type Task } from './work.ts';

/** Bytes a second at which memory goes to disk. */
const RATE = 400 * 1024 ** 2;

/** `suspend` with `todisk`: the memory is kept as a volume, the guest ends and is locked until it is started. */
export function suspendToDisk(call: Call, guest: Guest): string {
  if (isHaManaged(call.state, guest)) throw died('Cannot suspend HA managed VM to disk');
  demandOn(call, `/vms/${guest.vmid}`, 'VM.Config.Disk');
  if (Object.keys(guest.config).some((key) => /^hostpci\d+$/.test(key))) {
    throw died('cannot suspend VM to disk with assigned PCI devices');
  }
  const storage = textParam(call, 'statestorage') ?? stateStorage(call.state, guest);
  demandOn(call, `/storage/${storage}`, 'Datastore.AllocateSpace');
  return startTask(call, 'qmsuspend', (task) =>
    withFileLock(call, 'qemu', task, async (found) => {
      checkLock(call, found);
      const used = guestUse(call.state, found, call.clock.now() / 1000).mem;
      // QemuConfig.pm, __snapshot_save_vmstate: twice the memory, and some MB for QEMU's devices
      const size = guestSize(call.state, found).maxmem * 2 + 500 * 1024 ** 2;
      const at = Math.floor(call.clock.now() / 1000);
      const suffix = `state-suspend-${new Date(call.clock.now()).toISOString().slice(0, 10)}`;
      const volid = allocate(call.state, { node: found.node, storage, guest: found, size, at, suffix });
      changeConfig(found, { lock: 'suspending', vmstate: volid });
      await task.wait((used / RATE) * 1000);
      halt(call.state, call.clock, found);
      changeConfig(found, { lock: 'suspended', runningmachine: 'pc-i440fx-10.1+pve0' });
    }),
  );
}

function demandOn(call: Call, path: string, privilege: string): void {
  const verdict = call.access.check(['perm', path, [privilege]], {});
  if (!verdict.ok) throw died(verdict.message.trimEnd());
}

/** Starts a guest that sleeps on disk: its memory is read back, and the volume that held it goes. */
export async function wakeUp(call: Call, guest: Guest, task: Task): Promise<void> {
  task.log('Resuming suspended VM');
  await task.wait(((guest.lastRun?.use.mem ?? usualMemory(call.state, guest)) / RATE) * 1000 + 2000);
  const volid = guest.config['vmstate'];
  boot(call.state, call.clock, guest);
  if (guest.lastRun?.inside) guest.inside = guest.lastRun.inside;
  if (volid !== undefined) freeVolume(call.state, guest.node, String(volid));
  changeConfig(guest, { lock: undefined, vmstate: undefined, runningmachine: undefined });
  task.log('Resumed VM, removing state');
}
