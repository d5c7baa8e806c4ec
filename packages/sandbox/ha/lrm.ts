import type { Call } from '../behaviour.ts';
import { halt } from '../guests/boot.ts';
import { migrateContainer } from '../guests/container-migration.ts';
import { shutContainerDown, startContainer } from '../guests/container-power.ts';
import { migrateVm } from '../guests/vm-migration.ts';
import { powerOff, startVm } from '../guests/vm-power.ts';
import { startTask, withFileLock, type Task } from '../guests/work.ts';
import type { Guest } from '../state/model.ts';
import { rootCall, type World } from './world.ts';

/** What the local manager of a node does with a service, as root@pam: each resolves to whether it went well. */

export function lrmStart(world: World, guest: Guest): Promise<boolean> {
  if (guest.status === 'running') return Promise.resolve(true);
  return carryOut(world, guest, { qemu: 'qmstart', lxc: 'vzstart' }, {}, (call, found, task) =>
    found.type === 'qemu' ? startVm(call, found, task) : startContainer(call, found, task),
  );
}

/** With 0 seconds it is ended at once; else it is asked, and ended where it has not gone by then. */
export function lrmStop(world: World, guest: Guest, timeoutS: number | undefined): Promise<boolean> {
  if (guest.status !== 'running') return Promise.resolve(true);
  if (timeoutS === 0) {
    return carryOut(world, guest, { qemu: 'qmstop', lxc: 'vzstop' }, {}, async (call, found, task) => {
      await task.wait(1000);
      halt(call.state, call.clock, found);
    });
  }
  const params = timeoutS === undefined ? {} : { timeout: timeoutS };
  return carryOut(world, guest, { qemu: 'qmshutdown', lxc: 'vzshutdown' }, params, (call, found, task) =>
    found.type === 'qemu'
      ? powerOff(call, found, task, { force: true })
      : shutContainerDown(call, found, task, { force: true }),
  );
}

/** Live where it runs and may; a relocated service is stopped first. */
export async function lrmMove(
  world: World,
  guest: Guest,
  target: string,
  how: 'migrate' | 'relocate',
): Promise<boolean> {
  if (how === 'relocate' && !(await lrmStop(world, guest, undefined))) return false;
  const params = { target, online: 1, restart: 1, 'with-local-disks': 1 };
  return carryOut(world, guest, { qemu: 'qmigrate', lxc: 'vzmigrate' }, params, (call, found, task) =>
    found.type === 'qemu' ? migrateVm(call, found, task) : migrateContainer(call, found, task),
  );
}

function carryOut(
  world: World,
  guest: Guest,
  types: Record<Guest['type'], string>,
  params: Record<string, unknown>,
  work: (call: Call, guest: Guest, task: Task) => Promise<void>,
): Promise<boolean> {
  const call = rootCall(world, guest.node, { ...params, vmid: guest.vmid });
  return new Promise((resolve) => {
    startTask(call, types[guest.type], async (task) => {
      try {
        await withFileLock(call, guest.type, task, (found) => work(call, found, task));
        resolve(true);
      } catch (error) {
        resolve(false);
        throw error;
      }
    });
  });
}
