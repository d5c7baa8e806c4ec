import { createHmac } from 'node:crypto';
import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AUDIENCE, Identity } from '../testing/identity.ts';
import { Lab } from '../testing/lab.ts';
import type { Got } from '../testing/lab.ts';

let identity: Identity;
let lab: Lab;
/** What the lab's clock shows, in seconds. */
const now = (): number => Math.floor(lab.service.now() / 1_000);
beforeAll(async () => {
  identity = await Identity.start();
  const oauth = {
    issuer: identity.issuer,
    audience: AUDIENCE,
    groups: { auditors: ['audit:read' as const], operators: ['job:read' as const] },
    name_claim: 'preferred_username',
  };
  lab = await Lab.start({}, { oauth }, { keysCooldownMs: 0 });
});
afterAll(async () => {
  await lab.close();
  await identity.close();
});

const good = (): Record<string, unknown> => ({
  iss: identity.issuer,
  aud: AUDIENCE,
  sub: 'user-1',
  exp: now() + 300,
  scope: 'openid vm:read',
});
const vms = (token: string): Promise<Got> => lab.send('GET /v1/vms', token);
const segment = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('who is let in', () => {
  test('holds a token that the issuer granted, with the scopes that it names', async () => {
    const token = await identity.granted('vm:read');
    expect((await vms(token)).status).toBe(200);
    expect((await lab.send('POST /v1/vms/vm-103/stop', token)).at('error.details.required_scope')).toBe('vm:write');
    // what its groups may do is added
    expect((await lab.send('GET /v1/jobs', token)).status).toBe(200);
  });

  const accepted: [name: string, claims: object, header: object][] = [
    ['scopes as a list in scp', { scope: undefined, scp: ['vm:read'] }, {}],
    ['one of several audiences', { aud: ['https://other.example.com', AUDIENCE] }, {}],
    ['the type JWT', {}, { typ: 'JWT' }],
    ['the long name of the type', {}, { typ: 'application/at+jwt' }],
    ['a clock that goes a little wrong', { exp: -20, nbf: 20 }, {}],
  ];
  test.each(accepted)('%s', async (_name, claims, header) => {
    const at = (value: unknown): unknown => (typeof value === 'number' ? now() + value : value);
    const changed = Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, at(value)]));
    expect((await vms(await identity.signed({ ...good(), ...changed }, header))).status).toBe(200);
  });

  test('is named in the audit log as the issuer names them, and their request is their approval', async () => {
    const claims = { ...good(), scope: 'vm:write', preferred_username: 'ben' };
    const begun = await lab.send('POST /v1/vms/vm-103/stop', await identity.signed(claims));
    await lab.ended(begun.text('data.job_id'));
    const approved = (await lab.service.store.auditLog(0, 100)).find(({ kind }) => kind === 'plan.approved');
    expect(approved).toMatchObject({ who: 'ben', door: 'rest' });
  });
});

describe('who is not', () => {
  const claimed: [name: string, claims: object, header?: object][] = [
    ['an expired token', { exp: -31 }],
    ['one that is not valid yet', { nbf: 31 }],
    ['one without an end', { exp: undefined }],
    ['one without a person', { sub: undefined }],
    ['one for another audience', { aud: 'https://other.example.com' }],
    ['one without an audience', { aud: undefined }],
    ['one of another issuer', { iss: 'https://evil.example.com' }],
    ['an id token', { at_hash: 'x' }],
    ['a refresh token of Keycloak', { typ: 'Refresh' }],
    ['a token of another type', {}, { typ: 'dpop+jwt' }],
    ['a key that there never was', {}, { kid: '../../etc/passwd' }],
  ];
  test.each(claimed)('%s', async (_name, claims, header = {}) => {
    const at = (value: unknown): unknown => (typeof value === 'number' ? now() + value : value);
    const changed = Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, at(value)]));
    expect(await vms(await identity.signed({ ...good(), ...changed }, header))).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer realm="pxa"' },
      body: { error: { code: 'INVALID_TOKEN' } },
    });
  });

  const forged: [name: string, forge: () => string | Promise<string>][] = [
    ['no signature at all', () => `${segment({ alg: 'none', typ: 'at+jwt' })}.${segment(good())}.`],
    [
      'HS256 with the public key as the secret',
      () => {
        const text = `${segment({ alg: 'HS256', kid: identity.kid, typ: 'at+jwt' })}.${segment(good())}`;
        return `${text}.${createHmac('sha256', identity.publicPem).update(text).digest('base64url')}`;
      },
    ],
    [
      'changed claims under a good signature',
      async () => {
        const [head, , signature] = (await identity.signed(good())).split('.');
        return `${head}.${segment({ ...good(), scope: 'admin' })}.${signature}`;
      },
    ],
    [
      'a key of its own, named as the issuer names its',
      async () => {
        const { privateKey } = await generateKeyPair('RS256');
        const header = { alg: 'RS256', kid: identity.kid, typ: 'at+jwt' };
        return new SignJWT(good()).setProtectedHeader(header).sign(privateKey);
      },
    ],
    [
      'a key that it brings along',
      async () => {
        const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
        const { exportJWK } = await import('jose');
        const jwk = await exportJWK(publicKey);
        return new SignJWT(good())
          .setProtectedHeader({ alg: 'RS256', jwk, jku: 'http://127.0.0.1:1/', typ: 'at+jwt' })
          .sign(privateKey);
      },
    ],
    ['what only looks like one', () => 'a.b.c'],
    ['a header that is no JSON', () => `${Buffer.from('{').toString('base64url')}.e30.x`],
    ['one that is too long', () => `${segment({ alg: 'RS256' })}.${'a'.repeat(9_000)}.x`],
  ];
  test.each(forged)('%s', async (_name, forge) => {
    expect((await vms(await forge())).status).toBe(401);
  });

  test('nothing is fetched for what could never be good', async () => {
    const before = identity.asked.length;
    await vms(await identity.signed({ ...good(), iss: 'https://evil.example.com' }));
    await vms(`${segment({ alg: 'none' })}.${segment(good())}.`);
    expect(identity.asked).toHaveLength(before);
  });
});

