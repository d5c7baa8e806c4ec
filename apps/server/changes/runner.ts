import type { Assistant } from '@pxa/assistant';

/** Carries jobs out beside the requests that began them, and takes up what an earlier process left. */
export class Runner {
  readonly #ending = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  readonly #tell: (error: unknown, jobId: string) => void;

  /** `tell` hears of runs that came to no end; their jobs are taken up again by the next process. */
  constructor(tell: (error: unknown, jobId: string) => void) {
    this.#tell = tell;
  }

  /** Begins a job; its request is answered meanwhile. */
  begin({ changes }: Assistant, jobId: string): void {
    const signal = this.#ending.signal;
    const run = changes?.carryOut(jobId, { signal }).catch((error: unknown) => {
      if (!signal.aborted) this.#tell(error, jobId);
    });
    if (run === undefined) return;
    this.#running.add(run);
    void run.finally(() => this.#running.delete(run));
  }

  /** Takes up what is due on a cluster. */
  resume({ changes }: Assistant): void {
    const signal = this.#ending.signal;
    const run = changes?.resume({ signal }).catch((error: unknown) => {
      if (!signal.aborted) this.#tell(error, 'left');
    });
    if (run !== undefined) this.#running.add(run);
  }

  /** Lets go of every job: Proxmox's tasks go on, and whoever comes next looks what became of them. */
  async close(): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#running);
  }
}
