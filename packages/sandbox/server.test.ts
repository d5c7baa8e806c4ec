import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from './sandbox.ts';
import { startLab, withToken } from './testing/lab.ts';
import { ask, parseAnswer, requestText, sendRaw, type RawAnswer } from './testing/raw.ts';

let lab: Sandbox;
let old: Sandbox;
const root = withToken('root@pam!sandbox');
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

beforeAll(async () => {
  [lab, old] = await Promise.all([startLab(), startLab({ pve: '8.4' })]);
});
afterAll(async () => {
  await Promise.all([lab.close(), old.close()]);
});

interface Expectation {
  status: number;
  reason?: string;
  /** The whole body, parsed; '' = none. */
  body?: unknown;
  headers?: Record<string, string | undefined>;
}

function check(answer: RawAnswer, expected: Expectation): void {
  expect(`${answer.status} ${answer.reason}`).toBe(`${expected.status} ${expected.reason ?? answer.reason}`);
  if (expected.body === '') expect(answer.body).toBe('');
  else if (expected.body !== undefined) expect(JSON.parse(answer.body)).toEqual(expected.body);
  for (const [name, value] of Object.entries(expected.headers ?? {}))
    expect([name, answer.headers[name]]).toEqual([name, value]);
}

const CLOSED = { connection: 'close' };
const NO_BODY = { 'content-type': undefined, 'content-length': undefined, ...CLOSED };
const refusal = (message: string, errors?: Record<string, string>): object => ({
  data: null,
  message,
  ...(errors && { errors }),
});

type Case = [
  name: string,
  line: string,
  headers: Record<string, string>,
  body: string | undefined,
  expected: Expectation,
];

