import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Scope } from '../auth/scopes.ts';
import { Lab } from '../testing/lab.ts';
import { Receiver } from '../testing/receiver.ts';

let lab: Lab;
let port: number;
const clients: Client[] = [];
beforeEach(async () => {
  lab = await Lab.start({}, { allow_private_addresses: true });
  await lab.app.listen({ port: 0, host: '127.0.0.1' });
  port = (lab.app.server.address() as AddressInfo).port; // it listens on a port
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await lab.close();
});

interface Told {
  readonly id: string;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Somebody who hears events. */
class Client {
  readonly response: IncomingMessage;
  text = '';
  isOver = false;

  constructor(response: IncomingMessage) {
    this.response = response;
    response.on('close', () => (this.isOver = true));
  }

  listen(): this {
    this.response.setEncoding('utf8').on('data', (text: string) => (this.text += text));
    return this;
  }

  get told(): Told[] {
    return this.text.split('\n\n').flatMap((part) => {
      const fields = Object.fromEntries(part.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2)));
      const { id = '', event, data } = fields as Record<string, string>; // two strings each
      return event === undefined ? [] : [{ id, event, data: JSON.parse(data ?? '') as Told['data'] }];
    });
  }

  close(): void {
    this.response.destroy();
  }
}

/** Opens a stream; what it says is not read before `listen`. */
async function opened(token: string, query = '', headers: Record<string, string> = {}): Promise<Client> {
  const client = await new Promise<Client>((resolve, reject) => {
    const options = { port, host: '127.0.0.1', path: `/v1/events${query}`, agent: false };
    get({ ...options, headers: { authorization: `Bearer ${token}`, ...headers } }, (response) => {
      resolve(new Client(response));
    }).on('error', reject);
  });
  clients.push(client);
  return client;
}

const heard = async (scopes: readonly Scope[], query = '', headers = {}): Promise<Client> =>
  (await opened(await lab.token(scopes), query, headers)).listen();

/** Lets time pass until something is so. */
async function until(isSo: () => boolean, what: string, seconds = 300): Promise<void> {
  for (let passed = 0; !isSo(); passed += 0.25) {
    if (passed > seconds) expect.fail(`${what} did not come about`);
    await new Promise((resolve) => setTimeout(resolve, 1));
    await lab.later(0.25);
  }
}

let made = 0;
async function happens(type = 'vm.created', data = {}): Promise<number> {
  const event = {
    key: `test:${++made}`,
    type,
    atMs: lab.service.now(),
    connection: 'home',
    data: { vm: { id: 'vm-102' }, ...data },
  };
  const [seq = 0] = await lab.service.kept.addEvents([event], lab.service.now());
  return seq;
}

const typesOf = (client: Client): string[] => client.told.map(({ event }) => event);

test('what a change brings about is told, to who listens and to webhooks', async () => {
  const receiver = await Receiver.start();
  const admin = await lab.token(['admin']);
  const events = ['vm.status_changed', 'job.completed'];
  const hook = await lab.send('POST /v1/webhooks', admin, { url: receiver.url, events });
  expect(hook.status).toBe(201);
  const client = await heard(['admin']);
  await until(() => client.text !== '', 'the stream');
  const atMs = lab.service.now();
  await until(() => lab.service.now() - atMs > 10_000, 'a first look at the cluster');
  const started = await lab.send('POST /v1/vms/vm-104/start', admin);
  expect(started.status).toBe(202);
  await until(() => typesOf(client).length === 6 && receiver.seen.length === 2, 'all that is told');
  // The cluster may be looked at before the job has made sure that all is as it should be.
  const ofChange = typesOf(client).filter((type) => type !== 'vm.status_changed');
  const jobs = ['job.created', 'job.step', 'job.completed'];
  expect(ofChange).toEqual(['approval.requested', 'approval.approved', ...jobs]);
  const job = { id: started.text('data.job_id'), status: 'completed', message: expect.stringMatching(/104/) };
  expect(client.told.find(({ event }) => event === 'job.completed')?.data).toMatchObject({
    event: 'job.completed',
    timestamp: expect.stringMatching(/^2026-02-23T10:/),
    data: { job },
  });
  const bodies = receiver.seen.map(({ body }) => body).toSorted((a, b) => (a.event < b.event ? -1 : 1));
  expect(bodies).toMatchObject([
    { event: 'job.completed', data: { job }, webhook: { id: hook.text('data.webhook.id'), attempt: 1 } },
    { event: 'vm.status_changed', data: { vm: { id: 'vm-104', status: 'running' } } },
  ]);
  receiver.close();
});

