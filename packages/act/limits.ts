/** How far carrying a job out may go, in everything that could go on without end. */
export interface Limits {
  /** Steps under way at the same time on one node, and in all. */
  readonly perNode: number;
  readonly atOnce: number;
  /** How long a hold on a job lasts without being renewed. A call's own time limit must end before it does. */
  readonly leaseMs: number;
  /**
   * How long after it was sent a request may still come to something: the client waits for its answer for half a minute,
   * pveproxy gives up after as long (pve-http-server AnyEvent.pm), and what works on it then waits for locks for a while.
   */
  readonly callMs: number;
  /** How far the clocks of the nodes may be apart. */
  readonly clockToleranceMs: number;
  /** How often it is looked whether the job is to stop. */
  readonly cancelEveryMs: number;
  /** How long a stopped task may take to end (pve-common RESTEnvironment.pm kills it after 5 s). */
  readonly stopMs: number;
  /** How long a state may take to show itself after a task has ended: lists are up to 10 s behind. */
  readonly settleMs: number;
  /** The same where HA carries out what was asked for: its manager works in rounds of 10 s. */
  readonly haSettleMs: number;
  /** How long what could not be read is read again before it counts as unreadable. */
  readonly unreadableMs: number;
  /** How long the node of a task may be out of reach before the task is given up for unknown. */
  readonly awayMs: number;
  /** How long Proxmox's own locks are waited for, within the step's limit. */
  readonly lockMs: number;
  /** The least between two events of a step's progress. */
  readonly eventEveryMs: number;
}

export const defaultLimits: Limits = {
  perNode: 2,
  atOnce: 16,
  leaseMs: 60_000,
  callMs: 80_000,
  clockToleranceMs: 3_000,
  cancelEveryMs: 2_000,
  stopMs: 30_000,
  settleMs: 20_000,
  haSettleMs: 120_000,
  unreadableMs: 120_000,
  awayMs: 10 * 60_000,
  lockMs: 30 * 60_000,
  eventEveryMs: 2_000,
};

/** The waits between attempts: growing, and never long enough to look asleep. */
export function backoffMs(attempt: number): number {
  return Math.min(1_000 * 2 ** attempt, 15_000);
}
