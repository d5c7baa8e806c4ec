import type { Lease } from '@pxa/assistant/store';
import type { Service } from '../service.ts';
import { share } from './share.ts';

/** How long a leader that is no more is waited for: with two looks below, its work has moved within 15 s. */
const LEASE_MS = 9_000;
/** How often it is looked what is free, and said what goes on being held: two statements, however many seats there are. */
const LOOK_MS = 2_500;
/** A look that takes longer has not renewed in time: what is held is over before another can have it. */
const LOST_MS = LEASE_MS - LOOK_MS - 500;

/** A time at the lead. Whoever writes for it says so with the fence, where a write that is late would do harm. */
export interface Term {
  /** Fires when another may have taken over, or this replica ends: nothing more may be done. */
  readonly signal: AbortSignal;
  readonly fence: number;
}

export type Work = (term: Term) => Promise<void>;

type Deps = Pick<Service, 'kept' | 'now' | 'sleep' | 'owner'>;

/** Something that is led, and the term of this replica, where it has one. */
interface Seat {
  readonly work: Work;
  term: Held | undefined;
}

interface Held {
  readonly lease: Lease;
  readonly over: AbortController;
  readonly done: Promise<void>;
  untilMs: number;
}

/**
 * Work that one replica does for all of them, by leases in the store: following a cluster, sweeping, schedules. What there
 * is to lead is spread over the replicas that are there.
 */
export class Leadership {
  readonly #deps: Deps;
  readonly #tell: (error: unknown, name: string) => void;
  readonly #ending = new AbortController();
  readonly #seats = new Map<string, Seat>();
  #loop: Promise<void> | undefined;
  /** What nobody had at the last look. */
  #freeBefore: ReadonlySet<string> = new Set();

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
    this.#seats.set(name, { work, term: undefined });
    this.#loop ??= this.#look();
  }

  /** Lets go of everything, so that other replicas go on at once. */
  async close(): Promise<void> {
    this.#ending.abort();
    await this.#loop;
    await Promise.all([...this.#seats.values()].flatMap(({ term }) => term?.done ?? []));
  }

  async #look(): Promise<void> {
    const { signal } = this.#ending;
    const { sleep } = this.#deps;
    // What is to be led is told right after the start: all of it is looked at together.
    await Promise.resolve();
    while (!signal.aborted) {
      const looked = new AbortController();
      const round = this.#round()
        .catch((error: unknown) => this.#tell(error, 'taking the lead'))
        .finally(() => looked.abort());
      await sleep(LOST_MS, AbortSignal.any([signal, looked.signal]));
      this.#endOverdue();
      await round;
      this.#endOverdue();
      await sleep(LOOK_MS, signal);
    }
  }

  /** Takes what is free, as far as it is this replica's share; goes on holding what it has; gives up what is too much. */
  async #round(): Promise<void> {
    const { kept, now, owner } = this.#deps;
    const live = await kept.liveLeases(now());
    const mine = [...this.#seats].flatMap(([name, { term }]) => (term === undefined ? [] : [name]));
    const { take, leave, free } = share({
      owner,
      live,
      names: [...this.#seats.keys()],
      mine,
      freeBefore: this.#freeBefore,
    });
    this.#freeBefore = free;
    for (const name of leave) this.#seats.get(name)?.term?.over.abort();
    const from = now();
    const names = [presence(owner), ...mine.filter((name) => !leave.includes(name)), ...take];
    const leases = await kept.takeLeases({ names, owner, now: from, leaseMs: LEASE_MS });
    if (this.#ending.signal.aborted) return this.#giveBack(leases);
    for (const name of mine) {
      if (!leases.some((lease) => lease.name === name)) this.#seats.get(name)?.term?.over.abort();
    }
    for (const lease of leases) this.#hold(lease, from + LEASE_MS);
  }

  #hold(lease: Lease, untilMs: number): void {
    const seat = this.#seats.get(lease.name);
    if (seat === undefined) return; // that we are here
    if (seat.term?.lease.fence === lease.fence) seat.term.untilMs = untilMs;
    else if (seat.term === undefined) seat.term = this.#begin(seat, lease, untilMs);
    // Ours ran out and was taken anew: the work of before ends first.
    else seat.term.over.abort();
  }

  #begin(seat: Seat, lease: Lease, untilMs: number): Held {
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, this.#ending.signal]);
    const work = async (): Promise<void> => {
      try {
        await seat.work({ signal, fence: lease.fence });
      } catch (error) {
        if (!signal.aborted) this.#tell(error, lease.name);
      }
      await this.#giveBack([lease]);
      seat.term = undefined;
    };
    return { lease, over, untilMs, done: work() };
  }

  /** What cannot be given back runs out by itself. */
  async #giveBack(leases: readonly Lease[]): Promise<void> {
    for (const lease of leases) await this.#deps.kept.releaseLease(lease).catch(() => undefined);
  }

  /** Ends what would run out before the next look. */
  #endOverdue(): void {
    const soon = this.#deps.now() + LOOK_MS;
    for (const { term } of this.#seats.values()) if (term !== undefined && soon >= term.untilMs) term.over.abort();
  }
}

/** By which replicas are counted. */
const presence = (owner: string): string => `replica ${owner}`;
