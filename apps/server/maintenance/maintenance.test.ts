import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';

let lab: Lab;
let admin: string;
let anna: string;
beforeAll(async () => {
  lab = await Lab.start();
  admin = await lab.token(['admin']);
  anna = await lab.token(['vm:read', 'vm:write', 'approval:approve', 'approval:read', 'monitoring:read']);
});
afterAll(() => lab.close());

const switchTo = (enabled: boolean, message = ''): Promise<unknown> =>
  lab.send('PUT /v1/maintenance', admin, { enabled, message });

describe('in maintenance', () => {
  const refused: [line: string, body?: object][] = [
    ['POST /v1/vms/vm-101/start'],
    ['POST /v1/vms/vm-101/stop', { graceful: true }],
    ['POST /v1/approvals/plan_x/approve'],
    ['POST /v1/approvals/plan_x/cancel'],
  ];
  test.each(refused)('%s is refused, with when to try again', async (line, body) => {
    await switchTo(true, 'Back at noon.');
    const got = await lab.send(line, anna, body);
    expect(got).toMatchObject({
      status: 503,
      headers: { 'retry-after': '60' },
      body: { success: false, error: { code: 'MAINTENANCE_MODE', message: 'Back at noon.' } },
    });
    await switchTo(false);
    expect((await lab.send(line, anna, body)).status).not.toBe(503);
  });

  test('reads go on, questions too, and a token can be ended', async () => {
    await switchTo(true);
    expect((await lab.send('GET /v1/vms', anna)).status).toBe(200);
    expect((await lab.send('POST /v1/ask', anna, { request: 'list the VMs' })).at('data.kind')).toBe('answer');
    await lab.token(['vm:read']);
    const [{ id } = { id: '' }] = await lab.service.kept.tokens();
    expect((await lab.send(`DELETE /v1/auth/tokens/${id}`, admin)).status).toBe(200);
    expect((await lab.send('GET /v1/maintenance', anna)).at('data.maintenance')).toEqual({
      enabled: true,
      message: '',
      by: 'anna',
      since: '2026-02-23T10:00:00.000Z',
      forced: false,
    });
    await switchTo(false);
  });

  test('who may not is told so first', async () => {
    await switchTo(true);
    expect((await lab.send('POST /v1/vms/vm-101/start')).status).toBe(401);
    const reader = await lab.token(['vm:read']);
    expect((await lab.send('POST /v1/vms/vm-101/start', reader)).status).toBe(403);
    await switchTo(false);
  });

  test('is switched by an administrator alone, and is in the audit log', async () => {
    expect((await lab.send('PUT /v1/maintenance', anna, { enabled: true })).status).toBe(403);
    expect((await lab.send('PUT /v1/maintenance', admin, { enabled: 'yes' })).status).toBe(422);
    expect((await lab.send('PUT /v1/maintenance', admin, { enabled: true, message: 'a\nb' })).status).toBe(422);
    expect((await lab.send('PUT /v1/maintenance', admin, { enabled: true, until: 1 })).status).toBe(422);
    const kinds = (await lab.service.store.auditLog(0, 100)).map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['maintenance.begun', 'maintenance.ended']));
  });
});

test('what the settings switched on, no request ends', async () => {
  const held = await Lab.start({}, { maintenance: true });
  const key = await held.token(['admin']);
  expect((await held.send('POST /v1/vms/vm-101/start', key)).at('error.code')).toBe('MAINTENANCE_MODE');
  expect(await held.send('PUT /v1/maintenance', key, { enabled: false })).toMatchObject({
    status: 409,
    body: { error: { details: { reason: 'forced_by_settings' } } },
  });
  expect((await held.send('GET /v1/maintenance', key)).at('data.maintenance')).toMatchObject({
    enabled: true,
    forced: true,
  });
  await held.close();
});
