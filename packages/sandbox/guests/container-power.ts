import type { Call } from '../behaviour.ts';
import { numberParam } from '../behaviours/common.ts';
import { isTemplate } from '../behaviours/guest-rows.ts';
import type { Guest } from '../state/model.ts';
import { boot, halt, powerOffSeconds, startObstacle } from './boot.ts';
import { checkLock, died, type Task } from './work.ts';

const START_MS = 1500;
/** Seconds that a container is given to end by itself. */
const SHUTDOWN_S = 60;

/** PVE::LXC::vm_start. */
export async function startContainer(call: Call, guest: Guest, task: Task): Promise<void> {
  if (isTemplate(guest)) throw died("you can't start a CT if it's a template");
  checkLock(call, guest);
  if (guest.status === 'running') throw died(`CT ${guest.vmid} already running`);
  const obstacle = startObstacle(call.state, call.clock, guest);
  if (obstacle) {
    for (const line of obstacle.lines) task.log(line);
    throw obstacle.error;
  }
  await task.wait(START_MS);
  boot(call.state, call.clock, guest);
}

/** PVE::LXC::vm_stop with patience: lxc-stop asks, and with `force` kills afterwards. */
export async function shutContainerDown(
  call: Call,
  guest: Guest,
  task: Task,
  { force }: { force: boolean },
): Promise<void> {
  checkLock(call, guest);
  const patience = numberParam(call, 'timeout') ?? SHUTDOWN_S;
  const needed = powerOffSeconds(guest);
  await task.wait(Math.min(needed, patience) * 1000);
  if (needed > patience && !force) {
    throw died(`command 'lxc-stop -n ${guest.vmid} --nokill --timeout ${patience}' failed: exit code 1`);
  }
  halt(call.state, call.clock, guest);
}
