import { properties } from '../state/guest-size.ts';
import { halt } from '../guests/boot.ts';
import { wakeCrm } from '../ha/crm.ts';
import { wasReset } from '../ha/fencing.ts';
import { lrmStop } from '../ha/lrm.ts';
import { crmStateOf, guestBySid, showService } from '../ha/service.ts';
import { rootCall, type World } from '../ha/world.ts';
import { wakeScheduler } from '../jobs/scheduler.ts';
import type { NodeState } from '../state/model.ts';
import { changeAbsence } from './absence.ts';
import { startAll, stopAll } from './bulk-work.ts';

/** From power-on, or a reset, to a node that is back in the cluster. */
const BOOT_MS = 90_000;
/** How long a node waits for its services to have moved away. */
const MOST_MOVING_MS = 1_800_000;

export type PowerCommand = 'reboot' | 'shutdown';

function pause({ clock }: World, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve);
  });
}

/** Nodes that are on their way down, or off until somebody turns them on. */
const goingDown = new WeakSet<NodeState>();
const turnedOff = new WeakSet<NodeState>();
/** Nodes that have booted while they were cut off. */
const bootedAlone = new WeakSet<NodeState>();

/** A node goes down in good order: HA first, then its guests, then itself; after a reboot it comes back. */
export async function powerDown(world: World, node: NodeState, command: PowerCommand): Promise<void> {
  if (goingDown.has(node)) return;
  goingDown.add(node);
  const isFrozen = await releaseServices(world, node, command);
  await new Promise<void>((resolve) => {
    const call = rootCall(world, node.name, {});
    const run = (task: Parameters<typeof stopAll>[1]): Promise<void> => stopAll(call, task).finally(resolve);
    world.tasks.start({ type: 'stopall', id: '', node: node.name, user: 'root@pam', run });
  });
  await pause(world, 5000);
  goDown(world, node);
  if (!isFrozen) unfreeze(world, node.name);
  goingDown.delete(node);
  if (command === 'reboot') world.clock.after(BOOT_MS, () => turnOn(world, node));
  else turnedOff.add(node);
}

/** The magic packet reaches a node that is off; one that is lost in another way does not hear it. */
export function wakeUpNode(world: World, node: NodeState): void {
  if (turnedOff.delete(node)) world.clock.after(BOOT_MS, () => turnOn(world, node));
}

/** A node that has booted is back, unless it is lost in another way: then it waits for the cluster. */
function turnOn(world: World, node: NodeState): void {
  const goneSince = changeAbsence(node, world.clock.now(), { isOff: false });
  if (goneSince === undefined) bootedAlone.add(node);
  else comeUp(world, node);
}

/** The node is gone: its tasks end, nothing runs on it any more. */
function goDown(world: World, node: NodeState): void {
  endTasks(world, node.name);
  changeAbsence(node, world.clock.now(), { isOff: true });
  for (const guest of world.state.guests.values()) {
    if (guest.node === node.name && guest.status === 'running') halt(world.state, world.clock, guest);
  }
  wakeCrm(world);
}

function endTasks({ tasks }: World, node: string): void {
  for (const task of tasks.all()) if (task.node === node && task.endtime === undefined) tasks.stop(task.upid);
}

/** A node boots: it is back in the cluster, and starts the guests that are to be there. */
function comeUp(world: World, node: NodeState): void {
  const { state, clock, tasks } = world;
  node.bootTime = Math.floor(clock.now() / 1000);
  for (const guest of state.guests.values()) {
    if (guest.node === node.name && guest.status === 'running') halt(state, clock, guest);
  }
  setLrm(world, node.name, 'active');
  wakeScheduler(world);
  const call = rootCall(world, node.name, {});
  tasks.start({ type: 'startall', id: '', node: node.name, user: 'root@pam', run: (task) => startAll(call, task) });
  wakeCrm(world);
}

/** A node that was lost is there again; where its watchdog has ended it meanwhile, it has booted anew. */
export function returnNode(world: World, node: NodeState, goneSince: number): void {
  const hasBooted = bootedAlone.delete(node);
  if (hasBooted || wasReset(world, node.name, goneSince)) {
    endTasks(world, node.name);
    comeUp(world, node);
  }
  wakeCrm(world);
  wakeScheduler(world);
}

/** PVE::HA::LRM, shutdown_request: services are stopped and kept for the node, or moved away, as the policy says. */
async function releaseServices(world: World, node: NodeState, command: PowerCommand): Promise<boolean> {
  const policy = policyOf(world);
  const mine = (): string[] =>
    world.state.ha.services.filter((row) => row['node'] === node.name).map(({ sid }) => String(sid));
  if (policy === 'migrate') {
    setLrm(world, node.name, 'maintenance mode');
    wakeCrm(world);
    for (let waited = 0; mine().length > 0 && waited < MOST_MOVING_MS; waited += 10_000) await pause(world, 10_000);
  }
  const isFrozen = policy === 'freeze' || (policy === 'conditional' && command === 'reboot');
  setLrm(world, node.name, isFrozen ? 'restart mode' : 'shutdown mode');
  for (const sid of mine()) showService(world.state, sid, { crm: 'freeze' });
  const guests = mine().flatMap((sid) => guestBySid(world.state, sid) ?? []);
  await Promise.all(guests.map((guest) => lrmStop(world, guest, undefined)));
  return isFrozen;
}

/** Services that are not kept for the node are recovered elsewhere once it is gone. */
function unfreeze(world: World, node: string): void {
  for (const row of world.state.ha.services) {
    const isKept = row['node'] === node && crmStateOf(row) === 'freeze';
    if (isKept) showService(world.state, String(row['sid']), { crm: 'started' });
  }
}

function policyOf({ state }: World): string {
  const ha = state.options['ha'];
  const parts = typeof ha === 'string' ? properties(ha) : ((ha ?? {}) as Record<string, unknown>); // as datacenter.cfg is kept
  return String(parts['shutdown_policy'] ?? 'conditional');
}

function setLrm({ state }: World, node: string, word: string): void {
  const isBusy = (before: string): boolean => before !== 'idle';
  state.ha.lrm = state.ha.lrm.map((sign) => (sign.node === node && isBusy(sign.word) ? { ...sign, word } : sign));
}
