import { Readable } from 'node:stream';
import type { ServiceEvent } from '@pxa/assistant/store';
import type { Service } from '../service.ts';
import { eventId, toldOf } from '../webhooks/message.ts';
import type { Hub } from './hub.ts';
import type { EventType } from './types.ts';

/** Something is said at least so often, so that nobody between takes the connection for dead. */
const HEARTBEAT_MS = 15_000;
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

/**
 * Events as server-sent events, from one on. The client draws them: while it takes none, none are read. It ends when the
 * client goes, is too slow, may not read any more, or the service ends.
 */
export function eventStream({ kept, sleep }: Pick<Service, 'kept' | 'sleep'>, hub: Hub, wish: StreamWish): Readable {
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, hub.signal]);
  const pace = { isWaitingForClient: false, stalledMs: 0 };
  const stream = Readable.from(paced(texts()), { objectMode: false, highWaterMark: READY_BYTES });
  stream.on('close', () => over.abort());
  void watchdog();
  return stream;

  async function* texts(): AsyncGenerator<string> {
    let last = wish.after;
    const { oldest, newest } = await kept.eventRange();
    if (last > newest || last + 1 < oldest) {
      yield gap(oldest);
      last = Math.min(Math.max(last, oldest - 1), newest);
    }
    yield ': these are the events from here on\n\n';
    while (!signal.aborted) {
      const range = await kept.eventRange();
      const types = await wish.types();
      const events = await kept.eventsAfter({ after: last, limit: PAGE, types });
      if (events.length > 0) yield events.map(textOf).join('');
      last =
        events.length === PAGE ? (events.at(-1)?.seq ?? last) : Math.max(last, range.newest, events.at(-1)?.seq ?? 0);
      if (events.length < PAGE && !(await came(last))) yield ': still here\n\n';
    }
  }

  /** Whether something came before it was time to say something. */
  async function came(after: number): Promise<boolean> {
    const enough = new AbortController();
    const end = (): void => enough.abort();
    signal.addEventListener('abort', end, { once: true });
    try {
      const heard = hub.after(after, enough.signal).then(() => true);
      const quiet = sleep(HEARTBEAT_MS, enough.signal).then(() => false);
      return await Promise.race([heard, quiet]);
    } finally {
      signal.removeEventListener('abort', end);
      enough.abort();
    }
  }

  async function* paced(source: AsyncGenerator<string>): AsyncGenerator<string> {
    for await (const text of source) {
      pace.isWaitingForClient = true;
      yield text;
      pace.isWaitingForClient = false;
      pace.stalledMs = 0;
    }
  }

  async function watchdog(): Promise<void> {
    const step = STALLED_MS / 2;
    while (!signal.aborted) {
      await sleep(step, signal);
      if (pace.isWaitingForClient) pace.stalledMs += step;
      if (pace.stalledMs >= STALLED_MS) stream.destroy();
    }
  }
}

function textOf(event: ServiceEvent): string {
  return `id: ${eventId(event.seq)}\nevent: ${event.type}\ndata: ${JSON.stringify(toldOf(event))}\n\n`;
}

/** Some of what the client has not had is not kept any more: it has to look for itself how things are. */
function gap(oldest: number): string {
  return `event: stream.gap\ndata: ${JSON.stringify({ oldest: eventId(oldest) })}\n\n`;
}
