import type { JobEvent } from '@pxa/contract';
import { StoreFailed } from '@pxa/store';
import type { RunDeps } from './deps.ts';
import type { Hold } from './hold.ts';
import type { Limits } from './limits.ts';

/** Who asked that a job stop, and when: as it was kept with the wish. */
export interface Wish {
  readonly by: string;
  readonly at: string;
}

const PAGE = 200;

/** Looks now and then whether a person has asked that the job stop. */
export class CancelWatch {
  readonly #asked = new AbortController();
  readonly #deps: RunDeps;
  readonly #jobId: string;

  constructor(deps: RunDeps, jobId: string) {
    this.#deps = deps;
    this.#jobId = jobId;
  }

  get isAsked(): boolean {
    return this.#asked.signal.aborted;
  }

  /** Fires when it was asked. */
  get signal(): AbortSignal {
    return this.#asked.signal;
  }

  ask(): void {
    this.#asked.abort();
  }

  /** Looks until the work is over or it was asked. */
  async watch(hold: Hold, limits: Limits): Promise<void> {
    const over = AbortSignal.any([hold.signal, hold.closed]);
    while (!over.aborted && !this.isAsked) {
      await this.#deps.sleep(limits.cancelEveryMs, over);
      if (over.aborted) return;
      try {
        const job = await this.#deps.store.job(this.#jobId);
        if (job?.cancelling === true) this.ask();
      } catch (error) {
        // Looked again the next time; whoever has to write will meet with the store's failure itself.
        if (!(error instanceof StoreFailed)) hold.fail(error);
      }
    }
  }

  /** The wish as it is kept; undefined where none is, and then nothing may be stopped. @throws StoreFailed */
  async wish(): Promise<Wish | undefined> {
    for (let after = 0; ;) {
      const events: JobEvent[] = await this.#deps.store.events(this.#jobId, after, PAGE);
      const found = events.find(({ kind }) => kind === 'cancelling');
      if (found !== undefined) return { by: found.text, at: found.at };
      const last = events.at(-1);
      if (last === undefined) return undefined;
      after = last.seq;
    }
  }
}
