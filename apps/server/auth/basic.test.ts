import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serviceSettings } from '../settings.ts';
import { Lab } from '../testing/lab.ts';

const basic = (text: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(text).toString('base64')}`,
});
const users = { dev_users: { anna: { password: 'geheim:1' }, ben: { password: 'b', scopes: ['vm:read' as const] } } };

const REFUSED = {
  status: 401,
  body: {
    success: false,
    error: { code: 'INVALID_CREDENTIALS', details: { field: 'password', reason: 'authentication_failed' } },
  },
};

describe('a name and password, for development', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.start({}, users, { isDev: true });
  });
  afterAll(() => lab.close());

  test('makes a token, as the document shows', async () => {
    const asked = { name: 'deployment-automation', expires_in: 2_592_000, permissions: ['vm:read', 'network:read'] };
    const made = await lab.send('POST /v1/auth/tokens', undefined, asked, basic('anna:geheim:1'));
    expect(made).toMatchObject({
      status: 201,
      body: { data: { token_type: 'bearer', permissions: asked.permissions } },
    });
    expect((await lab.send('GET /v1/vms', made.text('data.access_token'))).status).toBe(200);
  });

  test('may do what its user may', async () => {
    expect((await lab.send('GET /v1/vms', undefined, undefined, basic('ben:b'))).status).toBe(200);
    expect((await lab.send('GET /v1/jobs', undefined, undefined, basic('ben:b'))).status).toBe(403);
  });

  test.each([['anna:wrong'], ['anna:'], ['nobody:geheim:1'], ['__proto__:x'], ['anna'], ['']])(
    '%j is refused',
    async (text) => {
      const got = await lab.send('POST /v1/auth/tokens', undefined, {}, basic(text));
      expect(got).toMatchObject(REFUSED);
      expect(got.at('error.message')).toBe('Invalid username or password');
    },
  );
});

test('without --dev no password is taken, however good', async () => {
  const lab = await Lab.start({}, users);
  const got = await lab.send('POST /v1/auth/tokens', undefined, {}, basic('anna:geheim:1'));
  expect(got).toMatchObject(REFUSED);
  await lab.close();
});

test('a name with a colon is none: it could be read as another with another password', () => {
  expect(() => serviceSettings({ dev_users: { 'a:b': { password: 'c' } } }, {})).toThrow(/dev_users/);
});

test('the user of the environment may do everything; without a password there is none', () => {
  const env = { PXA_DEV_USER: 'dev', PXA_DEV_PASSWORD: 'x' };
  expect(serviceSettings({}, env).dev_users).toEqual({ dev: { password: 'x', scopes: ['admin'] } });
  expect(serviceSettings({}, { PXA_DEV_USER: 'dev', PXA_DEV_PASSWORD: '' }).dev_users).toEqual({});
});

test('failed sign-ins are in the audit log: the first at once, the others counted, and never what was sent', async () => {
  const lab = await Lab.start({}, users, { isDev: true });
  const fail = async (times: number): Promise<void> => {
    for (let count = 0; count < times; count++) {
      await lab.send('GET /v1/vms', undefined, undefined, basic('anna:my-wrong-password'));
    }
  };
  const failures = async (): Promise<unknown[]> => {
    const log = await lab.service.store.auditLog(0, 1_000);
    expect(JSON.stringify(log)).not.toContain('my-wrong-password');
    return log.filter(({ kind }) => kind === 'sign_in.failed').map(({ data }) => data['count']);
  };
  await fail(200);
  expect(await failures()).toEqual([1]);
  await lab.later(61);
  await fail(1);
  expect(await failures()).toEqual([1, 199, 1]);
  await fail(5);
  expect(await failures()).toEqual([1, 199, 1]);
  await lab.close();
});

test.each([
  [{}, '127.0.0.1'],
  [{ isBehindProxy: true }, '203.0.113.7'],
])('%j: a failed sign-in is from %s, whatever a client says of itself', async (options, from) => {
  const lab = await Lab.start({}, {}, options);
  // The last of these a proxy has written; those before, anybody could have.
  const forwarded = '198.51.100.1, 203.0.113.7';
  await lab.send('GET /v1/vms', 'pxa_no', undefined, { 'x-forwarded-for': forwarded });
  const [failure] = (await lab.service.store.auditLog(0, 10)).filter(({ kind }) => kind === 'sign_in.failed');
  expect(failure?.data).toEqual({ from, count: 1, scheme: 'bearer' });
  await lab.close();
});
