import type { Service } from '../service.ts';

/** What is kept of failures from one place in this time is one entry. */
const WINDOW_MS = 60_000;
/** Places that are told apart in a window; whoever comes from many fills neither the log nor the memory. */
const MOST_PLACES = 20;
const ELSEWHERE = 'elsewhere';

interface Seen {
  readonly sinceMs: number;
  /** Failures that are not written down yet. */
  count: number;
}

/**
 * Keeps failed sign-ins in the audit log: the first from a place at once, those that follow within a minute counted, and
 * written with the next. Never what was sent.
 */
export class FailedSignIns {
  readonly #service: Pick<Service, 'store' | 'now'>;
  readonly #seen = new Map<string, Seen>();

  constructor(service: Pick<Service, 'store' | 'now'>) {
    this.#service = service;
  }

  /** A sign-in from an address failed. */
  async add(address: string, scheme: string): Promise<void> {
    const nowMs = this.#service.now();
    const ended = [...this.#seen].filter(([, { sinceMs }]) => nowMs - sinceMs >= WINDOW_MS);
    for (const [place] of ended) this.#seen.delete(place);
    for (const [place, { count }] of ended) if (count > 0) await this.#write(place, count, scheme);
    const place = this.#seen.has(address) || this.#seen.size < MOST_PLACES ? address : ELSEWHERE;
    const seen = this.#seen.get(place);
    if (seen !== undefined) {
      seen.count += 1;
      return;
    }
    this.#seen.set(place, { sinceMs: nowMs, count: 0 });
    await this.#write(place, 1, scheme);
  }

  /** Writes down what was only counted. */
  async close(): Promise<void> {
    const left = [...this.#seen].filter(([, { count }]) => count > 0);
    this.#seen.clear();
    for (const [place, { count }] of left) await this.#write(place, count, 'any');
  }

  async #write(from: string, count: number, scheme: string): Promise<void> {
    const at = new Date(this.#service.now()).toISOString();
    const data = { from, count, scheme };
    await this.#service.store.audit({
      ...{ at, kind: 'sign_in.failed', who: 'unknown', door: 'rest', cluster: '' },
      ...{ plan_id: null, job_id: null, data },
    });
  }
}
