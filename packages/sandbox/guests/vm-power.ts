import type { Call } from '../behaviour.ts';
import { numberParam } from '../behaviours/common.ts';
import { isTemplate } from '../behaviours/guest-rows.ts';
import type { Guest } from '../state/model.ts';
import { properties } from '../state/guest-size.ts';
import { boot, halt, powerOffSeconds, startObstacle } from './boot.ts';
import { hasCloudInitDrive, writeCloudInit } from './cloud-init.ts';
import { wakeUp } from './vm-sleep.ts';
import { checkLock, died, type Task } from './work.ts';

/** Milliseconds from the request to a running QEMU. */
const START_MS = 2000;
/** Seconds that a polite power-off is waited for, unless told otherwise. */
const POWER_OFF_S = 60;

/** PVE::QemuServer::vm_start, within the file lock: what refuses, then what QEMU itself says. */
export async function startVm(call: Call, guest: Guest, task: Task): Promise<void> {
  if (isTemplate(guest)) throw died("you can't start a vm if it's a template");
  const sleeps = guest.config['lock'] === 'suspended';
  if (!sleeps) checkLock(call, guest);
  if (guest.status === 'running') throw died(`VM ${guest.vmid} already running`);
  if (sleeps) return wakeUp(call, guest, task);
  const obstacle = startObstacle(call.state, call.clock, guest);
  if (obstacle) {
    for (const line of obstacle.lines) task.log(line);
    throw obstacle.error;
  }
  if (hasCloudInitDrive(guest)) {
    task.log('generating cloud-init ISO');
    writeCloudInit(guest);
  }
  await task.wait(START_MS);
  boot(call.state, call.clock, guest);
}

/** Asks a guest to power itself off; with `force` it is ended when it has not by then. */
export async function powerOff(call: Call, guest: Guest, task: Task, { force }: { force: boolean }): Promise<void> {
  const down = Number(properties(guest.config['startup'])['down'] ?? POWER_OFF_S);
  const patience = numberParam(call, 'timeout') ?? down;
  const needed = guest.qmpstatus === 'paused' ? Number.POSITIVE_INFINITY : powerOffSeconds(guest);
  await task.wait(Math.min(needed, patience) * 1000);
  if (needed > patience) {
    if (!force) throw died('VM quit/powerdown failed - got timeout');
    task.log('VM quit/powerdown failed - terminating now with SIGTERM');
    await task.wait(1000);
  }
  halt(call.state, call.clock, guest);
}
