import { Webhook as Standard } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';
import { Receiver } from '../testing/receiver.ts';
import { Courier } from './courier.ts';

let lab: Lab;
let admin: string;
let receiver: Receiver;
let courier: Courier;
beforeAll(async () => {
  lab = await Lab.start({}, { allow_private_addresses: true });
  admin = await lab.token(['admin']);
  const ahead = { ...lab.service, now: () => lab.service.now() + aheadMs };
  courier = new Courier(ahead, (error) => expect.fail(String(error)));
});
afterAll(async () => {
  await courier.close();
  await lab.close();
});
beforeEach(async () => {
  receiver = await Receiver.start();
});
afterEach(async () => {
  receiver.close();
  for (const { id } of await lab.service.kept.webhooks()) await lab.send(`DELETE /v1/webhooks/${id}`, admin);
});

const SECRET = 'your-webhook-secret';

/** How much later it is for what is sent; days would take long to pass for all else that the service does meanwhile. */
let aheadMs = 0;
const later = (seconds: number): number => (aheadMs += seconds * 1_000);
beforeEach(() => (aheadMs = 0));

/** A webhook at the receiver; gives its id. */
async function hooked(more: Record<string, unknown> = {}): Promise<string> {
  const body = { url: receiver.url, events: ['vm.created'], secret: SECRET, ...more };
  return (await lab.send('POST /v1/webhooks', admin, body)).text('data.webhook.id');
}

let made = 0;
/** Something happens. */
async function happens(type = 'vm.created'): Promise<number> {
  const data = { vm: { id: 'vm-102', name: 'app-server-01', status: 'running' } };
  const event = { key: `test:${++made}`, type, atMs: lab.service.now(), connection: 'home', data };
  const [seq = 0] = await lab.service.kept.addEvents([event], lab.service.now());
  return seq;
}

const deliveries = async (id: string, query = ''): Promise<readonly Readonly<Record<string, unknown>>[]> =>
  (await lab.send(`GET /v1/webhooks/${id}/deliveries${query}`, admin)).list('data.deliveries');

const attempts = (): number[] => receiver.seen.map(({ body }) => body.webhook.attempt);

