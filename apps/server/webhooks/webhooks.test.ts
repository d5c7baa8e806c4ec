import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SCOPES } from '../auth/scopes.ts';
import { Lab } from '../testing/lab.ts';
import { Receiver } from '../testing/receiver.ts';

let lab: Lab;
let closed: Lab;
let admin: string;
let receiver: Receiver;
beforeAll(async () => {
  lab = await Lab.start({}, { allow_private_addresses: true });
  closed = await Lab.start();
  admin = await lab.token(['admin']);
});
afterAll(async () => {
  await lab.close();
  await closed.close();
});
beforeEach(async () => {
  receiver = await Receiver.start();
});
afterEach(() => receiver.close());

const SECRET = 'your-webhook-secret';

/** A webhook at the receiver; gives its id. */
async function hooked(more: Record<string, unknown> = {}): Promise<string> {
  const body = { url: receiver.url, events: ['vm.created'], secret: SECRET, ...more };
  return (await lab.send('POST /v1/webhooks', admin, body)).text('data.webhook.id');
}

describe('a webhook', () => {
  test('is made as the document shows, and its secret is told this once', async () => {
    const asked = {
      url: 'https://your-app.com/webhooks/proxmox-ai',
      events: ['vm.created', 'vm.status_changed'],
      secret: SECRET,
      active: true,
    };
    const got = await lab.send('POST /v1/webhooks', admin, asked);
    expect(got).toMatchObject({
      status: 201,
      body: { success: true, data: { webhook: { ...asked, description: '' } } },
    });
    const id = got.text('data.webhook.id');
    const shown = await lab.send(`GET /v1/webhooks/${id}`, admin);
    const listed = await lab.send('GET /v1/webhooks', admin);
    expect(shown.at('data.webhook')).toMatchObject({ id, url: asked.url, events: asked.events, failing_since: null });
    expect(listed.at('data.webhooks.0')).toEqual(shown.at('data.webhook'));
    const audit = JSON.stringify(await lab.service.store.auditLog(0, 200));
    expect(JSON.stringify([shown.body, listed.body]) + audit).not.toContain(SECRET);
    expect(audit).toContain('"host":"your-app.com"');
  });

  test('is given a secret where none is named, changed in part or as a whole, and deleted', async () => {
    const got = await lab.send('POST /v1/webhooks', admin, { url: receiver.url, events: ['vm.created', 'vm.created'] });
    expect(got.text('data.webhook.secret')).toMatch(/^whsec_[\w+/]{43}=$/);
    expect(got.at('data.webhook.events')).toEqual(['vm.created']);
    const id = got.text('data.webhook.id');
    const part = await lab.send(`PATCH /v1/webhooks/${id}`, admin, { active: false, description: 'for the pager' });
    expect(part.at('data.webhook')).toMatchObject({ active: false, description: 'for the pager', url: receiver.url });
    const whole = { url: 'https://example.com/', events: ['system.alert'] };
    const anew = await lab.send(`PUT /v1/webhooks/${id}`, admin, whole);
    expect(anew.at('data.webhook')).toMatchObject({ ...whole, active: true, description: '' });
    expect(anew.at('data.webhook.secret')).toBeUndefined();
    expect((await lab.send(`DELETE /v1/webhooks/${id}`, admin)).status).toBe(200);
    expect((await lab.send(`GET /v1/webhooks/${id}`, admin)).status).toBe(404);
  });

  const UNKNOWN = ['GET ', 'PUT ', 'PATCH ', 'DELETE ', 'GET /deliveries', 'POST /test', 'POST /rotate-secret'];
  test.each([...UNKNOWN, 'POST /deliveries/evt_1/redeliver'])('that there is not is 404: %s', async (line) => {
    const [method = '', rest = ''] = line.split(' ');
    const body = method === 'PUT' ? { url: 'https://example.com/', events: ['vm.created'] } : {};
    const got = await lab.send(
      `${method} /v1/webhooks/webhook_none${rest}`,
      admin,
      method === 'GET' ? undefined : body,
    );
    expect(got).toMatchObject({ status: 404, body: { error: { code: 'RESOURCE_NOT_FOUND' } } });
  });

  const NOT_TAKEN: [name: string, change: Record<string, unknown>, details: Record<string, unknown>][] = [
    ['an unknown event', { events: ['vm.exploded'] }, { field: 'events.0', reason: 'must_be_one_of' }],
    ['no event', { events: [] }, { field: 'events', reason: 'too_small' }],
    ['an unknown field', { enabled: true }, { field: 'enabled', reason: 'unknown_field' }],
    ['a short secret', { secret: 'abc' }, { field: 'secret', reason: 'too_small' }],
    ['a secret that is no base64', { secret: 'whsec_this is no base64' }, { field: 'secret' }],
    ['no address', { url: 'example' }, { field: 'url', reason: 'not_a_url' }],
    ['another scheme', { url: 'file:///etc/passwd' }, { field: 'url', reason: 'not_http' }],
    ['a password', { url: 'https://a:b@example.com/' }, { field: 'url', reason: 'has_credentials' }],
    ['loopback', { url: 'http://127.0.0.1:8006/' }, { field: 'url', reason: 'private_address' }],
    ['metadata', { url: 'http://0xa9fea9fe/latest' }, { field: 'url', reason: 'private_address' }],
  ];
  test.each(NOT_TAKEN)('with %s is 422', async (_name, change, details) => {
    const token = await closed.token(['admin']);
    const body = { url: 'https://example.com/', events: ['vm.created'], ...change };
    expect(await closed.send('POST /v1/webhooks', token, body)).toMatchObject({
      status: 422,
      body: { error: { code: 'VALIDATION_ERROR', details } },
    });
  });

  test('tells nobody more than they may read', async () => {
    const token = await lab.token(SCOPES.filter((scope) => scope !== 'vm:read' && scope !== 'admin'));
    const body = { url: 'https://example.com/', events: ['job.completed', 'vm.created'] };
    expect(await lab.send('POST /v1/webhooks', token, body)).toMatchObject({
      status: 403,
      body: { error: { details: { required_scope: 'vm:read' } } },
    });
    const id = await hooked();
    const lines: [string, object][] = [
      [`PATCH /v1/webhooks/${id}`, { url: 'https://example.com/' }],
      [`PUT /v1/webhooks/${id}`, { url: 'https://example.com/', events: ['vm.created'] }],
      [`PUT /v1/webhooks/${id}`, { url: 'https://example.com/', events: ['job.completed'] }],
      [`POST /v1/webhooks/${id}/rotate-secret`, {}],
    ];
    for (const [line, change] of lines) expect((await lab.send(line, token, change)).status).toBe(403);
    const reading = await lab.token(['webhook:read', 'vm:read']);
    expect((await lab.send('POST /v1/webhooks', reading, body)).status).toBe(403);
    expect((await lab.send('GET /v1/webhooks')).status).toBe(401);
  });

  test('sends nothing again for who may not read it, and nothing that it wants no more', async () => {
    const id = await hooked();
    const event = { key: 'test:before', type: 'vm.created', atMs: 0, connection: 'home', data: {} };
    const [seq] = await lab.service.kept.addEvents([event], lab.service.now());
    const token = await lab.token(SCOPES.filter((scope) => scope !== 'vm:read' && scope !== 'admin'));
    const again = `POST /v1/webhooks/${id}/deliveries/evt_${seq}/redeliver`;
    expect((await lab.send(again, token)).status).toBe(403);
    expect((await lab.send(again, admin)).status).toBe(202);
    await lab.send(`PATCH /v1/webhooks/${id}`, admin, { events: ['job.completed'] });
    expect((await lab.send(`GET /v1/webhooks/${id}/deliveries`, token)).list('data.deliveries')).toEqual([]);
  });

  test('of which there are as many as may be is refused', async () => {
    const token = await closed.token(['admin']);
    const body = { url: 'https://example.com/', events: ['vm.created'] };
    const more = { ...body, secret: SECRET, active: true, description: '', created_by: '', created_at: '' };
    const kept = { ...more, updated_at: '', revision: 1, disabled: null, failingSinceMs: null };
    const entry = { at: '', kind: 'webhook.created', who: '', door: 'rest', cluster: '', plan_id: null, job_id: null };
    for (let count = 0; count < 98; count++) {
      await closed.service.kept.addWebhook({ ...kept, id: `other_${count}` }, 100, { ...entry, data: {} });
    }
    const codes = [];
    for (let count = 0; count < 3; count++) codes.push((await closed.send('POST /v1/webhooks', token, body)).status);
    expect(codes).toEqual([201, 201, 409]);
  });

  test('never reaches what a name leads to inside', async () => {
    const token = await closed.token(['admin']);
    const [hook] = await closed.service.kept.webhooks();
    await closed.send(`PATCH /v1/webhooks/${hook?.id}`, token, {
      url: `http://localhost:${new URL(receiver.url).port}/`,
    });
    const tried = await closed.send(`POST /v1/webhooks/${hook?.id}/test`, token, {});
    expect(tried.at('data.test')).toMatchObject({
      delivered: false,
      error: expect.stringMatching(/not on the public/),
    });
    expect(receiver.seen).toEqual([]);
  });
});
