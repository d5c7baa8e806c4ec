import type { Call } from '@pxa/contract';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { actionList } from '@pxa/assistant/catalog';
import { type Scope, SCOPES } from '../auth/scopes.ts';
import { SandboxClock } from '@pxa/assistant/lab';
import { Lab } from '../testing/lab.ts';
import { scopesOf } from './scopes.ts';

let lab: Lab;
let anna: string;
beforeAll(async () => {
  lab = await Lab.start();
  anna = await lab.token(['vm:read', 'vm:write']);
});
afterAll(() => lab.close());

describe('POST /v1/ask', () => {
  test('answers a question with the calls that its figures came from', async () => {
    const got = await lab.send('POST /v1/ask', anna, { request: 'which VM uses the most memory?' });
    expect(got.status).toBe(200);
    expect(got.at('data')).toMatchObject({ kind: 'answer', view: { rows: [{ id: 'qemu/112' }] } });
    expect(got.text('data.view.rows.0.evidence.mem')).toMatch(/^calls\[0\]#/);
  });

  test('asks back without the secret that it did not understand', async () => {
    const got = await lab.send('POST /v1/ask', anna, { request: 'create user bob@pve with password Zx9planted' });
    expect(got.at('data.kind')).toBe('clarification');
    expect(JSON.stringify(got.body)).not.toContain('Zx9planted');
  });

  test('goes on with what was said, for whoever said it', async () => {
    const said = { request: 'list the VMs', conversation_id: 'c1' };
    await lab.send('POST /v1/ask', anna, said);
    const more = { request: 'only the stopped ones', conversation_id: 'c1' };
    const own = await lab.send('POST /v1/ask', anna, more);
    expect(own.at('data')).toMatchObject({ kind: 'answer', conversation_id: 'c1' });
    expect(own.list('data.view.rows')).toHaveLength(1);
    const bert = await lab.token(['vm:read']);
    const others = await lab.send('POST /v1/ask', bert, more);
    expect(others.at('data.view.rows')).not.toEqual(own.at('data.view.rows'));
  });

  test.each(['list the nodes', 'start VM 104'])('“%s” under a key is answered twice, and asked once', async (words) => {
    const key = { 'idempotency-key': words.replaceAll(' ', '-') };
    const first = await lab.send('POST /v1/ask', anna, { request: words }, key);
    const again = await lab.send('POST /v1/ask', anna, { request: words }, key);
    expect(again).toMatchObject({ status: 200, headers: { 'idempotency-replayed': 'true' } });
    expect(again.body).toEqual(first.body);
  });

  test.each([
    [{}, 'request', 'required'],
    [{ request: '' }, 'request', 'too_small'],
    [{ request: 'x'.repeat(4_001) }, 'request', 'too_big'],
    [{ request: 'nodes', conversation_id: '../x' }, 'conversation_id', 'invalid_format'],
    [{ request: 'nodes', conversation_id: '..' }, 'conversation_id', 'invalid_format'],
    [{ request: 'nodes', connection: 'mars' }, 'connection', 'not_found'],
    [{ request: 5 }, 'request', 'must_be_string'],
  ])('%j is not acceptable', async (body, field, reason) => {
    const got = await lab.send('POST /v1/ask', anna, body);
    expect(got).toMatchObject({ status: 422, body: { error: { details: { field, reason } } } });
  });
});

describe('an order', () => {
  const orders: [words: string, needs: Scope][] = [
    ['start VM 104', 'vm:write'],
    ['stop container 200', 'container:write'],
    ['stop all running containers on pve-node02', 'container:write'],
    ['reboot node pve-node02', 'node:write'],
    ['put docker-host-01 under HA', 'node:write'],
    ['back up VM 101', 'backup:write'],
    ['create a bridge vmbr9 on pve-node01', 'network:write'],
    ['create a user ben2@pve', 'security:write'],
    ['start VM 104 and back up VM 101', 'backup:write'],
  ];
  test.each(orders)('“%s” needs %s, and is not planned without', async (words, needs) => {
    const without = await lab.token(SCOPES.filter((scope) => scope !== needs && scope !== 'admin'));
    const before = await lab.service.store.auditHead();
    const got = await lab.send('POST /v1/ask', without, { request: words });
    expect(got).toMatchObject({
      status: 403,
      body: { error: { code: 'INSUFFICIENT_PERMISSIONS', details: { required_scope: needs } } },
    });
    expect(await lab.service.store.auditHead()).toEqual(before);
    const needed = words.includes(' and ') ? (['vm:read', 'vm:write', needs] as const) : (['vm:read', needs] as const);
    const asked = await lab.send('POST /v1/ask', await lab.token(needed), { request: words });
    expect(asked.at('data.kind')).toMatch(/^(plan|clarification|answer)$/);
  });

  test('of any kind in the catalogue has scopes that there are', () => {
    const areas = actionList.map(({ id, on }) => {
      const part = { action: id, targets: on === 'guests' ? ['qemu/100'] : [], input: {}, says: id };
      return { id, capability: actionList.find((each) => each.id === id)?.capability, scopes: scopesOf(part) };
    });
    for (const { id, scopes } of areas) {
      expect({ id, count: scopes.length }).not.toEqual({ id, count: 0 });
      for (const scope of scopes) expect(SCOPES).toContain(scope);
    }
    // Whatever nobody thought of is for administrators alone.
    const wide = areas.filter(({ scopes }) => scopes.includes('admin')).map(({ id }) => id);
    expect(wide).toEqual(['api.write']);
  });

  test('whose secret nobody would see is not planned', async () => {
    const boss = await lab.token(['vm:read', 'security:write']);
    const got = await lab.send('POST /v1/ask', boss, { request: 'create token grafana for auditor@pve' });
    expect(got).toMatchObject({
      status: 422,
      body: {
        error: {
          details: { field: 'request', reason: 'shown_once' },
          message: expect.stringMatching(/Nothing was planned/),
        },
      },
    });
    expect(got.at('data')).toBeUndefined();
  });

  test('is never approved by words', async () => {
    const asked = await lab.send('POST /v1/ask', anna, { request: 'start VM 104', conversation_id: 'yes' });
    const id = asked.text('data.plan.id');
    for (const request of ['yes', 'approve', `approve ${id}`, 'do it', 'confirm', id])
      await lab.send('POST /v1/ask', anna, { request, conversation_id: 'yes' });
    expect(await lab.service.store.approvalOf(id)).toMatchObject({ state: 'pending', decisions: [] });
    expect(await lab.service.store.jobs({ limit: 9 })).toEqual([]);
  });
});

describe('as server-sent events', () => {
  const accept = { accept: 'text/event-stream' };
  const told = (body: unknown): { event: string; data: Record<string, unknown> }[] =>
    String(body)
      .split('\n\n')
      .filter((part) => part.startsWith('event: '))
      .map((part) => {
        const [, event = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(part) ?? [];
        return { event, data: JSON.parse(data) as Record<string, unknown> };
      });

  test('each call comes as it ends, then the answer', async () => {
    const got = await lab.send('POST /v1/ask', anna, { request: 'which VM uses the most memory?' }, accept);
    expect(got).toMatchObject({ status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8' } });
    const events = told(got.body);
    expect(events.map(({ event }) => event)).toEqual(['call', 'answer']);
    expect(events[0]?.data).toMatchObject({ method: 'GET', path: '/api2/json/cluster/resources', status: 200 });
    expect(events[1]?.data).toMatchObject({ success: true, data: { kind: 'answer', calls: [events[0]?.data] } });
  });

  test('what is refused comes as an error with its status', async () => {
    const reader = await lab.token(['vm:read']);
    const got = await lab.send('POST /v1/ask', reader, { request: 'start VM 104' }, accept);
    expect(told(got.body).at(-1)).toMatchObject({
      event: 'error',
      data: { status: 403, success: false, error: { details: { required_scope: 'vm:write' } } },
    });
    // What is wrong before anything is asked is answered as always.
    expect((await lab.send('POST /v1/ask', reader, {}, accept)).status).toBe(422);
  });

  test('a client that goes away calls the reading off', async () => {
    const slow = await Lab.start({ clock: new SandboxClock(0, 1), faults: [{ fault: 'latency', ms: 60_000 }] });
    const ended: Call[] = [];
    slow.service.calls?.listen((call) => void ended.push(call));
    const url = new URL('/v1/ask', await slow.app.listen({ port: 0, host: '127.0.0.1' }));
    const authorization = `Bearer ${await slow.token(['vm:read'])}`;
    const asking = request(url, {
      method: 'POST',
      headers: { ...accept, authorization, 'content-type': 'application/json' },
    });
    asking.on('error', () => undefined).end(JSON.stringify({ request: 'list the VMs' }));
    const [answered] = (await once(asking, 'response')) as [IncomingMessage]; // what the event brings
    expect(answered.statusCode).toBe(200);
    asking.destroy();
    await vi.waitFor(() => expect(ended).toContainEqual(expect.objectContaining({ status: 0 })));
    await slow.close();
  });
});