describe('a stream', () => {
  test('goes on after the event that the client had last', async () => {
    const first = await happens();
    const client = await heard(['vm:read'], '', { 'last-event-id': `evt_${first}` });
    const same = await heard(['vm:read'], `?last_event_id=evt_${first}`);
    const fresh = await heard(['vm:read']);
    await until(() => [client, same, fresh].every(({ text }) => text !== ''), 'the streams');
    const ids = [await happens(), await happens()].map((seq) => `evt_${seq}`);
    await until(() => [client, same, fresh].every(({ told }) => told.length === 2), 'two events');
    for (const each of [client, same, fresh]) expect(each.told.map(({ id }) => id)).toEqual(ids);
    const later = await heard(['vm:read'], `?last_event_id=evt_${first - 1}`);
    await until(() => later.told.length === 3, 'all three');
  });

  test('tells what was asked for, and what the token may read', async () => {
    const vm = await heard(['vm:read', 'job:read'], '?types=vm.created');
    const both = await heard(['vm:read', 'job:read']);
    await until(() => vm.text !== '' && both.text !== '', 'the streams');
    for (const type of ['vm.created', 'job.completed', 'backup.completed', 'vm.created']) await happens(type);
    await until(() => both.told.length === 3 && vm.told.length === 2, 'the events');
    expect(typesOf(both)).toEqual(['vm.created', 'job.completed', 'vm.created']);
  });

  test('says something when nothing happens, and stays in one line whatever the text', async () => {
    const client = await heard(['vm:read']);
    await happens('vm.created', { name: 'a\n\nid: evt_9\nevent: job.completed\ndata: {}\n\n' });
    await until(() => client.told.length === 1, 'the event');
    await until(() => client.text.includes(': still here\n\n'), 'a sign of life', 20);
    expect(client.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'x-request-id': expect.stringMatching(/^req_/),
    });
    expect(typesOf(client)).toEqual(['vm.created']);
  });

  test('says so where what the client has missed is not kept any more', async () => {
    const [first, second] = [await happens(), await happens()];
    await lab.later(1);
    const third = await happens();
    await lab.service.kept.sweepEvents(lab.service.now() - 500, 10);
    const client = await heard(['vm:read'], `?last_event_id=evt_${first}`);
    await until(() => client.told.length === 2, 'the gap and what is left');
    expect(client.told).toMatchObject([
      { event: 'stream.gap', data: { oldest: `evt_${second + 1}` } },
      { id: `evt_${third}`, event: 'vm.created' },
    ]);
    const ahead = await heard(['vm:read'], '?last_event_id=evt_999');
    await until(() => ahead.told.length === 1, 'the gap');
  });

  test('ends when the token is revoked', async () => {
    const client = await heard(['vm:read']);
    await until(() => client.text !== '', 'the stream');
    const [token] = await lab.service.kept.tokens();
    await lab.send(`DELETE /v1/auth/tokens/${token?.id}`, await lab.token(['admin']));
    await happens();
    await until(() => client.isOver, 'the end');
    expect(client.told).toEqual([]);
  });

  test('lets go of who takes nothing, without keeping what they did not take', async () => {
    const slow = await opened(await lab.token(['vm:read']), '?last_event_id=evt_0');
    const text = 'x'.repeat(100_000);
    for (let count = 0; count < 300; count++) await happens('vm.created', { text });
    const atMs = lab.service.now();
    await until(() => lab.service.now() - atMs > 60_000, 'a minute');
    slow.listen();
    await until(() => slow.isOver, 'the end', 120);
    expect(slow.text.length).toBeLessThan(200 * text.length);
  });

  test('ends with the service', async () => {
    const client = await heard(['vm:read']);
    await until(() => client.text !== '', 'the stream');
    await lab.app.close();
    await until(() => client.isOver, 'the end');
  });

  test('is one of so many', async () => {
    const token = await lab.token(['vm:read']);
    const all = await Promise.all(Array.from({ length: 22 }, () => opened(token)));
    const codes = all.map(({ response }) => response.statusCode);
    expect(codes.filter((code) => code === 200)).toHaveLength(20);
    expect(codes.filter((code) => code === 429)).toHaveLength(2);
    all.find(({ response }) => response.statusCode === 200)?.close();
    const codesNow: (number | undefined)[] = [];
    while (!codesNow.includes(200)) codesNow.push((await opened(token)).response.statusCode);
    expect((await lab.send('HEAD /v1/events', token)).status).toBe(405);
  });

  const REFUSED: [name: string, scopes: readonly Scope[], query: string, status: number, details: object][] = [
    ['may read no such thing', ['vm:read'], '?types=job.completed', 403, { required_scope: 'job:read' }],
    ['may read nothing', ['token:read'], '', 403, { reason: 'missing_scope' }],
    ['asks for what there is not', ['vm:read'], '?types=vm.exploded', 422, { field: 'types' }],
    ['names no event', ['vm:read'], '?last_event_id=5', 422, { field: 'last_event_id' }],
    ['asks in another way', ['vm:read'], '?type=vm.created', 422, { reason: 'unknown_field' }],
  ];
  test.each(REFUSED)('is refused to who %s', async (_name, scopes, query, status, details) => {
    const got = await lab.send(`GET /v1/events${query}`, await lab.token(scopes));
    expect(got).toMatchObject({ status, body: { error: { details } } });
    expect((await lab.send('GET /v1/events')).status).toBe(401);
  });
});
