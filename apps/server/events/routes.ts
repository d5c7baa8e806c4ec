import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { callerKnown } from '../auth/caller.ts';
import { Failed } from '../http/envelope.ts';
import { notAcceptable, Problem } from '../http/problem.ts';
import { STREAM_HEADERS } from '../http/sse.ts';
import type { App } from '../server.ts';
import { Hub } from './hub.ts';
import { EventStream } from './stream.ts';
import { EventName, type EventType, mayBeTold, typesFor } from './types.ts';

/** Streams that this process holds open, in all and for one token. */
const MOST_STREAMS = 500;
const MOST_OF_ONE = 20;

const Wish = z.strictObject({
  /** Types, with commas between; without any, all that the token may read. */
  types: z.string().min(1).optional(),
  /** As the header Last-Event-ID, for clients that cannot set one. */
  last_event_id: z.string().min(1).optional(),
});

/** The other headers are nobody's business here. */
const Resume = z.looseObject({ 'last-event-id': z.string().optional() });

/** What happens, as it happens. */
export async function eventRoutes(app: App): Promise<void> {
  const { service, signIn } = app;
  const hub = new Hub(service, (error) => app.log.error({ err: error }, 'the events were not read'));
  // Before connections are waited for: these would go on without end.
  app.addHook('preClose', () => hub.close());
  const open = new Map<string, number>();

  app.get(
    '',
    {
      config: { scope: 'any' },
      // Its headers alone would be of a stream that nobody ends.
      exposeHeadRoute: false,
      schema: {
        operationId: 'streamEvents',
        summary: 'Hear of what happens as it happens, as server-sent events',
        tags: ['events'],
        querystring: Wish,
        headers: Resume,
        response: { 200: { content: { 'text/event-stream': { schema: z.string() } } }, 429: Failed },
      },
    },
    async (request, reply) => {
      const caller = callerKnown(request);
      const wanted = namesOf(request.query.types);
      mayBeTold(caller, wanted ?? []);
      if (typesFor(caller).length === 0) mayBeTold(caller, ['job.completed']);
      const after = await startOf(request.headers['last-event-id'] ?? request.query.last_event_id);
      admit(caller.id);
      const types = async (): Promise<EventType[]> => {
        const may = typesFor(await signIn.callerOf(request));
        return wanted === undefined ? may : may.filter((type) => wanted.includes(type));
      };
      const stream = new EventStream(service, hub, { after, types });
      stream.on('close', () => leave(caller.id));
      return streamed(reply, stream);
    },
  );

  /** The number to go on from: what the client had last, or what there is now. */
  async function startOf(given: string | string[] | undefined): Promise<number> {
    if (given === undefined) return (await service.kept.eventRange()).newest;
    const [, digits] = /^evt_(\d{1,15})$/.exec(String(given)) ?? [];
    if (digits !== undefined) return Number(digits);
    const details = { field: 'last_event_id', reason: 'not_an_event_id', provided_value: given };
    throw notAcceptable('That is no id of an event: take it from the one that came last, or leave it out.', details);
  }

  function admit(id: string): void {
    const own = open.get(id) ?? 0;
    const all = [...open.values()].reduce((sum, count) => sum + count, 0);
    if (own >= MOST_OF_ONE || all >= MOST_STREAMS) {
      const message = 'Too many streams of events are open. Close one that is not needed, or share one.';
      throw new Problem(429, 'RESOURCE_LIMIT_EXCEEDED', message, { reason: 'too_many_streams' });
    }
    open.set(id, own + 1);
  }

  function leave(id: string): void {
    const own = (open.get(id) ?? 1) - 1;
    if (own === 0) open.delete(id);
    else open.set(id, own);
  }
}

function streamed(reply: FastifyReply, stream: Readable): never {
  void reply.headers(STREAM_HEADERS);
  void reply.send(stream);
  return reply as never; // what is sent already has no shape to hold against a schema
}

/** @throws Problem 422 */
function namesOf(types: string | undefined): EventType[] | undefined {
  return types?.split(',').map((text) => {
    const parsed = EventName.safeParse(text.trim());
    if (parsed.success) return parsed.data;
    const message = `There is no event ${text}. There are: ${EventName.options.join(', ')}.`;
    throw notAcceptable(message, { field: 'types', reason: 'must_be_one_of', provided_value: text });
  });
}
