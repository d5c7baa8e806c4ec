import { type Time, turn } from './time.ts';

/**
 * How a process ends: at the n-th thing that it does (of all, or of its writes to the cluster), before it, while it is
 * under way, or after it. Or it is stopped there, as by SIGSTOP, and goes on after `forMs`.
 */
export interface Death {
  readonly at: number;
  readonly of: 'all' | 'writes' | 'steps';
  readonly how: 'before' | 'during' | 'after' | 'stopped';
  readonly forMs: number;
}

/** So many turns the timers of a process that goes on have to themselves: they come before its input. */
const TURNS_OF_TIMERS = 8;

/**
 * A process as the outside sees it: the requests that it makes, and what it has the store do. Once dead it does nothing
 * more, and nothing that it waited for ever comes back to it, as after `kill -9`.
 */
export class Process {
  readonly name: string;
  readonly #time: Time;
  readonly #death: Death | undefined;
  readonly #died = Promise.withResolvers<void>();
  #counts = { all: 0, writes: 0, steps: 0 };
  #isDead = false;
  #goesOn: PromiseWithResolvers<void> | undefined;
  #missed: (() => void)[] = [];

  constructor(time: Time, name: string, death?: Death) {
    this.#time = time;
    this.name = name;
    this.#death = death;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Settles when it dies. */
  get died(): Promise<void> {
    return this.#died.promise;
  }

  /** Does something that the outside sees: `store.step`, `GET /nodes`, `POST /nodes/…`. */
  async do<T>(what: string, work: () => Promise<T>): Promise<T> {
    if (this.#isDead) return never();
    const how = this.#isItsLast(what) ? this.#death?.how : undefined;
    if (how === 'before') return this.#die();
    if (how === 'stopped') this.#stop(this.#death?.forMs ?? 0);
    await this.#mayGoOn();
    const working = work();
    if (how === 'during') {
      working.catch(() => undefined);
      return this.#die();
    }
    const done = await settled(working);
    if (how === 'after') return this.#die();
    await this.#mayGoOn();
    if (this.#isDead) return never();
    if ('error' in done) throw done.error;
    return done.value;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (this.#isDead) return never();
    return new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const wake = (): void => {
        callOff();
        signal?.removeEventListener('abort', wake);
        if (this.#isDead) return;
        if (this.#goesOn === undefined) resolve();
        else this.#missed.push(resolve);
      };
      const callOff = this.#time.clock.after(ms, wake);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  /** Nothing of it happens any more. */
  kill(): void {
    this.#isDead = true;
    this.#died.resolve();
  }

  #isItsLast(what: string): boolean {
    const death = this.#death;
    this.#counts.all += 1;
    if (/^(?:POST|PUT|DELETE) /.test(what)) this.#counts.writes += 1;
    if (what === 'store.step') this.#counts.steps += 1;
    if (death === undefined || this.#counts[death.of] !== death.at) return false;
    if (death.of === 'writes') return /^(?:POST|PUT|DELETE) /.test(what);
    return death.of === 'all' || what === 'store.step';
  }

  #stop(forMs: number): void {
    if (this.#goesOn !== undefined) return;
    this.#goesOn = Promise.withResolvers();
    this.#time.clock.after(forMs, () => void this.#time.busy(() => this.#goOn()));
  }

  /** Its timers that are due come first, as in a real one. */
  async #goOn(): Promise<void> {
    const goesOn = this.#goesOn;
    this.#goesOn = undefined;
    for (const wake of this.#missed.splice(0)) wake();
    for (let turns = 0; turns < TURNS_OF_TIMERS; turns++) await turn();
    goesOn?.resolve();
  }

  async #mayGoOn(): Promise<void> {
    await this.#goesOn?.promise;
  }

  #die(): Promise<never> {
    this.kill();
    return never();
  }
}

type Settled<T> = { readonly value: T } | { readonly error: unknown };

function settled<T>(promise: Promise<T>): Promise<Settled<T>> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
