import type { Service } from '../service.ts';

/** How often is looked whether something has happened, while somebody waits for it. */
const LOOK_MS = 250;

type Deps = Pick<Service, 'kept' | 'sleep'>;

/**
 * Wakes those who wait for events. All that wait in this process share one look at the store, whichever replica wrote;
 * while nobody waits, nothing is looked at.
 */
export class Hub {
  readonly #deps: Deps;
  readonly #tell: (error: unknown) => void;
  readonly #ending = new AbortController();
  /** Those who wait, each for what comes after a number. */
  readonly #waiting = new Map<() => void, number>();
  #newest = 0;
  #looking: Promise<void> | undefined;

  /** `tell` hears of a store that does not answer; it is asked again. */
  constructor(deps: Deps, tell: (error: unknown) => void) {
    this.#deps = deps;
    this.#tell = tell;
  }

  /** Fires when the service ends. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** Settles when there are events after a number, the signal fires, or the service ends. */
  async after(seq: number, signal: AbortSignal): Promise<void> {
    if (this.#newest > seq || signal.aborted || this.signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.set(resolve, seq);
    signal.addEventListener('abort', () => resolve(), { once: true });
    this.#looking ??= this.#look();
    await promise;
    this.#waiting.delete(resolve);
  }

  async #look(): Promise<void> {
    while (this.#waiting.size > 0 && !this.signal.aborted) {
      await this.#deps.kept.eventRange().then(({ newest }) => this.#wake(newest), this.#tell);
      await this.#deps.sleep(LOOK_MS, this.signal);
    }
    this.#looking = undefined;
  }

  #wake(newest: number): void {
    this.#newest = newest;
    for (const [wake, seq] of this.#waiting) if (seq < newest) wake();
  }

  /** Wakes everybody for good. */
  async close(): Promise<void> {
    this.#ending.abort();
    for (const wake of this.#waiting.keys()) wake();
    await this.#looking;
  }
}
