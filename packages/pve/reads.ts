import type { CallLog } from './call-log.ts';
import { type Connection, dataOf } from './connection.ts';
import { serverTimeOf } from './envelope.ts';
import { Flight, Passenger } from './flight.ts';
import { type Landed, fly } from './fly.ts';
import type { Problem } from './problem.ts';
import { problemOfFailure } from './problem-of-failure.ts';
import type { Read } from './reader.ts';
import type { Request } from './request.ts';
import { formatAddress } from './transport/address.ts';
import { Ended, failureOf } from './transport/failure.ts';

/** The reads of one connection, those in flight shared between all who ask the same at the same moment. */
export class Reads {
  readonly #connection: Connection;
  readonly #flights = new Map<string, Flight<Landed>>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Reads for one session, whose `log` gets the calls. Ends at once when `signal` fires. */
  async read(
    request: Request,
    log: CallLog,
    options: { timeoutMs?: number | undefined; signal?: AbortSignal | undefined },
  ): Promise<Read<unknown>> {
    const { signal, timeoutMs = this.#connection.door.limits.requestMs } = options;
    const passenger = new Passenger(log, request.shown);
    if (signal?.aborted === true) return { ok: false, problem: this.#cancelled(request), call: -1 };
    const flight = this.#board(request, passenger, timeoutMs);
    const landed = await orAborted(flight.result, signal);
    if (landed !== undefined) return this.#readOf(landed, passenger);
    flight.leave(passenger);
    return { ok: false, problem: this.#cancelled(request), call: passenger.callOf(Infinity) };
  }

  /** Reads that may take differently long do not share: one would be cut off by the other's limit. */
  #board(request: Request, passenger: Passenger, timeoutMs: number): Flight<Landed> {
    const key = `${timeoutMs} ${request.pathAndQuery}`;
    const known = this.#flights.get(key);
    if (known !== undefined && !known.isGivenUp) {
      known.join(passenger);
      return known;
    }
    const flight = new Flight<Landed>(passenger, (self) =>
      fly(this.#connection, request, self, timeoutMs).finally(() => {
        if (this.#flights.get(key) === self) this.#flights.delete(key);
      }),
    );
    this.#flights.set(key, flight);
    return flight;
  }

  #readOf(landed: Landed, passenger: Passenger): Read<unknown> {
    if (landed.kind === 'shut_out') return { ok: false, problem: landed.problem, call: passenger.loginCall };
    const { heard, problem } = landed;
    const call = passenger.callOf(landed.attempt);
    if (problem !== undefined) return { ok: false, problem, call };
    const { outcome, content } = heard;
    const told = outcome.kind === 'answer' ? serverTimeOf(outcome) : undefined;
    const serverTime = told ?? Math.floor(this.#connection.surroundings.now() / 1000);
    const { total, extra } = content?.kind === 'data' ? content : {};
    return {
      ok: true,
      data: dataOf(content),
      call,
      serverTime,
      ...(total === undefined ? {} : { total }),
      ...(extra === undefined ? {} : { extra }),
    };
  }

  #cancelled(request: Request): Problem {
    const { identity, nodes } = this.#connection;
    const where = { method: 'GET', path: request.path, at: formatAddress(nodes.given.address), who: identity.who };
    return problemOfFailure(failureOf(new Ended('cancelled', 'cancelled'), 'unsent', false), where);
  }
}

/** The promise's value, or undefined as soon as the signal fires. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T | undefined> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = (): void => resolve(undefined);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