const CASES: Case[] = [
  [
    'no login',
    'GET /api2/json/version',
    {},
    undefined,
    { status: 401, reason: 'No ticket', body: '', headers: NO_BODY },
  ],
  ['no login, path unknown', 'GET /api2/json/foo', {}, undefined, { status: 401, reason: 'No ticket', body: '' }],
  ['realms need no login', 'GET /api2/json/access/domains', {}, undefined, { status: 200 }],
  ['login form needs none', 'GET /api2/json/access/ticket', {}, undefined, { status: 200, body: { data: null } }],
  [
    'success',
    'GET /api2/json/version',
    root,
    undefined,
    {
      status: 200,
      reason: 'OK',
      body: { data: { version: '9.2.11', release: '9.2', repoid: '0123456789abcdef' } },
      headers: {
        'content-type': 'application/json;charset=UTF-8',
        server: 'pve-api-daemon/3.0',
        'cache-control': 'max-age=0',
        pragma: 'no-cache',
        date: 'Thu, 15 Jan 2026 12:00:00 GMT',
        expires: 'Thu, 15 Jan 2026 12:00:00 GMT',
      },
    },
  ],
  [
    'path unknown',
    'GET /api2/json/foo',
    root,
    undefined,
    {
      status: 501,
      reason: "Method 'GET /foo' not implemented",
      body: refusal("Method 'GET /foo' not implemented"),
      headers: CLOSED,
    },
  ],
  [
    'method unknown there',
    'DELETE /api2/json/version',
    root,
    undefined,
    { status: 501, reason: "Method 'DELETE /version' not implemented" },
  ],
  [
    'not under /api2',
    'GET /index.html',
    root,
    undefined,
    { status: 501, reason: "no such file '/index.html'", body: '' },
  ],
  ['no format', 'GET /api2', root, undefined, { status: 501, reason: 'no such uri', body: '' }],
  [
    'other format',
    'GET /api2/html/version',
    root,
    undefined,
    { status: 501, reason: 'no formatter for uri /version, html', body: '' },
  ],
  [
    'root index',
    'GET /api2/json/',
    root,
    undefined,
    {
      status: 200,
      body: { data: ['version', 'cluster', 'nodes', 'storage', 'access', 'pools'].map((subdir) => ({ subdir })) },
    },
  ],
  ['extjs success', 'GET /api2/extjs/access/ticket', {}, undefined, { status: 200, body: { data: null, success: 1 } }],
  [
    'extjs refusal',
    'GET /api2/extjs/foo',
    root,
    undefined,
    {
      status: 200,
      reason: 'OK',
      body: { data: null, success: 0, status: 501, message: "Method 'GET /foo' not implemented" },
    },
  ],
  ['extjs without login', 'GET /api2/extjs/version', {}, undefined, { status: 401, reason: 'No ticket', body: '' }],
  [
    'unknown node',
    'GET /api2/json/nodes/nowhere/tasks',
    root,
    undefined,
    {
      status: 500,
      reason: "hostname lookup 'nowhere' failed - failed to get address info for: nowhere: Name or service not known",
    },
  ],
  ['localhost is the node', 'GET /api2/json/nodes/localhost/tasks?limit=0', root, undefined, { status: 200 }],
  ['path parameter again', 'GET /api2/json/nodes/pve1/tasks?node=pve1&limit=0', root, undefined, { status: 200 }],
  [
    'path parameter otherwise',
    'GET /api2/json/nodes/pve1/tasks?node=pve2',
    root,
    undefined,
    {
      status: 400,
      reason: 'Parameter verification failed.',
      body: refusal('Parameter verification failed.\n', {
        node: 'duplicate parameter (already defined in URI) with conflicting values!',
      }),
    },
  ],
  [
    'no privilege, wrong parameter',
    'GET /api2/json/access/users/ben@pve?x=1',
    withToken('anna@pve!narrow'),
    undefined,
    { status: 403 },
  ],
  [
    'no privilege',
    'GET /api2/json/cluster/ha/resources',
    withToken('anna@pve!full'),
    undefined,
    {
      status: 403,
      reason: 'Permission check failed (/, Sys.Audit)',
      body: refusal('Permission check failed (/, Sys.Audit)\n'),
    },
  ],
  [
    'not by token',
    'POST /api2/json/access/ticket',
    { ...root, ...FORM },
    'username=root@pam&password=sandbox',
    {
      status: 403,
      reason: "Permission check failed (URI '/access/ticket' not available with API token, need proper ticket.",
    },
  ],
  [
    'HEAD',
    'HEAD /api2/json/version',
    root,
    undefined,
    { status: 501, reason: "method 'HEAD' not available", body: '' },
  ],
  [
    'PATCH',
    'PATCH /api2/json/version',
    root,
    undefined,
    { status: 501, reason: "method 'PATCH' not available", body: '', headers: NO_BODY },
  ],
  ['OPTIONS', 'OPTIONS /api2/json/version', {}, undefined, { status: 501, reason: "method 'OPTIONS' not available" }],
  [
    'a method of nobody',
    'FROB /api2/json/version',
    {},
    undefined,
    { status: 501, reason: "method 'FROB' not available" },
  ],
  [
    'body on GET',
    'GET /api2/json/version',
    { ...root, ...FORM },
    'a=1',
    { status: 501, reason: "Unexpected content for method 'GET'" },
  ],
  [
    'body on DELETE',
    'DELETE /api2/json/nodes/pve1/tasks/x',
    { ...root, ...FORM },
    'a=1',
    { status: 501, reason: "Unexpected content for method 'DELETE'" },
  ],
  ['body on GET, no login', 'GET /api2/json/version', FORM, 'a=1', { status: 401 }],
  [
    'chunks',
    'POST /api2/json/access/ticket',
    { 'Transfer-Encoding': 'chunked' },
    undefined,
    { status: 501, reason: 'chunked transfer encoding not supported' },
  ],
  [
    'content type',
    'POST /api2/json/access/ticket',
    { 'Content-Type': 'text/xml' },
    '<a/>',
    { status: 506, reason: "upload 'Content-Type 'text/xml' not implemented" },
  ],
  [
    'no content type is a form',
    'POST /api2/json/access/ticket',
    {},
    'username=root@pam&password=sandbox',
    { status: 200 },
  ],
  [
    'JSON',
    'POST /api2/json/access/ticket',
    { 'Content-Type': 'application/json' },
    '{"username":"root@pam","password":"sandbox"}',
    { status: 200 },
  ],
  [
    'broken JSON',
    'POST /api2/json/access/ticket',
    { 'Content-Type': 'application/json' },
    '{',
    { status: 501, body: '' },
  ],
  [
    '512 KiB',
    'POST /api2/json/access/ticket',
    FORM,
    `username=root@pam&password=${'x'.repeat(512 * 1024 - 32)}`,
    { status: 401 },
  ],
  [
    'more than 512 KiB',
    'POST /api2/json/access/ticket',
    FORM,
    'x'.repeat(512 * 1024 + 1),
    { status: 501, reason: 'for data too large' },
  ],
  ['slashes in between', 'GET /api2/json//version', root, undefined, { status: 200 }],
  ['_dc is dropped', 'GET /api2/json/version?_dc=123', root, undefined, { status: 200 }],
];

