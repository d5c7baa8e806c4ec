import { Ended } from './failure.ts';

/**
 * Lets at most `running` pieces of work run at a time, first come first served, and at most `waiting` wait. One more
 * is turned away with Ended `busy`; work whose signal fires while it waits ends with `cancelled`, not having run.
 */
export class Limiter {
  readonly #limits: { readonly running: number; readonly waiting: number };
  readonly #queue = new Set<() => void>();
  #running = 0;

  constructor(limits: { running: number; waiting: number }) {
    this.#limits = limits;
  }

  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted === true) throw new Ended('cancelled', 'cancelled');
    if (this.#running >= this.#limits.running) await this.#turn(signal);
    else this.#running += 1;
    try {
      return await work();
    } finally {
      this.#next();
    }
  }

  /** The place of whoever ends goes straight to the next in line, so `#running` does not change in between. */
  #next(): void {
    const [first] = this.#queue;
    if (first === undefined) {
      this.#running -= 1;
      return;
    }
    this.#queue.delete(first);
    first();
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    if (this.#queue.size >= this.#limits.waiting) {
      return Promise.reject(new Ended('busy', `${this.#queue.size} requests are waiting already`));
    }
    return new Promise((resolve, reject) => {
      const start = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        this.#queue.delete(start);
        reject(new Ended('cancelled', 'cancelled'));
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#queue.add(start);
    });
  }
}
