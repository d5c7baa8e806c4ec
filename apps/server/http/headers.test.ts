import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ServiceSettings } from '../settings.ts';
import { Lab } from '../testing/lab.ts';

const ORIGIN = 'https://console.example.com';
let lab: Lab;
let token: string;
beforeAll(async () => {
  lab = await Lab.start({}, { allowed_origins: [ORIGIN] });
  token = await lab.token(['vm:read']);
});
afterAll(() => lab.close());

test.each([['GET /v1/vms'], ['GET /v1/health'], ['GET /v1/vms/vm-999'], ['GET /nowhere'], ['GET /v1/openapi.json']])(
  '%s is kept by no cache, framed by no page, and runs in no browser',
  async (line) => {
    const { headers } = await lab.send(line, token);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'api-version': 'v1',
      'x-request-id': expect.stringMatching(/^req_/),
    });
    expect(headers).not.toHaveProperty('strict-transport-security');
    expect(headers).not.toHaveProperty('x-powered-by');
  },
);

test('an id that a client sends for its request is not taken over', async () => {
  const { headers } = await lab.send('GET /livez', undefined, undefined, { 'x-request-id': 'req_mine' });
  expect(headers['x-request-id']).not.toBe('req_mine');
});

test('who speaks TLS, or has a proxy that does, tells browsers to stay with it', async () => {
  const behind = await Lab.start({}, {}, { isBehindProxy: true });
  expect((await behind.send('GET /livez')).headers).toHaveProperty('strict-transport-security');
  await behind.close();
});

describe('a page of another origin', () => {
  const preflight = (origin: string): ReturnType<Lab['send']> =>
    lab.send('OPTIONS /v1/vms', undefined, undefined, {
      origin,
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'authorization',
    });

  test('may call where it is named', async () => {
    expect(await preflight(ORIGIN)).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': ORIGIN,
        'access-control-allow-headers': expect.stringContaining('authorization'),
        vary: 'origin',
      },
    });
    const got = await lab.send('GET /v1/vms', token, undefined, { origin: ORIGIN });
    expect(got).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': ORIGIN } });
    expect(got.headers).not.toHaveProperty('access-control-allow-credentials');
  });

  test.each([
    ['https://evil.example.com'],
    ['https://console.example.com.evil.example'],
    ['http://console.example.com'],
    ['null'],
  ])('%s may not', async (origin) => {
    expect((await preflight(origin)).headers).not.toHaveProperty('access-control-allow-origin');
    const got = await lab.send('GET /v1/vms', token, undefined, { origin });
    expect(got.headers).not.toHaveProperty('access-control-allow-origin');
  });

  test.each([['*'], ['https://console.example.com/'], ['console.example.com'], ['https://*.example.com']])(
    'is not named by %s',
    (origin) => {
      expect(ServiceSettings.safeParse({ allowed_origins: [origin] }).success).toBe(false);
    },
  );
});
