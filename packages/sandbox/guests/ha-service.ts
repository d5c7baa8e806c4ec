import type { Call } from '../behaviour.ts';
import type { Guest } from '../state/model.ts';
import { halt } from './boot.ts';
import { startContainer, shutContainerDown } from './container-power.ts';
import { powerOff, startVm } from './vm-power.ts';
import { startTask, withFileLock } from './work.ts';

type Done = (word: 'started' | 'stopped') => void;

/** The local manager starts a service on its node, as root@pam. */
export function carryOutStart(call: Call, guest: Guest, done: Done): void {
  if (guest.status === 'running') return done('started');
  const { type } = guest;
  startTask(call, type === 'qemu' ? 'qmstart' : 'vzstart', async (task) => {
    await withFileLock(call, type, task, (found) =>
      type === 'qemu' ? startVm(call, found, task) : startContainer(call, found, task),
    );
    done('started');
  });
}

/** The local manager shuts a service down, by force where it does not go by itself. */
export function carryOutShutdown(call: Call, guest: Guest, done: Done): void {
  if (guest.status !== 'running') return done('stopped');
  const { type } = guest;
  startTask(call, type === 'qemu' ? 'qmshutdown' : 'vzshutdown', async (task) => {
    await withFileLock(call, type, task, (found) =>
      type === 'qemu'
        ? powerOff(call, found, task, { force: true })
        : shutContainerDown(call, found, task, { force: true }),
    );
    done('stopped');
  });
}

/** The local manager ends a service at once. */
export function carryOutStop(call: Call, guest: Guest, done: Done): void {
  if (guest.status !== 'running') return done('stopped');
  startTask(call, guest.type === 'qemu' ? 'qmstop' : 'vzstop', async (task) => {
    await withFileLock(call, guest.type, task, async (found) => {
      await task.wait(1000);
      halt(call.state, call.clock, found);
    });
    done('stopped');
  });
}
