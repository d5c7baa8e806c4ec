import type { SandboxClock } from '@pxa/sandbox';

interface Sleeper {
  readonly dueMs: number;
  readonly process: Process;
  readonly wake: () => void;
}

/** So many turns the timers of a process that goes on have to themselves. */
const TURNS_OF_TIMERS = 50;
/** So many idle turns without anybody who sleeps: nothing will ever happen again. */
const STUCK_TURNS = 20_000;

/**
 * Time for tests: it stands still while anything is under way, and leaps to the next sleeper's end when nothing is, so
 * that an hour of waiting takes no time and the same run goes the same way.
 */
export class Sim {
  readonly clock: SandboxClock;
  #underWay = 0;
  #sleepers: Sleeper[] = [];

  constructor(clock: SandboxClock) {
    this.clock = clock;
  }

  /** Keeps time still while `work` is under way. */
  async busy<T>(work: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    try {
      return await work();
    } finally {
      this.#underWay -= 1;
    }
  }

  sleep(process: Process, ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const sleeper = { dueMs: this.clock.now() + Math.max(0, ms), process, wake: resolve };
      this.#sleepers.push(sleeper);
      const early = (): void => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        if (!process.isDead) resolve();
      };
      signal?.addEventListener('abort', early, { once: true });
    });
  }

  /** A dead process wakes up no more. */
  forget(process: Process): void {
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper.process !== process);
  }

  /** Lets time go by until the promise settles. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let isOver = false;
    const over = promise.finally(() => (isOver = true));
    // Whoever awaits `until` hears of it.
    over.catch(() => undefined);
    for (let idle = 0; !isOver;) {
      await turn();
      if (isOver || this.#underWay > 0) continue;
      const next = this.#takeNext();
      if (next === undefined) {
        if (++idle > STUCK_TURNS) throw new Error('nothing is under way, and nobody sleeps');
        continue;
      }
      idle = 0;
      await this.clock.advance(Math.max(0, next.dueMs - this.clock.now()));
      next.wake();
      await turn();
    }
    return over;
  }

  /** Waits until what is under way has come to its end, while time stands still. */
  async quiet(): Promise<void> {
    do await turn();
    while (this.#underWay > 0);
  }

  #takeNext(): Sleeper | undefined {
    const next = this.#sleepers.reduce<Sleeper | undefined>(
      (first, other) =>
        !other.process.isStopped && (first === undefined || other.dueMs < first.dueMs) ? other : first,
      undefined,
    );
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== next);
    return next;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/**
 * When a process dies: right before its n-th step (a request, or a read or write of the store), or right after it. Or when
 * it is stopped, to go on later.
 */
export interface Death {
  readonly at: number;
  readonly when: 'before' | 'after' | 'stopped';
}

/**
 * A process as far as the outside can tell: the requests that it makes and what it has the store do. Once dead it does
 * nothing more, and nothing that it waited for ever comes back to it, as after `kill -9`.
 */
export class Process {
  readonly name: string;
  readonly #sim: Sim;
  readonly #death: Death | undefined;
  readonly #died = Promise.withResolvers<'died'>();
  readonly #goesOn = Promise.withResolvers<void>();
  steps = 0;
  isDead = false;
  isStopped = false;
  /** What it was about to do, or had just done, when it died. */
  lastStep = '';

  constructor(sim: Sim, name: string, death?: Death) {
    this.#sim = sim;
    this.name = name;
    this.#death = death;
  }

  get died(): Promise<'died'> {
    return this.#died.promise;
  }

  async do<T>(what: string, work: () => Promise<T>): Promise<T> {
    if (this.isDead) return never();
    const isLast = ++this.steps === this.#death?.at;
    if (isLast) this.lastStep = what;
    if (isLast && this.#death?.when === 'before') return this.die();
    if (isLast && this.#death?.when === 'stopped') this.#stop();
    if (this.isStopped) await this.#goOnLater();
    const done = await this.#sim.busy(work);
    if (isLast && this.#death?.when === 'after') return this.die();
    if (this.isStopped) await this.#goOnLater();
    return this.isDead ? never() : done;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.isDead ? never() : this.#sim.sleep(this, ms, signal);
  }

  /** Lets a stopped process go on: its timers that are due come first, as in a real one. */
  goOn(): void {
    this.isStopped = false;
    this.#goesOn.resolve();
  }

  #stop(): void {
    this.isStopped = true;
    this.#died.resolve('died');
  }

  async #goOnLater(): Promise<void> {
    await this.#goesOn.promise;
    for (let turns = 0; turns < TURNS_OF_TIMERS; turns++) await turn();
  }

  die<T>(): Promise<T> {
    this.isDead = true;
    this.#sim.forget(this);
    this.#died.resolve('died');
    return never();
  }
}

function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}
