import type { CallLog, Ending } from './call-log.ts';

/**
 * One request of ours that waits for a read which it may share with others. Every attempt that was under way while it
 * waited is noted in its log.
 */
export class Passenger {
  readonly #log: CallLog;
  readonly #path: string;
  readonly #indexes = new Map<number, number>();
  #end: ((ending: Ending) => void) | undefined;
  /** The entry of `calls` for the login that the read needed last, or -1 where it needed none, or another's served. */
  loginCall = -1;

  constructor(log: CallLog, path: string) {
    this.#log = log;
    this.#path = path;
  }

  begin(attempt: number): void {
    const { index, end } = this.#log.begin('GET', this.#path);
    this.#indexes.set(attempt, index);
    this.#end = end;
  }

  end(ending: Ending): void {
    this.#end?.(ending);
    this.#end = undefined;
  }

  /** Notes another call that the read needed: the login. */
  noteLogin(): { index: number; end: (ending: Ending) => void } {
    const noted = this.#log.begin('POST', '/api2/json/access/ticket');
    this.loginCall = noted.index;
    return noted;
  }

  /** The entry of `calls` for an attempt, or for the last one noted, or -1 where nothing was sent. */
  callOf(attempt: number): number {
    return this.#indexes.get(attempt) ?? [...this.#indexes.values()].at(-1) ?? -1;
  }
}

/** A read under way, and those who wait for it. It is given up when the last of them has left. */
export class Flight<T> {
  readonly #passengers = new Set<Passenger>();
  readonly #stop = new AbortController();
  readonly result: Promise<T>;
  #attempt = -1;
  #isOnTheWay = false;

  /** Begins `work` on the next turn, after the first passenger has come aboard. */
  constructor(first: Passenger, work: (flight: Flight<T>) => Promise<T>) {
    this.#passengers.add(first);
    this.result = Promise.resolve().then(() => work(this));
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  get passengers(): Iterable<Passenger> {
    return this.#passengers;
  }

  get isGivenUp(): boolean {
    return this.#stop.signal.aborted;
  }

  join(passenger: Passenger): void {
    this.#passengers.add(passenger);
    if (this.#isOnTheWay) passenger.begin(this.#attempt);
  }

  leave(passenger: Passenger): void {
    passenger.end({ status: 0, error: 'cancelled' });
    this.#passengers.delete(passenger);
    if (this.#passengers.size === 0) this.#stop.abort();
  }

  begin(): void {
    this.#attempt += 1;
    this.#isOnTheWay = true;
    for (const passenger of this.#passengers) passenger.begin(this.#attempt);
  }

  end(ending: Ending): void {
    this.#isOnTheWay = false;
    for (const passenger of this.#passengers) passenger.end(ending);
  }
}
