import type { Lease } from '@pxa/assistant/store';
import type { Service } from '../service.ts';

/** How long a leader that is no more is waited for: with the look for a place below, its work has moved within 15 s. */
const LEASE_MS = 10_000;
const RENEWED_MS = 3_000;
/** How often the others look whether the place is free. */
const LOOK_MS = 2_500;

/** A time at the lead. Whoever writes for it says so with the fence, where a write that is late would do harm. */
export interface Term {
  /** Fires when another may have taken over, or this replica ends: nothing more may be done. */
  readonly signal: AbortSignal;
  readonly fence: number;
}

export type Work = (term: Term) => Promise<void>;

type Deps = Pick<Service, 'kept' | 'now' | 'sleep' | 'owner'>;

/** Work that one replica does for all of them, by leases in the store: following a cluster, sweeping, schedules. */
export class Leadership {
  readonly #deps: Deps;
  readonly #tell: (error: unknown, name: string) => void;
  readonly #ending = new AbortController();
  readonly #seats: Promise<void>[] = [];

  /** `tell` hears of work that failed; it is begun again, here or elsewhere. */
  constructor(deps: Deps, tell: (error: unknown, name: string) => void) {
    this.#deps = deps;
    this.#tell = tell;
  }

  /**
   * Has `work` done for as long as this replica holds `name`: it is begun when that is so, and begun again after it
   * returned or failed. Of all replicas that say so, one does it at a time.
   */
  lead(name: string, work: Work): void {
    this.#seats.push(this.#seat(name, work));
  }

  /** Lets go of everything, so that another replica goes on at once. */
  async close(): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#seats);
  }

  async #seat(name: string, work: Work): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      await this.#turn(name, work).catch((error: unknown) => this.#tell(error, name));
      if (!signal.aborted) await this.#deps.sleep(LOOK_MS, signal);
    }
  }

  async #turn(name: string, work: Work): Promise<void> {
    const { kept, now, owner } = this.#deps;
    const from = now();
    const lease = await kept.takeLease({ name, owner, now: from, leaseMs: LEASE_MS });
    if (lease === undefined) return;
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, this.#ending.signal]);
    const keeping = this.#keep(lease, from + LEASE_MS, over);
    try {
      await work({ signal, fence: lease.fence });
    } finally {
      over.abort();
      await keeping;
      // What cannot be given back runs out by itself.
      await kept.releaseLease(lease).catch(() => undefined);
    }
  }

  /** Renews until the term is over; ends the term where that fails for as long as the lease lasts. */
  async #keep(lease: Lease, from: number, over: AbortController): Promise<void> {
    const { kept, now, sleep } = this.#deps;
    let untilMs = from;
    while (!over.signal.aborted) {
      await sleep(RENEWED_MS, over.signal);
      if (over.signal.aborted) return;
      const at = now();
      const isOurs = await kept.renewLease(lease, at, LEASE_MS).catch(() => undefined);
      if (isOurs === true) untilMs = at + LEASE_MS;
      if (isOurs === false || now() >= untilMs) over.abort();
    }
  }
}
