import type { Service } from '../../service.ts';
import type { Spool } from './spool.ts';

const LOOKED_EVERY_MS = 5_000;
/** Nothing is kept for longer, whatever became of it. */
const LONGEST_MS = 24 * 3_600_000;

interface Waiting {
  readonly planId: string;
  readonly untilMs: number;
}

/** Keeps uploaded files for as long as a plan may still send them, and removes them after that. */
export class UploadKeeper {
  readonly #spool: Spool;
  readonly #service: Pick<Service, 'store' | 'now' | 'sleep'>;
  readonly #waiting = new Map<string, Waiting>();
  readonly #ending = new AbortController();
  #watch: Promise<void> | undefined;

  constructor(spool: Spool, service: Pick<Service, 'store' | 'now' | 'sleep'>) {
    this.#spool = spool;
    this.#service = service;
  }

  /** Keeps a file until its plan is carried out, refused or over. */
  keep(path: string, planId: string): void {
    this.#waiting.set(path, { planId, untilMs: this.#service.now() + LONGEST_MS });
    this.#watch ??= this.#look().finally(() => {
      this.#watch = undefined;
    });
  }

  /** Removes every file; what is under way breaks off. */
  async close(): Promise<void> {
    this.#ending.abort();
    await this.#watch;
    await this.#spool.close();
  }

  async #look(): Promise<void> {
    const { signal } = this.#ending;
    while (this.#waiting.size > 0 && !signal.aborted) {
      await this.#service.sleep(LOOKED_EVERY_MS, signal);
      if (signal.aborted) return;
      for (const [path, each] of this.#waiting) {
        // A store that does not answer now may do so the next time.
        const isWanted = await this.#isWanted(each).catch(() => true);
        if (isWanted) continue;
        this.#waiting.delete(path);
        await this.#spool.drop(path);
      }
    }
  }

  async #isWanted({ planId, untilMs }: Waiting): Promise<boolean> {
    const { store, now } = this.#service;
    if (now() >= untilMs) return false;
    const approval = await store.approvalOf(planId);
    if (approval === undefined) return false;
    if (approval.state === 'pending') return now() < Date.parse(approval.expires_at);
    if (approval.state === 'cancelled' || approval.state === 'expired') return false;
    const job = await store.jobOf(approval.id);
    return job === undefined ? approval.state === 'approved' : job.ended_at === undefined;
  }
}
