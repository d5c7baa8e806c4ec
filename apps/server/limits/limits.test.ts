import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createServer } from '../server.ts';
import { type Got, Lab } from '../testing/lab.ts';
import type { Category } from './limits.ts';

let lab: Lab;
let token: string;
const few = { authentication: 3, vm: 3, read: 3, bulk: 3, ai: 3 };
beforeEach(async () => {
  lab = await Lab.start({}, { limits: few });
  token = await lab.token(['admin']);
});
afterEach(() => lab.close());

/** A request of each category that is answered as often as it is made, and how long its window is in seconds. */
const REQUESTS: Readonly<Record<Category, readonly [line: string, body: object | undefined, window: number]>> = {
  authentication: ['POST /v1/auth/tokens', { name: 'a', permissions: ['vm:read'] }, 60],
  vm: ['POST /v1/vms/vm-101/start', undefined, 3_600],
  read: ['GET /v1/auth/tokens', undefined, 3_600],
  bulk: ['POST /v1/security/scans', { scan_type: 'configuration', targets: ['vm-101'] }, 3_600],
  ai: ['POST /v1/ai/generate', { prompt: 'a VM with nginx', output_format: 'cloud-init' }, 3_600],
};

const remaining = (got: Got): unknown => got.headers['x-ratelimit-remaining'];

describe.each(Object.entries(REQUESTS))('%s', (_, [line, body, window]) => {
  test('counts what is answered, refuses what is over the limit, and says when to go on', async () => {
    for (const left of ['2', '1', '0']) {
      const got = await lab.send(line, token, body);
      expect(got.status).toBeLessThan(300);
      expect(got.headers).toMatchObject({ 'x-ratelimit-limit': '3', 'x-ratelimit-window': String(window) });
      expect(remaining(got)).toBe(left);
    }
    const over = await lab.send(line, token, body);
    expect(over).toMatchObject({ status: 429, body: { success: false, error: { code: 'RATE_LIMIT_EXCEEDED' } } });
    expect(Number(over.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(over.headers['x-ratelimit-reset'])).toBeGreaterThan(lab.service.now() / 1_000);
    // Another's requests are another's.
    expect((await lab.send(line, await lab.token(['admin']), body)).status).toBeLessThan(300);
  });
});

test('what is refused does not count', async () => {
  for (const line of ['GET /v1/vms/vm-999', 'GET /v1/vms/vm-998', 'GET /v1/vms/none', 'GET /v1/vms?status=no']) {
    expect((await lab.send(line, token)).status).toBeGreaterThanOrEqual(400);
  }
  const got = await lab.send('GET /v1/auth/tokens', token);
  expect([got.status, remaining(got)]).toEqual([200, '2']);
});

test('whoever waits for a job may look as often as they like', async () => {
  const begun = await lab.send('POST /v1/vms/vm-104/start', token);
  for (let at = 0; at < 10; at += 1) {
    expect((await lab.send(`GET /v1/jobs/${begun.text('data.job_id')}`, token)).status).toBe(200);
  }
});

test('a sandbox allows ten times as much', async () => {
  const { limits: _, ...usual } = lab.service.settings;
  const app = await createServer({ ...lab.service, isSandbox: true, settings: { ...usual, limits: {} } });
  const got = await app.inject({ url: '/v1/auth/tokens', headers: { authorization: `Bearer ${token}` } });
  expect(got.headers['x-ratelimit-limit']).toBe('10000');
  await app.close();
});
