import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';
import { scrubbed, scrubbedLine, scrubbedValue } from './scrub.ts';

/** Planted wherever a secret may come in; none of them may come out anywhere. */
const PLANTED = {
  token: `pxa_${'Zq7'.repeat(14)}Z`,
  jwt: 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJwbGFudGVkIn0.cGxhbnRlZC1zaWduYXR1cmU',
  basic: Buffer.from('planted:planted-basic-password').toString('base64'),
  cookie: 'planted-cookie-value-1',
  ticket: 'PVE:root@pam:65F1A2B3::cGxhbnRlZHRpY2tldA==',
  pveToken: 'PVEAPIToken=root@pam!x=11111111-2222-3333-4444-555555555555',
  query: 'planted-in-the-query-1',
  body: 'planted-in-the-body-1',
  database: 'planted-database-password',
  error: 'planted-in-an-error-1',
  webhook: 'whsec_cGxhbnRlZHBsYW50ZWQ=',
} as const;
const SECRETS = Object.values(PLANTED);

let lab: Lab;
const lines: string[] = [];
const answers: string[] = [];
beforeAll(async () => {
  const log = { write: (line: string) => void lines.push(line) };
  lab = await Lab.start(
    {},
    { dev_users: { anna: { password: PLANTED.body } } },
    { log, logLevel: 'trace', isDev: true },
  );
});
afterAll(() => lab.close());

async function sent(...how: Parameters<Lab['send']>): Promise<number> {
  const got = await lab.send(...how);
  answers.push(JSON.stringify([got.headers, got.body]));
  return got.status;
}

function expectClean(text: string): void {
  for (const secret of SECRETS) expect(text).not.toContain(secret);
}

describe('no secret comes out again', () => {
  test('that came in headers, in the query, the path or the body', async () => {
    const token = await lab.token(['admin']);
    for (const authorization of [
      `Bearer ${PLANTED.token}`,
      `Bearer ${PLANTED.jwt}`,
      `Basic ${PLANTED.basic}`,
      PLANTED.pveToken,
    ]) {
      const headers = { authorization, cookie: `PVEAuthCookie=${PLANTED.cookie}`, 'x-api-key': PLANTED.query };
      expect(await sent('GET /v1/vms', undefined, undefined, headers)).toBe(401);
    }
    await sent(`GET /v1/vms?password=${PLANTED.query}&access_token=${PLANTED.token}`, token);
    await sent(`GET /v1/nothing/${PLANTED.token}?secret=${PLANTED.query}`, token);
    await sent(`GET /v1/jobs/${PLANTED.jwt}`, token);
    await sent('POST /v1/ask', token, {
      request: { password: PLANTED.body, nested: { api: { secret: PLANTED.body } } },
    });
    await sent('POST /v1/auth/tokens', token, { name: 'x', permissions: [PLANTED.token] });
    await sent('POST /v1/auth/tokens', token, { name: 'x', permissions: ['vm:read'], password: PLANTED.body });
    await sent('POST /v1/ask', token, {
      request: `set the password of vm 101 to ${PLANTED.body} please, cipassword=${PLANTED.body}`,
    });
    await sent('PUT /v1/maintenance', token, { enabled: PLANTED.pveToken });
    const { body } = await lab.app.inject({
      method: 'POST',
      url: '/v1/ask',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      payload: `{"password":"${PLANTED.body}"`,
    });
    answers.push(body);
    for (const text of answers) expectClean(text);
    expect(answers.join()).not.toContain(token);
    expect(lines.join()).not.toContain(token);
  });

  test('that the cluster tells, in what it answers and in what becomes of a change', async () => {
    const token = await lab.token(['admin']);
    const message = `denied: ${PLANTED.pveToken} ${PLANTED.ticket} password=${PLANTED.error}`;
    lab.sandbox.faults.add({ fault: 'error', status: 403, message, method: 'POST' });
    const begun = await lab.send('POST /v1/vms/vm-103/stop', token, { graceful: false });
    const job = await lab.ended(begun.text('data.job_id'));
    expect(job.state).toBe('failed');
    await sent(`GET /v1/jobs/${job.id}`, token);
    lab.sandbox.faults.add({ fault: 'error', status: 500, message });
    expect(await sent('GET /v1/vms', token)).toBe(503);
    expect(await sent('GET /v1/nodes', token)).toBe(503);
    await sent('GET /v1/health');
    await sent('GET /v1/audit', token);
    lab.sandbox.faults.clear();
    for (const text of answers) expectClean(text);
  });

  test('that an error holds, in the log', () => {
    const cause = new Error(`connect postgres://pxa:${PLANTED.database}@db.example.com:5432/pxa refused`);
    const error = Object.assign(new Error(`PVE said: ${PLANTED.pveToken}, password=${PLANTED.error}`, { cause }), {
      config: { headers: { authorization: `Bearer ${PLANTED.token}`, cookie: PLANTED.cookie } },
      request: { body: { password: PLANTED.body } },
    });
    lab.app.log.error({ err: error }, `went wrong with ${PLANTED.ticket}`);
    lab.app.log.warn({ password: PLANTED.body, deep: { client_secret: PLANTED.query, hook: PLANTED.webhook } }, 'odd');
    lab.app.log.info(`said {"cipassword":"${PLANTED.body}"} and Basic ${PLANTED.basic}`);
  });

  test('nothing of it is in the log, the audit log, or what is kept', async () => {
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) {
      expect(() => JSON.parse(line) as unknown).not.toThrow();
      expectClean(line);
    }
    const kept = await Promise.all([
      lab.service.store.auditLog(0, 1_000),
      lab.service.kept.tokens(),
      lab.service.store.jobs({ limit: 100 }),
      lab.service.store.approvals({ now: new Date().toISOString(), limit: 100 }),
    ]);
    expectClean(JSON.stringify(kept));
  });

  test('nor in the file of a store', async () => {
    const { openAll } = await import('@pxa/assistant/store');
    const { mkdtempSync } = await import('node:fs');
    const { tmpdir } = await import('node:os');
    const folder = mkdtempSync(join(tmpdir(), 'pxa-secrets-'));
    const { store, service: kept } = await openAll(
      { kind: 'sqlite', file: join(folder, 'store.db') },
      { now: () => 0 },
    );
    const { mintToken } = await import('../auth/mint.ts');
    const service = { ...lab.service, store, kept };
    const wanted = { name: 'x', description: '', scopes: ['vm:read' as const], approval: 'own' as const };
    const { secret } = await mintToken(service, { name: 'anna', door: 'rest' }, wanted);
    await store.close();
    const bytes = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
    expect(bytes.join('')).toContain(secret.slice(0, 12));
    expect(bytes.join('')).not.toContain(secret);
  });
});

