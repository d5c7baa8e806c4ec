import { PveError, type Call } from '../behaviour.ts';
import { flagParam, guestOf, numberParam, sidOf } from '../behaviours/common.ts';
import type { Guest, State } from '../state/model.ts';
import type { TaskStart } from '../tasks.ts';

/** What a running task can do: log, warn, wait. */
export type Task = Parameters<TaskStart['run']>[0];

/** Begins a task about a guest on the node that the request runs on, in the caller's name; gives its UPID. */
export function startTask(call: Call, type: string, run: TaskStart['run'], id: string | number = vmidOf(call)): string {
  return call.tasks.start({ type, id: String(id), node: call.node, user: call.caller.authid, run });
}

/** The guest's number that the path names. */
export function vmidOf(call: Call): number {
  return numberParam(call, 'vmid') ?? 0;
}

/** A plain `die` of Perl's. */
export function died(text: string): PveError {
  return new PveError(500, `${text}\n`);
}

/** A 400 with texts by field, as raise_param_exc makes it. */
export function refused(errors: Record<string, string>): PveError {
  return new PveError(400, 'Parameter verification failed.\n', errors);
}

/** The guest on this node where it is and runs; undefined for a missing one as well, as check_running has it. */
export function runningGuest(call: Call, type: Guest['type']): Guest | undefined {
  const guest = localGuest(call, type);
  return guest?.status === 'running' ? guest : undefined;
}

/** The guest of that type on this node, if it is there. */
export function localGuest(call: Call, type: Guest['type']): Guest | undefined {
  const guest = call.state.guests.get(vmidOf(call));
  return guest?.type === type && guest.node === call.node ? guest : undefined;
}

/** As `guestOf`, in the words of calls that look whether the guest runs before they read its configuration. */
export function existingGuest(call: Call, type: Guest['type']): Guest {
  const guest = localGuest(call, type);
  if (guest) return guest;
  throw died(`unable to find configuration file for VM ${vmidOf(call)} on node '${call.node}'`);
}

/** Options that root@pam itself may use, and no token of its. */
export function onlyRoot(call: Call, ...names: string[]): void {
  if (call.caller.authid === 'root@pam') return;
  const used = names.find((name) => call.params[name] !== undefined);
  if (used !== undefined) throw refused({ [used]: 'Only root may use this option.' });
}

/** PVE::AbstractConfig::check_lock; `skiplock` (root@pam) passes by. */
export function checkLock(call: Call, guest: Guest): void {
  const lock = guest.config['lock'];
  if (lock === undefined || lock === '' || flagParam(call, 'skiplock')) return;
  throw died(`${guest.type === 'qemu' ? 'VM' : 'CT'} is locked (${lock})`);
}

/** Replaces the configuration: new values, and undefined for what goes. */
export function changeConfig(guest: Guest, changes: Record<string, string | number | undefined>): void {
  const next = { ...guest.config };
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) delete next[key];
    else next[key] = value;
  }
  guest.config = next;
}

/** Runs work while the configuration's `lock` says what goes on; it is taken away afterwards, whatever came of it. */
export async function whileLocked<T>(call: Call, guest: Guest, lock: string, work: () => Promise<T>): Promise<T> {
  checkLock(call, guest);
  changeConfig(guest, { lock });
  try {
    return await work();
  } finally {
    if (guest.config['lock'] === lock) changeConfig(guest, { lock: undefined });
  }
}

const held = new WeakMap<State, Set<number>>();

function heldIn(state: State): Set<number> {
  const known = held.get(state) ?? new Set<number>();
  held.set(state, known);
  return known;
}

/** Seconds that flock is waited for (pve-common Tools.pm, lock_file). */
const LOCK_WAIT_S = 10;

function lockTimeout(type: Guest['type'], vmid: number): PveError {
  const file = type === 'qemu' ? `/var/lock/qemu-server/lock-${vmid}.conf` : `/run/lock/lxc/pve-config-${vmid}.lock`;
  return died(`can't lock file '${file}' - got timeout`);
}

/** Runs part of a task with the guest's configuration file locked: one after the other, 10 s of patience. */
export async function withFileLock(
  call: Call,
  type: Guest['type'],
  task: Task,
  work: (guest: Guest) => Promise<void>,
): Promise<void> {
  const vmid = vmidOf(call);
  const locks = heldIn(call.state);
  if (locks.has(vmid)) task.log('trying to acquire lock...');
  for (let waited = 0; locks.has(vmid); waited++) {
    if (waited >= LOCK_WAIT_S) throw lockTimeout(type, vmid);
    await task.wait(1000);
  }
  locks.add(vmid);
  try {
    await work(guestOf(call, type));
  } finally {
    locks.delete(vmid);
  }
}

/** Waits until nobody holds the file of a guest that is about to be changed within one request. */
export async function untilUnlocked(call: Call, type: Guest['type']): Promise<void> {
  const vmid = vmidOf(call);
  for (let waited = 0; heldIn(call.state).has(vmid); waited++) {
    if (waited >= LOCK_WAIT_S) throw lockTimeout(type, vmid);
    await call.clock.hold(1000);
  }
}

/** Whether HA looks after the guest: configured, and not told to ignore it (PVE::HA::Config::vm_is_ha_managed). */
export function isHaManaged(state: State, guest: Guest): boolean {
  const resource = state.ha.resources.find(({ sid }) => sid === sidOf(guest));
  return resource !== undefined && resource['state'] !== 'ignored';
}