describe('one request', () => {
  it.each(CASES)('%s', async (_name, line, headers, body, expected) => {
    check(await ask(lab.url, line, headers, body), expected);
  });
});

describe('connections', () => {
  it('stay open for 100 requests', async () => {
    const one = requestText('GET /api2/json/access/ticket', { Connection: 'keep-alive' });
    const answers = (await sendRaw(lab.url, one.repeat(101))).split(/(?=HTTP\/1\.1 )/).map(parseAnswer);
    expect(answers).toHaveLength(100);
    expect(answers[98]?.headers['connection']).toBe('Keep-Alive');
    expect(answers[99]?.headers['connection']).toBe('close');
  });

  it('are cut without an answer when there are 64 header lines', async () => {
    const headers = (count: number): Record<string, string> =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`X-${index}`, 'x']));
    expect(await sendRaw(lab.url, requestText('GET /api2/json/access/ticket', headers(61)))).toBe('');
    check(await ask(lab.url, 'GET /api2/json/access/ticket', headers(60)), { status: 200 });
  });

  it('are cut when the headers come to 8 KiB', async () => {
    expect(await sendRaw(lab.url, requestText('GET /api2/json/access/ticket', { 'X-Long': 'x'.repeat(8192) }))).toBe(
      '',
    );
  });

  it('answer garbage with 400', async () => {
    check(parseAnswer(await sendRaw(lab.url, 'what is this\r\n\r\n')), { status: 400, reason: 'bad request' });
  });

  it('pack answers of more than 1 KiB where the client takes that', async () => {
    const headers = { 'Accept-Encoding': 'gzip', ...root };
    const long = await ask(lab.url, 'GET /api2/json/access/permissions', headers);
    expect(long.headers['content-encoding']).toBe('gzip');
    const short = await ask(lab.url, 'GET /api2/json/version', headers);
    expect(short.headers['content-encoding']).toBeUndefined();
  });

  it('send plain HTTP to HTTPS', async () => {
    const plain = await fetch(`${lab.url.replace('https', 'http')}/api2/json/version?x=1`, { redirect: 'manual' });
    expect([plain.status, plain.headers.get('location')]).toEqual([301, `${lab.url}/api2/json/version?x=1`]);
    const post = await fetch(`${lab.url.replace('https', 'http')}/`, { redirect: 'manual', method: 'POST' });
    expect(post.status).toBe(308);
  });
});

describe('releases', () => {
  const wrong = { Authorization: 'PVEAPIToken=root@pam!sandbox=nonsense' };
  it.each([
    ['9.2', wrong, 'Authentication failed!'],
    ['8.4', wrong, 'invalid token value!'],
    ['8.4', { Authorization: 'PVEAPIToken=root@pam!nope=x' }, "no such token 'nope' for user 'root@pam'"],
    ['8.4', { Authorization: 'PVEAPIToken=nobody@pve!nope=x' }, "no such user ('nobody@pve')"],
    ['8.4', withToken('gone@pve!any'), "user 'gone@pve' is disabled"],
    ['8.4', withToken('anna@pve!old'), "token 'old' access expired"],
    ['8.4', { Cookie: 'PVEAuthCookie=PVE:root@pam:00000000::xx' }, 'permission denied - invalid PVE ticket'],
    ['9.2', { Cookie: 'PVEAuthCookie=PVE:root@pam:00000000::xx' }, 'Authentication failed!'],
  ])('%s refuses %o with "%s"', async (release, headers, reason) => {
    const { url } = release === '8.4' ? old : lab;
    check(await ask(url, 'GET /api2/json/version', headers), { status: 401, reason, body: '' });
  });
});