test('each request is one line: who, what, how it ended and how long it took', async () => {
  const token = await lab.token(['vm:read']);
  lines.length = 0;
  const got = await lab.send('GET /v1/vms/vm-101?x=1', token);
  await lab.send('GET /livez');
  const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(told).toHaveLength(2);
  expect(told[0]).toEqual({
    level: 'info',
    time: expect.stringMatching(/^2026-02-23T/),
    request_id: got.headers['x-request-id'],
    caller: expect.stringMatching(/^tok_/),
    method: 'GET',
    route: '/v1/vms/:vm_id',
    status: got.status,
    ms: expect.any(Number),
    message: 'request',
  });
  expect(told[1]).toMatchObject({ level: 'debug', route: '/livez', caller: null });
});

describe('what is told stays readable', () => {
  const kept: [text: string][] = [
    ['This needs a valid token: send it as “Authorization: Bearer pxa_…”.'],
    ['There is no field password.'],
    ['VM 101 is not running'],
    ['Basic authentication is for development only'],
    ['https://pve.example.com:8006/api2/json/nodes'],
    ['UPID:pve1:0000A1B2:00C3D4E5:65F1A2B3:qmstart:101:root@pam:'],
  ];
  test.each(kept)('%s', (text) => {
    expect(scrubbed(text)).toBe(text);
  });

  test('a line of the log stays JSON whatever stands in it', () => {
    const value = {
      password: 'a"b\\c',
      note: 'secret: "x"',
      token: '',
      list: [{ secret: 'y' }],
      text: '{"password":"z\\""}',
    };
    const line = scrubbedLine(JSON.stringify(value));
    expect(JSON.parse(line)).toMatchObject({ password: '[hidden]', list: [{ secret: '[hidden]' }] });
    expect(line).not.toContain('a\\"b');
  });

  const slow: [text: string][] = [
    ['a-'],
    ['eyJ-'],
    ['\\'],
    ['"'],
    ['pxa_-'],
    ['PVE:'],
    ['a.'],
    ['http://'],
    ['Basic '],
    [' '],
    ['pass'],
    ['-----BEGIN '],
  ];
  test.each(slow)('a long text of %j takes no longer than it is long', (part) => {
    // Were it the square of that, this would not end.
    const text = part.repeat(400_000);
    expect(scrubbed(text).length).toBeGreaterThan(0);
  });

  test('what came with a request is told back bounded', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(50)}1${'}'.repeat(50)}`) as unknown;
    expect(JSON.stringify(scrubbedValue(deep)).length).toBeLessThan(100);
    expect(String(scrubbedValue('x'.repeat(10_000))).length).toBeLessThan(600);
    expect((scrubbedValue(Array.from({ length: 1_000 }, () => 1)) as unknown[]).length).toBe(50);
  });
});
