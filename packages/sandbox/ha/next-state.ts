import { isOnline } from '../behaviours/common.ts';
import type { Guest } from '../state/model.ts';
import { isFenced, isLost } from './fencing.ts';
import { lrmMove, lrmStart, lrmStop } from './lrm.ts';
import { markActive } from './managers.ts';
import { bestNode, usableNodes } from './placement.ts';
import {
  changeResource,
  crmStateOf,
  limitOf,
  resourceOf,
  serviceOf,
  showService,
  wantedState,
  type CrmState,
  type Wanted,
} from './service.ts';
import { stealGuest } from './steal.ts';
import type { World } from './world.ts';

/** What somebody told the manager to do with a service: `ha-manager crm-command`. */
export type CrmCommand =
  { kind: 'migrate' | 'relocate'; node: string } | { kind: 'stop'; timeoutS: number | undefined };

/** What the manager keeps of a service beside what it shows. */
export interface Memory {
  command?: CrmCommand | undefined;
  /** Whether the local manager is at it; another order waits. */
  isBusy: boolean;
  /** How the last order ended, until the manager has looked. */
  outcome?: 'done' | 'failed' | undefined;
  stopTimeoutS?: number | undefined;
  failedStarts: number;
  triedNodes: string[];
}

/** One service under the manager's eyes. */
export interface Job {
  world: World;
  sid: string;
  guest: Guest;
  memory: Memory;
  /** To be called when an order has ended. */
  wake: () => void;
}

/** Changes of state that one round may bring a service; there is no longer chain. */
const MOST_CHANGES = 6;
/** Where the service's node has to be there for it to go on. */
const NEEDS_NODE = new Set<CrmState>(['started', 'stopped', 'request_stop', 'migrate', 'relocate']);

/** PVE::HA::Manager, manage: goes from state to state as far as it can without waiting for anything. */
export function advanceService(job: Job): void {
  takeStopCommand(job);
  for (let changes = 0; changes < MOST_CHANGES; changes++) {
    const before = crmOf(job);
    next(before, job);
    if (crmOf(job) === before) break;
  }
  showService(job.world.state, job.sid, { node: job.guest.node });
}

/** Whether the manager has to look again by itself; work that goes on calls it when it ends. */
export function isRestless(job: Job): boolean {
  if (job.memory.isBusy) return false;
  if (job.memory.command) return true;
  const crm = crmOf(job);
  if (NEEDS_NODE.has(crm) && !isThere(job)) return crm !== 'stopped' || wanted(job) !== 'disabled';
  if (crm === 'started') return job.guest.status !== 'running' || wanted(job) !== 'started';
  if (crm === 'stopped') return job.guest.status === 'running' || wanted(job) === 'started';
  return crm === 'request_stop' || crm === 'migrate' || crm === 'relocate' || crm === 'fence';
}

function crmOf({ world, sid }: Job): CrmState {
  const service = serviceOf(world.state, sid);
  return service ? crmStateOf(service) : 'stopped';
}

function wanted({ world, sid }: Job): Wanted {
  return wantedState(resourceOf(world.state, sid));
}

function isThere({ world, guest }: Job): boolean {
  const node = world.state.nodes.get(guest.node);
  return node !== undefined && isOnline(node);
}

function change({ world, sid }: Job, crm: CrmState, target?: string): void {
  showService(world.state, sid, { crm, target });
}

function order({ memory, wake }: Job, work: Promise<boolean>): void {
  memory.isBusy = true;
  memory.outcome = undefined;
  void work.then((isDone) => {
    memory.isBusy = false;
    memory.outcome = isDone ? 'done' : 'failed';
    wake();
  });
}

/** What went wrong before does not count any more. */
function forget(memory: Memory): void {
  Object.assign(memory, { outcome: undefined, failedStarts: 0, triedNodes: [] });
}

/** The command to stop is one for the configuration too. */
function takeStopCommand({ world, sid, memory }: Job): void {
  if (memory.command?.kind !== 'stop') return;
  memory.stopTimeoutS = memory.command.timeoutS;
  memory.command = undefined;
  changeResource(world.state, sid, { state: 'stopped' });
}

