import { gzipSync } from 'node:zlib';
import type { ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConnectOptions, type Read, connect, inspectCertificate } from './index.ts';
import {
  type CertificateOptions,
  type TestCertificate,
  type TestServer,
  certificate,
  closedPort,
  httpsServer,
  tcpServer,
} from './testing/https-server.ts';

/** What only servers that are not Proxmox VE, or show a bad certificate, do; the rest is tested on the sandbox. */
const SECRET = '00000000-1111-2222-3333-444444444444';
const TOKEN = { kind: 'token', tokenId: 'root@pam!test', secret: SECRET } as const;
const PRINT = /(?:[0-9A-F]{2}:){31}[0-9A-F]{2}/;

let own: TestCertificate;
let authority: TestCertificate;
const servers: TestServer[] = [];

beforeAll(async () => {
  [own, authority] = await Promise.all([certificate(), certificate({ names: ['authority'] })]);
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
});

async function kept(server: Promise<TestServer>): Promise<TestServer> {
  servers.push(await server);
  return server;
}

/** Reads /version once from a new connection, and closes it. */
async function readOnce(options: Omit<ConnectOptions, 'auth'>): Promise<Read<unknown>> {
  const cluster = connect({ auth: TOKEN, random: () => 0, sleep: () => Promise.resolve(), ...options });
  const session = cluster.session();
  const read = await session.reader.get('/version', {});
  await cluster.close();
  expect(inspect([read, session.calls, cluster, session], { depth: 9, showHidden: true })).not.toContain(SECRET);
  return read;
}

const asProxmox = (response: ServerResponse): void => {
  response.setHeader('content-type', 'application/json;charset=UTF-8');
  response.end('{"data":{"version":"9.2.0"}}');
};

interface TlsCase {
  name: string;
  shows: CertificateOptions & { byAuthority?: true };
  trusts: 'pin' | 'other pin' | 'ca' | 'other ca' | 'system';
  ok?: true;
  message?: RegExp;
}

const TLS_CASES: TlsCase[] = [
  { name: 'the pinned certificate', shows: {}, trusts: 'pin', ok: true },
  { name: 'the pinned certificate for another name', shows: { names: ['elsewhere'] }, trusts: 'pin', ok: true },
  { name: 'another than the pinned one', shows: {}, trusts: 'other pin', message: /expected.*AB:AB.*presented/s },
  { name: 'one by the given authority', shows: { byAuthority: true }, trusts: 'ca', ok: true },
  { name: 'one by another authority', shows: { byAuthority: true }, trusts: 'other ca', message: /not trusted here/ },
  {
    name: 'one by an authority that the system does not know',
    shows: { byAuthority: true },
    trusts: 'system',
    message: /not trusted here/,
  },
  { name: 'a self-signed one', shows: {}, trusts: 'system', message: /self-signed/ },
  {
    name: 'one for another name',
    shows: { byAuthority: true, names: ['elsewhere'] },
    trusts: 'ca',
    message: /another host name/,
  },
  { name: 'one that has expired', shows: { byAuthority: true, days: [-9, -2] }, trusts: 'ca', message: /has expired/ },
  { name: 'one of the future', shows: { byAuthority: true, days: [2, 9] }, trusts: 'ca', message: /not valid yet/ },
];

describe('certificates', () => {
  test.each(TLS_CASES)('$name, trusting $trusts', async ({ shows, trusts, ok, message }) => {
    const shown = await certificate({ ...shows, ...(shows.byAuthority ? { signedBy: authority } : {}) });
    const server = await kept(httpsServer(shown, (_request, response) => asProxmox(response)));
    const tls = {
      pin: { fingerprint: shown.fingerprint },
      'other pin': { fingerprint: 'ab'.repeat(32) },
      ca: { ca: authority.cert },
      'other ca': { ca: own.cert },
      system: {},
    }[trusts];
    const read = await readOnce({ url: server.url, tls });
    if (ok) return expect(read).toMatchObject({ ok: true, data: { version: '9.2.0' } });
    expect(read).toMatchObject({ ok: false, problem: { kind: 'certificate', status: 0 } });
    if (read.ok) return;
    expect(read.problem.message).toMatch(message ?? PRINT);
    expect(read.problem.certificate?.presented).toBe(shown.fingerprint);
    expect(read.problem.message).toContain(shown.fingerprint);
    // Not one byte of a request, and so no token, has reached the server.
    expect(server.requests).toEqual([]);
  });

  test('can be looked at before they are trusted', async () => {
    const server = await kept(httpsServer(own, (_request, response) => asProxmox(response)));
    expect(await inspectCertificate(server.url)).toMatchObject({
      ok: true,
      certificate: { fingerprint: own.fingerprint, trusted: false },
    });
    expect(server.requests).toEqual([]);
    const url = `https://127.0.0.1:${await closedPort()}`;
    expect(await inspectCertificate(url)).toMatchObject({ ok: false, problem: { kind: 'unreachable' } });
  });
});

interface AnswerCase {
  name: string;
  answer: (response: ServerResponse) => void;
  expected: object;
}

const json =
  (status: number, body: string, headers: Record<string, string> = {}) =>
  (response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  };
const problem = (kind: string, status: number, message?: RegExp): object => ({
  ok: false,
  problem: { kind, status, ...(message ? { message: expect.stringMatching(message) } : {}) },
});

