import type { SandboxClock } from '@pxa/sandbox';

/** The simulation does not come to its end: something waits for what never comes, or goes on for ever. */
class Stuck extends Error {
  override readonly name = 'Stuck';
}

/**
 * The time of a simulation. It stands still while anything is computed, and leaps to what falls due next, so that hours
 * take no time and the same seed goes the same way.
 */
export class Time {
  readonly clock: SandboxClock;
  /** How far the clock of the machines that run pxa is ahead of the cluster's; it may jump. */
  offsetMs = 0;
  #underWay = 0;

  constructor(clock: SandboxClock) {
    this.clock = clock;
  }

  /** What the machines that run pxa take for now. */
  readonly now = (): number => this.clock.now() + this.offsetMs;

  /** Keeps time still while `work` is under way. */
  async busy<T>(work: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    try {
      return await work();
    } finally {
      this.#underWay -= 1;
    }
  }

  /** Waits, past all processes. */
  pass(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.clock.after(ms, resolve);
    });
  }

  /** Lets time go by until the promise settles. @throws Stuck when that takes longer than `mostMs`. */
  async until<T>(promise: Promise<T>, mostMs: number): Promise<T> {
    let isOver = false;
    const over = (): void => {
      isOver = true;
    };
    promise.then(over, over);
    const endMs = this.clock.now() + mostMs;
    while (!isOver) {
      await turn();
      if (isOver || this.#underWay > 0) continue;
      if (!(await this.clock.step())) throw new Stuck('nothing is under way, and nobody waits for a time');
      if (this.clock.now() > endMs) throw new Stuck(`it has not come to its end within ${mostMs / 3_600_000} hours`);
    }
    return promise;
  }
}

/** Until every promise that can go on has done so. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
