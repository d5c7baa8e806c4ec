import { Worker } from 'node:worker_threads';
import type { Verdict } from './simulate.ts';

/** A seed takes well below a second; on a machine with much else to do, some. */
const LONGEST_MS = 180_000;

/**
 * Plays seeds side by side in threads and gives what came of each as it comes. The order is that of their ends; each by
 * itself goes the same way every time. One that does not come to its end is given as such, and its thread is given up.
 */
export async function* playAll(seeds: Iterable<number>, threads: number): AsyncGenerator<Verdict> {
  const crew = new Crew(seeds, threads);
  try {
    yield* crew.verdicts();
  } finally {
    await crew.close();
  }
}

class Crew {
  readonly #waiting: Iterator<number>;
  readonly #workers: Worker[];
  readonly #ready: Verdict[] = [];
  readonly #limits = new Map<Worker, NodeJS.Timeout>();
  #working = 0;
  #broken: Error | undefined;
  #wake = (): void => undefined;

  constructor(seeds: Iterable<number>, threads: number) {
    this.#waiting = seeds[Symbol.iterator]();
    this.#workers = Array.from({ length: threads }, () => new Worker(new URL('worker.ts', import.meta.url)));
    for (const worker of this.#workers) {
      worker.on('message', (verdict: Verdict) => {
        this.#ready.push(verdict);
        this.#next(worker);
      });
      worker.on('error', (error: Error) => {
        this.#broken = error;
        this.#wake();
      });
      this.#working += 1;
      this.#next(worker);
    }
  }

  async *verdicts(): AsyncGenerator<Verdict> {
    while (this.#working > 0 || this.#ready.length > 0) {
      yield* this.#ready.splice(0);
      if (this.#broken !== undefined) throw this.#broken;
      if (this.#working > 0 && this.#ready.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  async close(): Promise<void> {
    for (const limit of this.#limits.values()) clearTimeout(limit);
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #next(worker: Worker): void {
    clearTimeout(this.#limits.get(worker));
    const { value: seed, done = false } = this.#waiting.next();
    if (done) this.#working -= 1;
    else {
      this.#limits.set(
        worker,
        setTimeout(() => this.#giveUp(seed), LONGEST_MS),
      );
      worker.postMessage(seed);
    }
    this.#wake();
  }

  #giveUp(seed: number): void {
    this.#working -= 1;
    const violations = [`it goes on without end: nothing came of it within ${LONGEST_MS / 1000} s`];
    const nothing = { troubles: [], asked: [], jobs: [], writes: 0, hours: 0, trace: '' };
    this.#ready.push({ seed, violations, ...nothing });
    this.#wake();
  }
}