test('scopes that are none of ours give nothing, also not by the name of a group', async () => {
  const token = await identity.signed({
    ...good(),
    scope: 'root vm:* __proto__',
    groups: ['constructor', '__proto__'],
  });
  expect((await vms(token)).status).toBe(403);
});

test('a name that could pass for something else is not taken over', async () => {
  const claims = {
    ...good(),
    scope: 'token:write vm:read',
    preferred_username: 'anna\n2026 admin approved',
    sub: 'u 1',
  };
  const made = await lab.send('POST /v1/auth/tokens', await identity.signed(claims), {
    name: 'x',
    permissions: ['vm:read'],
  });
  expect(made.status).toBe(201);
  expect((await lab.service.kept.tokens())[0]?.created_by).toBe('sub dSAx');
});

describe('keys', () => {
  test('are fetched anew for one that is not known, and the old one ends', async () => {
    const old = await identity.signed(good());
    expect((await vms(old)).status).toBe(200);
    await identity.rotate('second');
    expect((await vms(await identity.signed(good()))).status).toBe(200);
    expect((await vms(old)).status).toBe(401);
  });

  test('are not fetched for each token of a flood', async () => {
    const oauth = { issuer: identity.issuer, audience: AUDIENCE };
    const calm = await Lab.start({}, { oauth }, { keysCooldownMs: 60_000 });
    await calm.send('GET /v1/vms', await identity.signed(good()));
    const before = identity.asked.length;
    for (let count = 0; count < 20; count++) {
      const token = await identity.signed(good(), { kid: `unknown-${count}` });
      expect((await calm.send('GET /v1/vms', token)).status).toBe(401);
    }
    expect(identity.asked).toHaveLength(before);
    await calm.close();
  });

  test('of an issuer that is away: 503, asked again after a while, and tokens of the service are good meanwhile', async () => {
    const away = await Identity.start();
    await away.close();
    const oauth = { issuer: away.issuer, audience: AUDIENCE };
    let asked = 0;
    const askWeb: typeof fetch = (...how) => {
      asked += 1;
      return fetch(...how);
    };
    const alone = await Lab.start({}, { oauth }, { askWeb });
    const claims = { ...good(), iss: away.issuer };
    for (let count = 0; count < 3; count++) {
      expect(await alone.send('GET /v1/vms', await away.signed(claims))).toMatchObject({
        status: 503,
        body: { error: { code: 'IDENTITY_UNAVAILABLE' } },
      });
    }
    expect(asked).toBe(1);
    await alone.later(31);
    await alone.send('GET /v1/vms', await away.signed(claims));
    expect(asked).toBe(2);
    expect((await alone.send('GET /v1/vms', await alone.token(['vm:read']))).status).toBe(200);
    await alone.close();
  });
});

describe('an issuer', () => {
  test('without TLS is refused, but on this machine or for development', async () => {
    const oauth = { issuer: 'http://id.example.com', audience: 'pxa' };
    await expect(Lab.start({}, { oauth })).rejects.toThrow(/is not https/);
    const dev = await Lab.start({}, { oauth }, { isDev: true });
    await dev.close();
  });

  const documents: [name: string, document: object][] = [
    ['names another issuer', { issuer: 'https://other.example.com', jwks_uri: 'http://127.0.0.1:1/jwks' }],
    [
      'has its keys where there is no TLS',
      { issuer: 'https://id.example.com', jwks_uri: 'http://id.example.com/jwks' },
    ],
    ['is of another shape', { hello: 'world' }],
  ];
  test.each(documents)('whose document %s is not trusted', async (_name, document) => {
    const oauth = { issuer: 'https://id.example.com', audience: AUDIENCE };
    const askWeb = async (): Promise<Response> => Response.json(document);
    const odd = await Lab.start({}, { oauth }, { askWeb });
    const token = await identity.signed({ ...good(), iss: oauth.issuer });
    expect((await odd.send('GET /v1/vms', token)).status).toBe(503);
    await odd.close();
  });
});
