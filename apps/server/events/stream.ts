import { Readable } from 'node:stream';
import type { ServiceEvent } from '@pxa/assistant/store';
import { Problem } from '../http/problem.ts';
import { eventText, HEARTBEAT_MS, STILL_HERE } from '../http/sse.ts';
import type { Service } from '../service.ts';
import { eventId, toldOf } from '../webhooks/message.ts';
import type { Hub } from './hub.ts';
import type { EventType } from './types.ts';

/** Who has taken nothing for so long is let go; they come back with the id that they had last. */
const STALLED_MS = 30_000;
const PAGE = 100;
/** How much lies ready for one client. */
const READY_BYTES = 16_384;

/** What one client is told. */
export interface StreamWish {
  /** After which event. */
  readonly after: number;
  /** What they may be told of now; rejects where they may not be told anything any more. */
  readonly types: () => Promise<readonly EventType[]>;
}

type Deps = Pick<Service, 'kept' | 'sleep'>;

/**
 * Events as server-sent events, from one on. The client draws them: while it takes none, none are read. It ends when the
 * client goes, is too slow, may not read any more, or the service ends.
 */
export class EventStream extends Readable {
  readonly #deps: Deps;
  readonly #hub: Hub;
  readonly #wish: StreamWish;
  readonly #over = new AbortController();
  readonly #signal: AbortSignal;
  readonly #source: AsyncGenerator<string, undefined>;
  #isWanted = false;
  #stalledMs = 0;

  constructor(deps: Deps, hub: Hub, wish: StreamWish) {
    super({ highWaterMark: READY_BYTES });
    this.#deps = deps;
    this.#hub = hub;
    this.#wish = wish;
    this.#signal = AbortSignal.any([this.#over.signal, hub.signal]);
    this.#source = this.#texts();
    void this.#watch();
  }

  /** The client wants more. */
  override _read(): void {
    this.#isWanted = true;
    void this.#next();
  }

  /** At once, whatever is being waited for: a stream that nobody hears is not to be counted as open. */
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#over.abort();
    done(error);
  }

  /** Whatever comes next, when it comes. */
  async #next(): Promise<void> {
    try {
      const { value } = await this.#source.next();
      this.#isWanted = false;
      this.#stalledMs = 0;
      this.push(value ?? null);
    } catch (error) {
      // Who may not read any more is not told anything more; anything else is for the log.
      if (error instanceof Problem) this.push(null);
      else this.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }

  async *#texts(): AsyncGenerator<string, undefined> {
    const { kept } = this.#deps;
    let last = this.#wish.after;
    const { oldest, newest } = await kept.eventRange();
    if (last > newest || last + 1 < oldest) {
      yield gap(oldest);
      last = Math.min(Math.max(last, oldest - 1), newest);
    }
    yield ': these are the events from here on\n\n';
    while (!this.#signal.aborted) {
      const range = await kept.eventRange();
      const types = await this.#wish.types();
      const events = await kept.eventsAfter({ after: last, limit: PAGE, types });
      if (events.length > 0) yield events.map(textOf).join('');
      const read = events.at(-1)?.seq ?? last;
      // Where that was all, what is of other types has passed, too.
      last = events.length === PAGE ? read : Math.max(read, range.newest);
      if (events.length < PAGE && !(await this.#came(last))) yield STILL_HERE;
    }
    return undefined;
  }

  /** Whether something came before it was time to say something. */
  async #came(after: number): Promise<boolean> {
    const enough = new AbortController();
    const end = (): void => enough.abort();
    this.#signal.addEventListener('abort', end, { once: true });
    try {
      const heard = this.#hub.after(after, enough.signal).then(() => true);
      const quiet = this.#deps.sleep(HEARTBEAT_MS, enough.signal).then(() => false);
      return await Promise.race([heard, quiet]);
    } finally {
      this.#signal.removeEventListener('abort', end);
      enough.abort();
    }
  }

  /** Lets go of a client that takes nothing. */
  async #watch(): Promise<void> {
    const step = STALLED_MS / 2;
    while (!this.#signal.aborted) {
      await this.#deps.sleep(step, this.#signal);
      if (!this.#isWanted) this.#stalledMs += step;
      if (this.#stalledMs >= STALLED_MS) this.destroy();
    }
  }
}

function textOf(event: ServiceEvent): string {
  return eventText({ id: eventId(event.seq), event: event.type, data: toldOf(event) });
}

/** Some of what the client has not had is not kept any more: it has to look for itself how things are. */
function gap(oldest: number): string {
  return eventText({ event: 'stream.gap', data: { oldest: eventId(oldest) } });
}
