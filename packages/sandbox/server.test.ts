import { afterAll, beforeAll, describe, it } from 'vitest';
import type { Sandbox } from './sandbox.ts';
import { startLab, withToken } from './testing/lab.ts';
import { check, type Expectation } from './testing/check.ts';
import { ask } from './testing/raw.ts';

let lab: Sandbox;
const root = withToken('root@pam!sandbox');
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.close());

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
  [
    'passed on twice',
    'GET /api2/json/nodes/pve2/tasks',
    { ...root, PVEDisableProxy: 'true' },
    undefined,
    { status: 500, reason: 'proxy loop detected', body: '', headers: NO_BODY },
  ],
  [
    'a key that is no parameter',
    'DELETE /api2/json/nodes/pve1/tasks/x?__proto__=1',
    root,
    undefined,
    { status: 400, reason: 'Parameter verification failed.' },
  ],
];

describe('one request', () => {
  it.each(CASES)('%s', async (_name, line, headers, body, expected) => {
    check(await ask(lab.url, line, headers, body), expected);
  });
});
