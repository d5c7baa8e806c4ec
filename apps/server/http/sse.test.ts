import { request as requestOf, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { SandboxClock } from '@pxa/assistant/lab';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Service } from '../service.ts';
import { AnswerStream, wantsEvents } from './sse.ts';

let app: FastifyInstance;
let clock: SandboxClock;
let stream: AnswerStream | undefined;
beforeEach(() => {
  clock = new SandboxClock(0, 0);
  app = fastify();
  app.decorate('service', { sleep: clock.sleep } as Service); // all of it that a stream uses
  app.get('/', (request, reply) => {
    stream = new AnswerStream(request, reply);
    return reply;
  });
});
afterEach(() => app.close());

async function listening(): Promise<{ body: IncomingMessage; leave: () => void }> {
  const asking = requestOf(await app.listen({ port: 0, host: '127.0.0.1' })).on('error', () => undefined);
  asking.end();
  const [body] = (await once(asking, 'response')) as [IncomingMessage]; // what the event brings
  return { body: body.setEncoding('utf8'), leave: () => void asking.destroy() };
}

describe('a stream of events', () => {
  test('tells each with its name, its id and its data in one line', async () => {
    const { body } = await listening();
    stream?.send({ event: 'call', data: { text: 'one\nline' } });
    stream?.send({ event: 'job.completed', id: 'evt_7', data: null });
    stream?.end();
    const parts: unknown[] = await body.toArray();
    expect(parts.join('')).toBe(
      ': begun\n\nevent: call\ndata: {"text":"one\\nline"}\n\nid: evt_7\nevent: job.completed\ndata: null\n\n',
    );
    expect(stream?.send({ event: 'call', data: 1 })).toBe(false);
  });

  test('says every 15 seconds that it is still there', async () => {
    const { body } = await listening();
    await clock.advance(15_000);
    await clock.advance(15_000);
    stream?.end();
    const parts: unknown[] = await body.toArray();
    expect(parts.join('')).toBe(': begun\n\n: still here\n\n: still here\n\n');
  });

  test('knows that nobody listens any more', async () => {
    const { leave } = await listening();
    leave();
    await vi.waitFor(() => expect(stream?.gone.aborted).toBe(true));
    expect(stream?.send({ event: 'call', data: 1 })).toBe(false);
  });

  test('lets go of a client that does not read', async () => {
    const { body } = await listening();
    body.pause();
    const much = 'x'.repeat(1024 * 1024);
    let sent = 0;
    while (sent < 1_000 && stream?.send({ event: 'call', data: much }) === true) sent += 1;
    expect(sent).toBeLessThan(100);
    expect(stream?.gone.aborted).toBe(true);
  });
});

test.each([
  ['text/event-stream', true],
  ['application/json, text/event-stream;q=0.9', true],
  ['application/json', false],
  ['*/*', false],
  ['', false],
])('“%s” accepts events: %s', (accept, wants) => {
  expect(wantsEvents({ headers: { accept } } as Parameters<typeof wantsEvents>[0])).toBe(wants); // all of it that is looked at
});
