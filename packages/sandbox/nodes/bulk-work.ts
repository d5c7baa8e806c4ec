import type { Behaviours, Call, Handler } from '../behaviour.ts';
import { flagParam, nodeOf, numberParam } from '../behaviours/common.ts';
import { containerPowerWrites } from '../behaviours/container-power-writes.ts';
import { migrateWrites } from '../behaviours/migrate-writes.ts';
import { vmPowerWrites } from '../behaviours/vm-power-writes.ts';
import { localResources } from '../behaviours/migrate.ts';
import { localVolumes } from '../guests/local-volumes.ts';
import { died, type Task } from '../guests/work.ts';
import type { Guest } from '../state/model.ts';
import { forGuest, guestsMeant, inOrder, sideBySide, startupOf, titleOf } from './bulk.ts';

/** Seconds between two starts of virtual machines, to keep the load down. */
const START_DELAY_S = 3;
const STOP_TIMEOUT_S = { qemu: 180, lxc: 60 };

/** The method for one guest's power, by what is to be done. */
function power(guest: Guest, what: 'start' | 'shutdown' | 'suspend'): Handler | undefined {
  const table: Behaviours = guest.type === 'qemu' ? vmPowerWrites : containerPowerWrites;
  return table[`POST /nodes/{node}/${guest.type}/{vmid}/status/${what}`];
}

/** Workers at a time: as asked for, as the datacenter says, else one a CPU. */
function workersOf(call: Call): number {
  const asked = numberParam(call, 'max-workers') ?? numberParam(call, 'maxworkers');
  const ofCluster = Number(call.state.options['max_workers'] ?? 0);
  return asked ?? (ofCluster > 0 ? ofCluster : nodeOf(call).maxcpu);
}

/** Guests that are to be there from the start (or all, with `force`), one after the other in their order. */
export async function startAll(call: Call, task: Task): Promise<void> {
  const meant = guestsMeant(call).filter(
    (guest) => flagParam(call, 'force') || Number(guest.config['onboot'] ?? 0) === 1,
  );
  for (const guest of inOrder(meant).flat()) {
    if (guest.status === 'running') continue;
    task.log(`Starting ${titleOf(guest)}`);
    const status = await forGuest(call, guest, task, power(guest, 'start'), {});
    if (status !== 'OK') {
      if (status !== 'refused') task.log(`Starting ${titleOf(guest)} failed: ${status}`);
      continue;
    }
    const { up } = startupOf(guest);
    if (up !== undefined) task.log(`Waiting for ${up} seconds (startup delay)`);
    await task.wait((up ?? (guest.type === 'qemu' ? START_DELAY_S : 0)) * 1000);
  }
}

/** In the reverse order, those of one place side by side. */
export async function stopAll(call: Call, task: Task): Promise<void> {
  const force = call.params['force-stop'] === undefined || flagParam(call, 'force-stop');
  for (const group of inOrder(guestsMeant(call)).reverse()) {
    const running = group.filter(({ status }) => status === 'running').reverse();
    await sideBySide(running, workersOf(call), (guest) => {
      const timeout = startupOf(guest).down ?? numberParam(call, 'timeout') ?? STOP_TIMEOUT_S[guest.type];
      task.log(`Stopping ${titleOf(guest)} (timeout = ${timeout} seconds)`);
      return forGuest(call, guest, task, power(guest, 'shutdown'), { timeout, ...(force ? { forceStop: 1 } : {}) });
    });
  }
}

/** To disk; containers cannot be suspended and are passed over. */
export async function suspendAll(call: Call, task: Task): Promise<void> {
  for (const group of inOrder(guestsMeant(call)).reverse()) {
    await sideBySide(group.reverse(), workersOf(call), async (guest) => {
      if (guest.type === 'lxc') return task.log(`Skipping '${guest.vmid}', only VMs can be suspended`);
      if (guest.status !== 'running') return;
      task.log(`Suspending VM ${guest.vmid}`);
      await forGuest(call, guest, task, power(guest, 'suspend'), { todisk: 1 });
    });
  }
}

/** All of them, side by side; what has something that ties it to the node is passed over. */
export async function migrateAll(call: Call, task: Task, target: string): Promise<void> {
  const everyone = { ...call, params: { ...call.params, vms: call.params['vms'] ?? '' } };
  await sideBySide(guestsMeant(everyone), workersOf(call), async (guest) => {
    task.log(`Migrating ${titleOf(guest)}`);
    const tie = tiesOf(call, guest);
    if (tie !== '') return task.log(`skip VM ${guest.vmid} - precondition check failed:${tie}`);
    const lives = guest.status === 'running' ? 1 : 0;
    const params = guest.type === 'lxc' ? { target, restart: lives } : { target, online: lives, ...localDisks(call) };
    const method = migrateWrites[`POST /nodes/{node}/${guest.type}/{vmid}/migrate`];
    await forGuest(call, guest, task, method, params);
  });
}

function localDisks(call: Call): Record<string, number> {
  return flagParam(call, 'with-local-disks') ? { 'with-local-disks': 1 } : {};
}

function tiesOf(call: Call, guest: Guest): string {
  if (guest.type === 'lxc') return '';
  const resources = localResources(guest.config);
  const isLive = guest.status === 'running' && !flagParam(call, 'with-local-disks');
  const disks = isLive ? localVolumes(call, guest).map(({ volid }) => volid) : [];
  return [
    disks.length > 0 ? `\n  Has local disks: ${disks.join(', ')}` : '',
    resources.length > 0 ? `\n  Has local resources: ${resources.join(', ')}` : '',
  ].join('');
}

/** PVE::API2::Nodes: the number of workers has to be said somewhere. */
export function demandWorkers(call: Call): void {
  const isSaid = ['maxworkers', 'max-workers'].some((key) => numberParam(call, key) !== undefined);
  if (isSaid || Number(call.state.options['max_workers'] ?? 0) > 0) return;
  throw died("either 'maxworkers' parameter or max_workers in datacenter.cfg must be set!");
}
