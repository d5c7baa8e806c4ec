import type { World } from '../ha/world.ts';
import type { State } from '../state/model.ts';
import { dueBackups } from './backup-jobs.ts';
import { dueReplications } from './replication-runs.ts';

/** The schedulers that run, by their cluster. */
const schedulers = new WeakMap<State, Scheduler>();

/**
 * pvescheduler of all nodes (pve-manager PVE/Service/pvescheduler.pm): backup and replication jobs begin by themselves in
 * the sandbox's time. It waits for the next that is due, since looking every minute would make long waits long to compute.
 */
class Scheduler {
  readonly #world: World;
  #callOff = (): void => undefined;

  constructor(world: World) {
    this.#world = world;
  }

  /** Waits anew for what is due first. */
  arm(): void {
    this.#callOff();
    const { clock } = this.#world;
    const now = clock.now();
    const after = Math.floor(now / 1_000);
    const due = [...dueBackups(this.#world, after), ...dueReplications(this.#world, after)];
    const first = Math.min(...due.map(({ at }) => at));
    if (first === Infinity) return;
    this.#callOff = clock.after(first * 1_000 - now, () => {
      for (const { at, run } of due) if (at === first) run();
      this.arm();
    });
  }
}

/** Lets the jobs of a cluster run by the calendar from now on, for as long as its clock goes. */
export function startScheduler(world: World): void {
  const scheduler = new Scheduler(world);
  schedulers.set(world.state, scheduler);
  scheduler.arm();
}

/** Whether the jobs of a cluster run; those of a twin do not. */
export const isScheduled = (state: State): boolean => schedulers.has(state);

/** Jobs have changed, or a node is back: something else may be due first. */
export function wakeScheduler({ state }: Pick<World, 'state'>): void {
  schedulers.get(state)?.arm();
}