describe('what is delivered', () => {
  test('is what the document shows, signed by Standard Webhooks', async () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const id = await hooked({ secret });
    const seq = await happens();
    await courier.deliverDue();
    const [{ headers, text, body } = expect.fail()] = receiver.seen;
    expect(body).toEqual({
      event: 'vm.created',
      timestamp: new Date(lab.service.now()).toISOString(),
      data: { vm: { id: 'vm-102', name: 'app-server-01', status: 'running' } },
      webhook: { id, attempt: 1 },
    });
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': `evt_${seq}` });
    expect(verified(secret, text, headers)).toEqual(body);
    expect(() => verified('whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', text, headers)).toThrow(/no signature/);
    expect(() => verified(secret, text.replace('running', 'stopped'), headers)).toThrow(/no signature/);
    expect(await deliveries(id)).toMatchObject([
      { id: `evt_${seq}`, event: 'vm.created', status: 'delivered', attempts: 1, response_code: 204 },
    ]);
  });

  test('is signed with both secrets for a day after a new one was made', async () => {
    const id = await hooked();
    const rotated = await lab.send(`POST /v1/webhooks/${id}/rotate-secret`, admin, {});
    const fresh = rotated.text('data.webhook.secret');
    await happens();
    await courier.deliverDue();
    later(86_400);
    await happens();
    await courier.deliverDue();
    const [both, one] = receiver.seen.map(({ headers }) => String(headers['webhook-signature']).split(' ').length);
    expect([both, one]).toEqual([2, 1]);
    const [{ text, headers } = expect.fail()] = receiver.seen;
    expect(verified(fresh, text, headers)).toBeDefined();
    expect(verified(SECRET, text, headers, { format: 'raw' })).toBeDefined();
    const { text: last, headers: signed } = receiver.seen[1]!;
    expect(() => verified(SECRET, last, signed, { format: 'raw' })).toThrow(/no signature/);
  });

  test('comes again after 5 s where it failed, and holds what follows, of no other webhook', async () => {
    const id = await hooked();
    const steady = await Receiver.start();
    await hooked({ url: steady.url });
    receiver.next(500, 302);
    await happens();
    await happens();
    await courier.deliverDue();
    expect([receiver.seen.length, steady.seen.length]).toEqual([1, 2]);
    expect(await deliveries(id)).toMatchObject([
      { status: 'pending', attempts: 0 },
      { status: 'pending', attempts: 1, response_code: 500, response_excerpt: 'said 500', error: 'It answered 500.' },
    ]);
    later(4);
    expect(await courier.deliverDue()).toBe(0);
    later(1);
    await courier.deliverDue();
    expect(await deliveries(id, '?limit=1&offset=1')).toMatchObject([{ error: expect.stringMatching(/redirects/) }]);
    later(17);
    await courier.deliverDue();
    expect(attempts()).toEqual([1, 2, 3, 1]);
    expect(new Set(receiver.seen.map(({ headers }) => headers['webhook-id'])).size).toBe(2);
    steady.close();
  });

  test('is parked after a day, told of, and sent again when somebody asks for it', async () => {
    const id = await hooked();
    receiver.next(...Array.from({ length: 30 }, () => 503));
    const seq = await happens();
    let tries = await courier.deliverDue();
    for (let hour = 0; hour < 24 * 4 + 1; hour++) {
      later(900);
      tries += await courier.deliverDue();
    }
    const [parked] = await deliveries(id, '?status=parked');
    expect(parked).toMatchObject({ status: 'parked', attempts: tries, next_attempt_at: null });
    expect(tries).toBeGreaterThan(8);
    const kinds = (await lab.service.store.auditLog(0, 1_000)).filter(({ data }) => data['webhook'] === id);
    expect(kinds.map(({ kind }) => kind)).toEqual(['webhook.created', 'webhook.failing']);
    expect((await lab.send(`GET /v1/webhooks/${id}`, admin)).at('data.webhook.failing_since')).not.toBeNull();
    receiver.mend();
    const again = await lab.send(`POST /v1/webhooks/${id}/deliveries/evt_${seq}/redeliver`, admin, {});
    expect(again).toMatchObject({ status: 202, body: { data: { delivery: { status: 'pending' } } } });
    await drained();
    expect(await deliveries(id)).toMatchObject([{ status: 'delivered', attempts: receiver.seen.length }]);
    expect((await lab.service.store.auditLog(0, 1_000)).at(-1)).toMatchObject({ kind: 'webhook.recovered' });
  });

  test('is over where the receiver says that it is gone, until somebody switches it on again', async () => {
    const id = await hooked();
    receiver.next(410);
    await happens();
    await happens();
    await courier.deliverDue();
    expect(receiver.seen).toHaveLength(1);
    const shown = await lab.send(`GET /v1/webhooks/${id}`, admin);
    expect(shown.at('data.webhook')).toMatchObject({ active: false, disabled_reason: expect.stringMatching(/410/) });
    await happens();
    await lab.send(`PATCH /v1/webhooks/${id}`, admin, { active: true });
    await courier.deliverDue();
    expect(await deliveries(id)).toMatchObject([{ status: 'delivered' }, { status: 'parked' }]);
  });

  test('can be tried out, past what waits', async () => {
    const id = await hooked({ active: false });
    const tried = await lab.send(`POST /v1/webhooks/${id}/test`, admin, {});
    expect(tried).toMatchObject({ status: 200, body: { data: { test: { delivered: true, response_code: 204 } } } });
    expect(receiver.seen[0]?.body).toMatchObject({ event: 'webhook.test', webhook: { id, attempt: 1 } });
    receiver.next(404);
    const failed = await lab.send(`POST /v1/webhooks/${id}/test`, admin, {});
    expect(failed.at('data.test')).toMatchObject({
      delivered: false,
      response_code: 404,
      response_excerpt: 'said 404',
    });
    expect(await deliveries(id)).toEqual([]);
  });

  test('is listed page by page', async () => {
    const id = await hooked();
    for (let count = 0; count < 5; count++) await happens();
    const ids = async (query: string): Promise<[unknown[], string]> => {
      const got = await lab.send(`GET /v1/webhooks/${id}/deliveries${query}`, admin);
      return [got.list('data.deliveries').map((each) => each['id']), got.text('data.pagination.next_cursor')];
    };
    const [all] = await ids('?order=asc');
    const [first, cursor] = await ids('?order=asc&limit=2');
    const [second, then] = await ids(`?order=asc&limit=2&cursor=${cursor}`);
    const [third] = await ids(`?order=asc&limit=2&cursor=${then}`);
    expect([...first, ...second, ...third]).toEqual(all);
    expect((await ids(''))[0]).toEqual(all.toReversed());
    expect((await lab.send(`GET /v1/webhooks/${id}/deliveries?cursor=x`, admin)).status).toBe(422);
    expect((await lab.send(`GET /v1/webhooks/${id}/deliveries?status=lost`, admin)).status).toBe(422);
  });
});

/** Lets time pass until nothing more comes. */
async function drained(): Promise<void> {
  for (let turn = 0; turn < 40; turn++) {
    await courier.deliverDue();
    later(3_600);
  }
}

/** What a message says, where one of its signatures is that of Standard Webhooks' own library. */
function verified(
  secret: string,
  text: string,
  headers: Readonly<Record<string, unknown>>,
  options?: { format: 'raw' },
): unknown {
  // It is held against a signature made anew: the library's own check asks the real clock, and ours is the sandbox's.
  const at = new Date(Number(headers['webhook-timestamp']) * 1_000);
  const signature = new Standard(secret, options).sign(String(headers['webhook-id']), at, text);
  if (!String(headers['webhook-signature']).split(' ').includes(signature)) throw new Error('no signature fits');
  return JSON.parse(text);
}