function next(crm: CrmState, job: Job): void {
  if (NEEDS_NODE.has(crm) && !isThere(job)) return withoutNode(crm, job);
  switch (crm) {
    case 'started':
      return started(job);
    case 'request_stop':
      return stopping(job);
    case 'stopped':
      return stopped(job);
    case 'migrate':
    case 'relocate':
      return moving(job, crm);
    case 'fence':
      if (isFenced(job.world, job.guest.node)) change(job, 'recovery');
      return;
    case 'recovery':
      return recover(job);
    case 'freeze':
      if (usableNodes(job.world.state).includes(job.guest.node)) settleDown(job);
      return;
    case 'error':
      if (wanted(job) !== 'disabled') return;
      forget(job.memory);
      job.memory.command = undefined;
      change(job, 'stopped');
  }
}

/** A service whose node is gone waits; after a minute the node is to be fenced. */
function withoutNode(crm: CrmState, job: Job): void {
  if (crm === 'stopped' && wanted(job) === 'disabled') return;
  if (isLost(job.world, job.guest.node)) change(job, 'fence');
}

function started(job: Job): void {
  const { memory, world, sid, guest } = job;
  if (memory.isBusy) return;
  if (wanted(job) !== 'started') return change(job, 'request_stop');
  if (memory.outcome === 'failed') return startFailed(job);
  if (memory.outcome === 'done') forget(memory);
  if (takeMove(job)) return;
  const best = bestNode(world.state, sid, guest.node);
  if (best !== undefined && best !== guest.node) {
    return change(job, guest.type === 'qemu' ? 'migrate' : 'relocate', best);
  }
  if (guest.status !== 'running') order(job, lrmStart(world, guest));
}

/** First again on the same node, then on others; then it is given up (restart and relocation policy). */
function startFailed(job: Job): void {
  const { memory, world, sid, guest } = job;
  const resource = resourceOf(world.state, sid);
  memory.outcome = undefined;
  if (memory.failedStarts++ < limitOf(resource, 'max_restart')) return order(job, lrmStart(world, guest));
  memory.failedStarts = 0;
  memory.triedNodes.push(guest.node);
  if (memory.triedNodes.length > limitOf(resource, 'max_relocate')) return change(job, 'error');
  const best = bestNode(world.state, sid, guest.node, memory.triedNodes);
  if (best !== undefined) return change(job, 'relocate', best);
  order(job, lrmStart(world, guest));
}

function stopping(job: Job): void {
  const { memory, world, guest } = job;
  if (memory.isBusy) return;
  if (memory.outcome === 'failed') return change(job, 'error');
  memory.outcome = undefined;
  if (guest.status === 'running') return order(job, lrmStop(world, guest, memory.stopTimeoutS));
  memory.stopTimeoutS = undefined;
  change(job, 'stopped');
}

function stopped(job: Job): void {
  const { memory, world, sid, guest } = job;
  if (memory.isBusy) return;
  memory.outcome = undefined;
  if (takeMove(job)) return;
  if (wanted(job) !== 'started') {
    // the local manager sees to it that what is to be off is off
    if (guest.status === 'running') order(job, lrmStop(world, guest, undefined));
    return;
  }
  const best = bestNode(world.state, sid, guest.node);
  if (best === undefined) return;
  if (best === guest.node) change(job, 'started');
  else change(job, 'relocate', best);
}

/** A move that was asked for begins, where the node is there and another one. */
function takeMove(job: Job): boolean {
  const { command } = job.memory;
  if (!command || command.kind === 'stop') return false;
  job.memory.command = undefined;
  if (command.node === job.guest.node || !usableNodes(job.world.state).includes(command.node)) return false;
  change(job, command.kind, command.node);
  return true;
}

function moving(job: Job, how: 'migrate' | 'relocate'): void {
  const { memory, world, sid, guest } = job;
  if (memory.isBusy) return;
  const target = String(serviceOf(world.state, sid)?.['target'] ?? guest.node);
  if (memory.outcome === undefined) return order(job, lrmMove(world, guest, target, how));
  memory.outcome = undefined;
  settleDown(job);
}

/** On whatever node it is now, it is started or stopped as is wanted. */
function settleDown(job: Job): void {
  change(job, wanted(job) === 'started' ? 'started' : 'request_stop');
  markActive(job.world.state, job.guest.node);
}

/** PVE::HA::Manager, next_state_recovery: to the best node that is left; where there is none, it waits for one. */
function recover(job: Job): void {
  const { memory, world, sid, guest } = job;
  if (memory.isBusy) return;
  forget(memory);
  memory.command = undefined;
  if (wanted(job) === 'disabled') return change(job, 'stopped');
  const best = bestNode(world.state, sid, guest.node);
  if (best === undefined) return;
  if (best !== guest.node) stealGuest(world, guest, best);
  settleDown(job);
}
