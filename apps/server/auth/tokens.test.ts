import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';
import { SCOPES } from './scopes.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.start();
});
afterAll(() => lab.close());

describe('a token', () => {
  test('is made with what the document says, shown once, and ends when it is revoked', async () => {
    const admin = await lab.token(['admin']);
    const asked = {
      name: 'deployment-automation',
      description: 'Token for CI/CD deployment automation',
      expires_in: 2_592_000,
      permissions: ['vm:read', 'vm:write', 'network:read'],
    };
    const made = await lab.send('POST /v1/auth/tokens', admin, asked);
    expect(made).toMatchObject({
      status: 201,
      body: {
        success: true,
        data: {
          token_id: expect.stringMatching(/^tok_/),
          access_token: expect.stringMatching(/^pxa_[\w-]{43}$/),
          token_type: 'bearer',
          expires_at: '2026-03-25T10:00:00.000Z',
          permissions: asked.permissions,
        },
        meta: { request_id: expect.stringMatching(/^req_/), timestamp: '2026-02-23T10:00:00.000Z' },
      },
    });
    const [id, secret] = [made.text('data.token_id'), made.text('data.access_token')];
    expect((await lab.send('GET /v1/vms', secret)).status).toBe(200);
    const listed = await lab.send('GET /v1/auth/tokens', admin);
    expect(listed.at('data.tokens.0')).toMatchObject({ token_id: id, prefix: secret.slice(0, 12) });
    expect(JSON.stringify(listed.body)).not.toContain(secret);
    const revoked = await lab.send(`DELETE /v1/auth/tokens/${id}`, admin);
    expect(revoked).toMatchObject({ status: 200, body: { success: true, message: 'Token revoked successfully' } });
    expect(await lab.send('GET /v1/vms', secret)).toMatchObject({
      status: 401,
      body: { error: { code: 'INVALID_TOKEN' } },
    });
  });

  test('that one replica revokes is good at no other from then on', async () => {
    const other = await lab.replica();
    const admin = await lab.token(['admin']);
    const made = await lab.send('POST /v1/auth/tokens', admin, { name: 'x', permissions: ['vm:read'] });
    const secret = made.text('data.access_token');
    expect((await other.send('GET /v1/vms', secret)).status).toBe(200);
    await lab.send(`DELETE /v1/auth/tokens/${made.text('data.token_id')}`, admin);
    expect((await other.send('GET /v1/vms', secret)).status).toBe(401);
    await other.app.close();
  });

  test('gives no more than whoever makes it holds', async () => {
    const narrow = await lab.token(['token:write', 'vm:read'], { approval: 'required' });
    const wide = await lab.send('POST /v1/auth/tokens', narrow, { name: 'x', permissions: ['vm:read', 'vm:write'] });
    expect(wide).toMatchObject({
      status: 422,
      body: { error: { details: { field: 'permissions', reason: 'wider_than_own', provided_value: 'vm:write' } } },
    });
    await lab.send('POST /v1/auth/tokens', narrow, { name: 'x', permissions: ['vm:read'], approval: 'own' });
    const [newest] = await lab.service.kept.tokens();
    expect(newest?.approval).toBe('required');
  });

  test('is found by how its secret begins, and by whether it still is good', async () => {
    const admin = await lab.token(['admin'], { name: 'keeper' });
    const secret = await lab.token(['vm:read'], { name: 'lost', expiresIn: 60 });
    const found = async (query: string): Promise<unknown[]> =>
      (await lab.send(`GET /v1/auth/tokens?${query}`, admin))
        .list('data.tokens')
        .map(({ name, state }) => [name, state]);
    expect(await found(`prefix=${secret.slice(0, 12)}`)).toEqual([['lost', 'active']]);
    await lab.send('GET /v1/vms', secret);
    const [newest] = (await lab.send('GET /v1/auth/tokens?sort=last_used_at&limit=1', admin)).list('data.tokens');
    expect(newest).toMatchObject({ last_used_at: expect.any(String) });
    await lab.later(60);
    expect(await found(`prefix=${secret.slice(0, 12)}&state=active`)).toEqual([]);
    expect(await found(`prefix=${secret.slice(0, 12)}`)).toEqual([['lost', 'expired']]);
    expect((await lab.send(`GET /v1/auth/tokens?prefix=${secret}`, admin)).status).toBe(422);
    const page = await lab.send('GET /v1/auth/tokens?limit=1', admin);
    expect(page.at('data.pagination')).toMatchObject({ limit: 1, has_next: true });
  });

  test('is ended by who could have made it, and by no lesser one', async () => {
    await lab.token(['admin'], { name: 'chief' });
    const [chief] = await lab.service.kept.tokens();
    const lesser = await lab.token(['token:write', 'vm:read']);
    expect(await lab.send(`DELETE /v1/auth/tokens/${chief?.id}`, lesser)).toMatchObject({
      status: 403,
      body: { error: { details: { required_scope: 'admin' } } },
    });
    await lab.token(['vm:read'], { name: 'small' });
    const [small] = await lab.service.kept.tokens();
    expect((await lab.send(`DELETE /v1/auth/tokens/${small?.id}`, lesser)).status).toBe(200);
    expect((await lab.send('DELETE /v1/auth/tokens/tok_none', lesser)).status).toBe(404);
  });

  test('ends by its time', async () => {
    const token = await lab.token(['vm:read'], { expiresIn: 60 });
    expect((await lab.send('GET /v1/vms', token)).status).toBe(200);
    await lab.later(60);
    expect((await lab.send('GET /v1/vms', token)).status).toBe(401);
  });

  test('its making and its end are in the audit log, without the secret', async () => {
    const records = await lab.service.store.auditLog(0, 100);
    expect(new Set(records.map(({ kind }) => kind))).toEqual(
      new Set(['token.created', 'token.revoked', 'sign_in.failed']),
    );
    expect(JSON.stringify(records)).not.toMatch(/pxa_[\w-]{20}/);
  });
});

describe('who is not let in', () => {
  const wrong: [name: string, header: Record<string, string>][] = [
    ['nobody', {}],
    ['an unknown token', { authorization: `Bearer pxa_${'a'.repeat(43)}` }],
    ['no token at all', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: 'Digest username="admin"' }],
    ['a header that is too long', { authorization: `Bearer ${'a'.repeat(9_000)}` }],
    ['SQL', { authorization: `Bearer ' or 1=1 --` }],
  ];
  test.each(wrong)('%s', async (_name, headers) => {
    const got = await lab.send('GET /v1/vms', undefined, undefined, headers);
    expect(got).toMatchObject({
      status: 401,
      body: { success: false, error: { code: 'INVALID_TOKEN', details: { reason: 'authentication_failed' } } },
    });
  });

  test('whoever lacks the scope is told which, and nothing of the request is read', async () => {
    const token = await lab.token(SCOPES.filter((scope) => scope !== 'vm:read' && scope !== 'admin'));
    expect(await lab.send('GET /v1/vms?limit=x', token)).toMatchObject({
      status: 403,
      body: { error: { code: 'INSUFFICIENT_PERMISSIONS', details: { required_scope: 'vm:read' } } },
    });
  });
});