const ANSWERS: AnswerCase[] = [
  {
    name: 'a web page',
    answer: (r) => void r.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    expected: problem('not_proxmox', 200, /web page/),
  },
  {
    name: 'a web page as an error',
    answer: (r) => void r.writeHead(404, { 'content-type': 'text/html' }).end('<html>'),
    expected: problem('not_proxmox', 404),
  },
  {
    name: 'a redirect',
    answer: (r) => void r.writeHead(302, { location: 'https://127.0.0.1:1/' }).end(),
    expected: problem('not_proxmox', 302, /redirects/),
  },
  {
    name: 'text',
    answer: (r) => void r.writeHead(200, { 'content-type': 'text/plain' }).end('hello'),
    expected: problem('not_proxmox', 200, /text\/plain/),
  },
  {
    name: "a download of Proxmox's",
    answer: (r) => void r.writeHead(200, { 'content-type': 'text/plain', server: 'pve-api-daemon/3.0' }).end('line\n'),
    expected: { ok: true, data: 'line\n' },
  },
  { name: 'no body', answer: (r) => void r.writeHead(204).end(), expected: problem('not_proxmox', 204) },
  { name: 'broken JSON', answer: json(200, '{"data":'), expected: problem('not_proxmox', 200) },
  { name: 'other JSON', answer: json(200, '{"kind":"Status"}'), expected: problem('not_proxmox', 200, /another kind/) },
  { name: 'a list', answer: json(200, '[1]'), expected: problem('not_proxmox', 200) },
  {
    name: 'JSON of another service as an error',
    answer: json(403, '{"kind":"Status","message":"no"}'),
    expected: problem('not_proxmox', 403),
  },
  { name: 'null', answer: json(200, '{"data":null}'), expected: { ok: true, data: null } },
  {
    name: 'keys beside the data',
    answer: json(200, '{"data":[],"total":7,"changes":"x"}'),
    expected: { ok: true, total: 7, extra: { changes: 'x' } },
  },
  {
    name: 'gzip',
    answer: (r) =>
      void r
        .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
        .end(gzipSync('{"data":[1]}')),
    expected: { ok: true, data: [1] },
  },
  {
    name: 'broken gzip',
    answer: json(200, 'nonsense', { 'content-encoding': 'gzip' }),
    expected: problem('not_proxmox', 0, /gzip/),
  },
  {
    name: 'an encoding that was not asked for',
    answer: json(200, '{"data":1}', { 'content-encoding': 'br' }),
    expected: problem('not_proxmox', 0, /br/),
  },
  { name: 'a bare 500', answer: json(500, '{"data":null}'), expected: problem('server', 500, /Internal Server Error/) },
  {
    name: 'the token, echoed',
    answer: json(400, `{"data":null,"message":"bad ${SECRET}","errors":{"x":"${SECRET}"}}`),
    expected: { ok: false, problem: { kind: 'invalid', errors: { x: '[hidden]' } } },
  },
  {
    name: 'control characters',
    answer: json(500, '{"data":null,"message":"\\u001b[2Jgone\\r\\n"}'),
    expected: problem('server', 500, /answered 500: \[2Jgone$/),
  },
];

describe('answers', () => {
  test.each(ANSWERS)('$name', async ({ answer, expected }) => {
    const server = await kept(httpsServer(own, (_request, response) => answer(response)));
    const read = await readOnce({ url: server.url, tls: { fingerprint: own.fingerprint } });
    expect(read).toMatchObject(expected);
    if (!read.ok) expect(read.problem.next_step).not.toBe('');
  });
});

interface TroubleCase {
  name: string;
  server: () => Promise<TestServer>;
  expected: object;
  timeouts?: ConnectOptions['timeouts'];
}

const secure = (listener: (response: ServerResponse) => void) => () =>
  httpsServer(own, (_request, response) => listener(response));

const TROUBLE: TroubleCase[] = [
  {
    name: 'a server that says nothing to TLS',
    server: () => tcpServer(() => undefined),
    timeouts: { connectMs: 60 },
    expected: problem('unreachable', 0, /no connection within 60 ms/),
  },
  {
    name: 'a server without TLS',
    server: () => tcpServer((s) => void s.end('HTTP/1.1 200 OK\r\n\r\n')),
    expected: problem('not_proxmox', 0, /TLS/),
  },
  {
    name: 'a server that hangs up on TLS',
    server: () => tcpServer((s) => void s.once('data', () => s.destroy())),
    expected: problem('unreachable', 0),
  },
  {
    name: 'a server that never answers',
    server: secure(() => undefined),
    timeouts: { requestMs: 80.3 },
    expected: problem('timeout', 0, /no answer within 80 ms/),
  },
  {
    name: 'an answer that stops halfway',
    server: secure((r) => void r.writeHead(200, { 'content-length': '99' }).write('{"da')),
    timeouts: { requestMs: 80 },
    expected: problem('timeout', 0),
  },
  {
    name: 'a connection cut before the answer',
    server: secure((r) => void r.socket?.destroy()),
    expected: problem('unreachable', 0, /closed the connection/),
  },
  {
    name: 'a connection cut within the answer',
    server: secure((r) => {
      r.writeHead(200, { 'content-length': '99' }).write('{"da', () => r.socket?.destroy());
    }),
    expected: problem('unreachable', 0),
  },
  {
    name: 'what is not HTTP',
    server: secure((r) => void r.socket?.end('SSH-2.0-OpenSSH\r\n')),
    expected: problem('not_proxmox', 0),
  },
];

describe('trouble', () => {
  test.each(TROUBLE)('$name', async ({ server: start, timeouts, expected }) => {
    const server = await kept(start());
    const limits = timeouts === undefined ? {} : { timeouts };
    const read = await readOnce({ url: server.url, tls: { fingerprint: own.fingerprint }, ...limits });
    expect(read).toMatchObject(expected);
  });

  test('nobody listens', async () => {
    const url = `https://127.0.0.1:${await closedPort()}`;
    const read = await readOnce({ url, tls: {} });
    expect(read).toMatchObject(problem('unreachable', 0, /refuses connections/));
  });
});
