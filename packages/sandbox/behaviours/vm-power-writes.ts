import type { Behaviours, Call } from '../behaviour.ts';
import { boot, halt } from '../guests/boot.ts';
import { crmCommand } from '../guests/ha-request.ts';
import { powerOff, startVm } from '../guests/vm-power.ts';
import { suspendToDisk, wakeUp } from '../guests/vm-sleep.ts';
import {
  checkLock,
  died,
  existingGuest,
  isHaManaged,
  localGuest,
  onlyRoot,
  runningGuest,
  startTask,
  vmidOf,
  withFileLock,
} from '../guests/work.ts';
import { flagParam, guestOf } from './common.ts';

/** Power of virtual machines: PVE::API2::Qemu, status/*. */
export const vmPowerWrites: Behaviours = {
  'POST /nodes/{node}/qemu/{vmid}/status/start': (call) => {
    onlyRoot(
      call,
      'skiplock',
      'stateuri',
      'migratedfrom',
      'migration_type',
      'migration_network',
      'targetstorage',
      'force-cpu',
    );
    const guest = localGuest(call, 'qemu');
    if (guest && isHaManaged(call.state, guest)) return crmCommand(call, guest, 'start');
    return startTask(call, 'qmstart', (task) =>
      withFileLock(call, 'qemu', task, (found) => startVm(call, found, task)),
    );
  },

  'POST /nodes/{node}/qemu/{vmid}/status/stop': (call) => {
    onlyRoot(call, 'skiplock', 'migratedfrom', 'keepActive');
    const guest = localGuest(call, 'qemu');
    if (guest && isHaManaged(call.state, guest)) return crmCommand(call, guest, 'stop');
    return startTask(call, 'qmstop', async (task) => {
      if (flagParam(call, 'overrule-shutdown')) endShutdowns(call, 'qmshutdown');
      await withFileLock(call, 'qemu', task, async (found) => {
        if (found.status !== 'running') return;
        checkLock(call, found);
        await task.wait(1000);
        halt(call.state, call.clock, found);
      });
    });
  },

  'POST /nodes/{node}/qemu/{vmid}/status/shutdown': (call) => {
    onlyRoot(call, 'skiplock', 'keepActive');
    const guest = localGuest(call, 'qemu');
    if (guest?.qmpstatus === 'paused' && !flagParam(call, 'forceStop')) throw died('VM is paused - cannot shutdown');
    if (guest && isHaManaged(call.state, guest)) return crmCommand(call, guest, 'shutdown');
    return startTask(call, 'qmshutdown', (task) =>
      withFileLock(call, 'qemu', task, async (found) => {
        if (found.status !== 'running') return;
        checkLock(call, found);
        await powerOff(call, found, task, { force: flagParam(call, 'forceStop') });
      }),
    );
  },

  'POST /nodes/{node}/qemu/{vmid}/status/reboot': (call) => {
    const guest = existingGuest(call, 'qemu');
    if (guest.qmpstatus === 'paused') throw died('VM is paused - cannot shutdown');
    if (guest.status !== 'running') throw died(`VM ${guest.vmid} not running`);
    return startTask(call, 'qmreboot', (task) =>
      withFileLock(call, 'qemu', task, async (found) => {
        checkLock(call, found);
        await powerOff(call, found, task, { force: false });
        afterwards(call);
      }),
    );
  },

  'POST /nodes/{node}/qemu/{vmid}/status/reset': (call) => {
    onlyRoot(call, 'skiplock');
    mustRun(call);
    return startTask(call, 'qmreset', (task) =>
      withFileLock(call, 'qemu', task, async (found) => {
        checkLock(call, found);
        await task.wait(300);
        // the processes go on: only what is inside begins anew
        const { bootTime } = found;
        boot(call.state, call.clock, found);
        found.bootTime = bootTime;
      }),
    );
  },

  'POST /nodes/{node}/qemu/{vmid}/status/suspend': (call) => {
    onlyRoot(call, 'skiplock');
    const guest = mustRun(call);
    if (flagParam(call, 'todisk')) return suspendToDisk(call, guest);
    return startTask(call, 'qmpause', (task) =>
      withFileLock(call, 'qemu', task, async (found) => {
        checkLock(call, found);
        await task.wait(300);
        found.qmpstatus = 'paused';
      }),
    );
  },

  'POST /nodes/{node}/qemu/{vmid}/status/resume': (call) => {
    onlyRoot(call, 'skiplock', 'nocheck');
    const guest = guestOf(call, 'qemu');
    const sleeps = guest.config['lock'] === 'suspended';
    if (guest.status !== 'running' && !sleeps) throw died(`VM ${guest.vmid} not running`);
    return startTask(call, 'qmresume', (task) =>
      withFileLock(call, 'qemu', task, async (found) => {
        if (sleeps) return wakeUp(call, found, task);
        checkLock(call, found);
        await task.wait(300);
        found.qmpstatus = undefined;
      }),
    );
  },
};

function mustRun(call: Call) {
  const guest = runningGuest(call, 'qemu');
  if (!guest) throw died(`VM ${vmidOf(call)} not running`);
  return guest;
}

/** qmeventd notices that the guest has gone and starts it again, as root@pam and in a task of its own. */
function afterwards(call: Call): void {
  const asRoot: Call = { ...call, params: { vmid: vmidOf(call) }, caller: { userid: 'root@pam', authid: 'root@pam' } };
  call.clock.after(1000, () =>
    startTask(asRoot, 'qmstart', (task) => withFileLock(asRoot, 'qemu', task, (found) => startVm(asRoot, found, task))),
  );
}

/** `overrule-shutdown`: polite attempts of the same guest that are under way are given up. */
export function endShutdowns(call: Call, type: string): void {
  const id = String(vmidOf(call));
  for (const task of call.tasks.all()) {
    if (task.type === type && task.id === id && task.endtime === undefined) call.tasks.stop(task.upid);
  }
}
