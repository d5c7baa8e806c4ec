import type { Assistant } from '@pxa/assistant';
import { underAttempt } from '@pxa/assistant/store';

/** Runs wait for Proxmox nearly all of their time; this bounds what a process holds in memory. */
const MOST = 500;

/** A run on its way. */
export interface Run {
  /** Settles once the journal has it that this run holds the job, or that somebody else does; rejects where it came to nothing. */
  readonly held: Promise<void>;
}

/** The jobs that this process carries out now. One waits for no other; who holds which, the journal tells. */
export class Runs {
  readonly #ending = new AbortController();
  readonly #running = new Map<string, Promise<unknown>>();
  readonly #tell: (error: unknown, jobId: string) => void;

  /** `tell` hears of runs that came to no end; their jobs are taken up again. */
  constructor(tell: (error: unknown, jobId: string) => void) {
    this.#tell = tell;
  }

  /** Whether as many are under way as may be. */
  get isFull(): boolean {
    return this.#running.size >= MOST;
  }

  /** Settles when one of those under way is no more. */
  async room(): Promise<void> {
    if (this.isFull) await Promise.race(this.#running.values());
  }

  /** Carries a job out, or goes on with it, unless that is being done. */
  start({ changes }: Assistant, jobId: string): Run {
    const { signal } = this.#ending;
    if (changes === undefined || signal.aborted || this.#running.has(jobId)) return { held: Promise.resolve() };
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    promise.catch(() => undefined); // not everybody wants to know
    // The job goes on after its request was answered, and under no key of it.
    const run = underAttempt(undefined, () => changes.carryOut(jobId, { signal, onEvent: () => resolve() }));
    const over = run
      .then(
        () => resolve(),
        (error: unknown) => {
          reject(error);
          if (!signal.aborted) this.#tell(error, jobId);
        },
      )
      .finally(() => this.#running.delete(jobId));
    this.#running.set(jobId, over);
    return { held: promise };
  }

  /** Lets go of every job: Proxmox's tasks go on, and whoever comes next looks what became of them. Gives which they were. */
  async close(): Promise<string[]> {
    const left = [...this.#running.keys()];
    this.#ending.abort();
    await Promise.all(this.#running.values());
    return left;
  }
}
