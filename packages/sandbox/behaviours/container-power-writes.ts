import type { Behaviours, Call } from '../behaviour.ts';
import { boot, halt } from '../guests/boot.ts';
import { shutContainerDown, startContainer } from '../guests/container-power.ts';
import { crmCommand } from '../guests/ha-request.ts';
import type { Guest } from '../state/model.ts';
import {
  checkLock,
  died,
  isHaManaged,
  localGuest,
  onlyRoot,
  runningGuest,
  startTask,
  vmidOf,
  withFileLock,
} from '../guests/work.ts';
import { flagParam } from './common.ts';
import { endShutdowns } from './vm-power-writes.ts';

/** Power of containers: PVE::API2::LXC::Status. */
export const containerPowerWrites: Behaviours = {
  'POST /nodes/{node}/lxc/{vmid}/status/start': (call) => {
    onlyRoot(call, 'skiplock');
    if (runningGuest(call, 'lxc')) throw died(`CT ${vmidOf(call)} already running`);
    const guest = localGuest(call, 'lxc');
    if (guest && isHaManaged(call.state, guest)) return crmCommand(call, guest, 'start');
    return startTask(call, 'vzstart', (task) =>
      withFileLock(call, 'lxc', task, (found) => startContainer(call, found, task)),
    );
  },

  'POST /nodes/{node}/lxc/{vmid}/status/stop': (call) => {
    onlyRoot(call, 'skiplock');
    const guest = mustRun(call);
    if (isHaManaged(call.state, guest)) return crmCommand(call, guest, 'stop');
    return startTask(call, 'vzstop', async (task) => {
      if (flagParam(call, 'overrule-shutdown')) endShutdowns(call, 'vzshutdown');
      await withFileLock(call, 'lxc', task, async (found) => {
        checkLock(call, found);
        await task.wait(1000);
        halt(call.state, call.clock, found);
      });
    });
  },

  'POST /nodes/{node}/lxc/{vmid}/status/shutdown': (call) => {
    const guest = mustRun(call);
    if (isHaManaged(call.state, guest)) return crmCommand(call, guest, 'shutdown');
    return startTask(call, 'vzshutdown', (task) =>
      withFileLock(call, 'lxc', task, (found) =>
        shutContainerDown(call, found, task, { force: flagParam(call, 'forceStop') }),
      ),
    );
  },

  'POST /nodes/{node}/lxc/{vmid}/status/reboot': (call) => {
    // the word VM is the original's
    if (!runningGuest(call, 'lxc')) throw died(`VM ${vmidOf(call)} not running`);
    return startTask(call, 'vzreboot', (task) =>
      withFileLock(call, 'lxc', task, async (found) => {
        await shutContainerDown(call, found, task, { force: false });
        boot(call.state, call.clock, found);
      }),
    );
  },

  'POST /nodes/{node}/lxc/{vmid}/status/suspend': (call) => {
    mustRun(call);
    return startTask(call, 'vzsuspend', async (task) => {
      await task.wait(1000);
      const folder = `/var/lib/vz/dump/CT-${vmidOf(call)}`;
      throw died(`command 'lxc-checkpoint -n ${vmidOf(call)} -s -D ${folder}' failed: exit code 1`);
    });
  },

  'POST /nodes/{node}/lxc/{vmid}/status/resume': (call) => {
    if (runningGuest(call, 'lxc')) throw died(`CT ${vmidOf(call)} already running`);
    return startTask(call, 'vzresume', async (task) => {
      await task.wait(500);
      throw died(`command 'lxc-checkpoint -r -n ${vmidOf(call)} --foreground -D /var/lib/vz/dump' failed: exit code 1`);
    });
  },
};

function mustRun(call: Call): Guest {
  const guest = runningGuest(call, 'lxc');
  if (!guest) throw died(`CT ${vmidOf(call)} not running`);
  return guest;
}
