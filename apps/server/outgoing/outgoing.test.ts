import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startSandbox } from '@pxa/assistant/lab';
import { afterEach, describe, expect, test } from 'vitest';
import { isPublicAddress } from './addresses.ts';
import { checkDownload } from './download.ts';
import { post } from './post.ts';
import type { Resolve } from './resolve.ts';
import { checkUrl } from './url.ts';

const guarded = { allowPrivate: false };

describe('an address that leads to nothing public', () => {
  const CLOSED = [
    ...['0.0.0.0', '0.1.2.3', '10.0.0.1', '100.64.0.1', '100.100.100.200', '127.0.0.1', '127.255.255.254'],
    ...['169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.192', '192.168.1.1', '198.18.0.1', '224.0.0.1'],
    ...['239.255.255.250', '240.0.0.1', '255.255.255.255', '168.63.129.16', '192.0.2.1', '198.51.100.7', '203.0.113.9'],
    ...['::', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:8.8.8.8', '::127.0.0.1', '64:ff9b::7f00:1'],
    ...['64:ff9b:1::1', 'fe80::1', 'fe80::1%eth0', 'febf::1', 'fec0::1', 'fc00::1', 'fd00:ec2::254', 'ff02::1'],
    ...['2002:7f00:1::', '2002:a9fe:a9fe::1', '2001::1', '2001:0:7f00:1::', '2001:db8::1', '3fff::1', '100::1'],
    ...['', 'example.com', '127.1', '1.2.3', '0x7f000001', '1.2.3.4.5', '[::1]'],
  ];
  test.each(CLOSED)('%s', (address) => expect(isPublicAddress(address)).toBe(false));

  const OPEN = ['1.1.1.1', '8.8.8.8', '93.184.215.14', '100.63.255.255', '100.128.0.1', '172.15.0.1', '172.32.0.1'];
  const OPEN_6 = ['2606:4700:4700::1111', '2a00:1450:4001:81b::200e', '2001:4860:4860::8888', '2001:200::1'];
  test.each([...OPEN, ...OPEN_6])('but %s does', (address) => expect(isPublicAddress(address)).toBe(true));
});

describe('a URL', () => {
  const REFUSED: [url: string, reason: string][] = [
    ['http://127.0.0.1/', 'private_address'],
    ['http://2130706433/', 'private_address'],
    ['http://0x7f000001/', 'private_address'],
    ['http://0x7f.1/', 'private_address'],
    ['http://017700000001/', 'private_address'],
    ['http://0177.0.0.1/', 'private_address'],
    ['http://127.1/', 'private_address'],
    ['http://127.0.0.1./', 'private_address'],
    ['http://0/', 'private_address'],
    ['http://１２７.０.０.１/', 'private_address'],
    ['http://①②⑦.⓪.⓪.①/', 'private_address'],
    ['http://%31%32%37.0.0.1/', 'private_address'],
    ['http://169.254.169.254/latest/meta-data/', 'private_address'],
    ['http://2852039166/', 'private_address'],
    ['http://[::1]/', 'private_address'],
    ['http://[::]/', 'private_address'],
    ['http://[0:0:0:0:0:ffff:127.0.0.1]/', 'private_address'],
    ['http://[::ffff:a9fe:a9fe]/', 'private_address'],
    ['http://[64:ff9b::169.254.169.254]/', 'private_address'],
    ['http://[fd00:ec2::254]/', 'private_address'],
    ['http://[fe80::1%25eth0]/', 'not_a_url'],
    ['https://user@example.com/', 'has_credentials'],
    ['https://user:word@example.com/', 'has_credentials'],
    ['https://:word@example.com/', 'has_credentials'],
    ['ftp://example.com/', 'not_http'],
    ['file:///etc/passwd', 'not_http'],
    ['gopher://example.com/', 'not_http'],
    ['javascript:alert(1)', 'not_http'],
    ['data:text/plain,x', 'not_http'],
    ['//example.com/', 'not_a_url'],
    ['example.com', 'not_a_url'],
    ['', 'not_a_url'],
    ['http://', 'not_a_url'],
    ['http://1.2.3.256/', 'not_a_url'],
    [`https://example.com/${'a'.repeat(2_000)}`, 'not_a_url'],
  ];
  test.each(REFUSED)('%s is refused: %s', (url, reason) => {
    expect(checkUrl(url, guarded)).toMatchObject({ ok: false, reason });
  });

  const TAKEN = [
    'https://example.com/hook?key=1',
    'http://example.com:8080/',
    'https://8.8.8.8/',
    'https://[2606:4700::1]/',
  ];
  test.each(TAKEN)('%s is taken', (url) => expect(checkUrl(url, guarded).ok).toBe(true));

  test('leads inside where that is allowed, but with no other scheme and no password', () => {
    expect(checkUrl('http://127.0.0.1/', { allowPrivate: true }).ok).toBe(true);
    expect(checkUrl('http://u:p@127.0.0.1/', { allowPrivate: true }).ok).toBe(false);
    expect(checkUrl('file:///etc/passwd', { allowPrivate: true }).ok).toBe(false);
    expect(checkUrl('http://[fe80::1]/', { allowPrivate: true }).ok).toBe(true);
  });

  const METADATA = [
    'http://169.254.169.254/',
    'http://2852039166/',
    'http://[fd00:ec2::254]/',
    'http://[::ffff:a9fe:a9fe]/',
  ];
  test.each(METADATA)("leads to a cloud's secrets not even then: %s", (url) => {
    expect(checkUrl(url, { allowPrivate: true })).toMatchObject({ ok: false, reason: 'private_address' });
  });
});

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A receiver on this machine; gives its port and what came to it. */
async function receiver(answer: RequestListener): Promise<{ port: number; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, seen };
}

const message = { headers: { 'content-type': 'application/json' }, body: '{"a":1}' };
const at =
  (...addresses: string[]): Resolve =>
  () =>
    Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));

describe('what is sent', () => {
  const INSIDE: [name: string, resolve: Resolve][] = [
    ['to loopback', at('127.0.0.1')],
    ['to loopback, mapped', at('::ffff:127.0.0.1')],
    ['to one public and one private address', at('93.184.215.14', '127.0.0.1')],
    ['to the metadata of a cloud', at('169.254.169.254')],
  ];
  test.each(INSIDE)('never goes %s by a name', async (_name, resolve) => {
    const { port, seen } = await receiver((_request, response) => response.end());
    const sent = await post(`http://rebound.example:${port}/`, message, { ...guarded, resolve });
    expect(sent).toMatchObject({ ok: false, why: expect.stringMatching(/not on the public internet/) });
    expect(seen).toEqual([]);
  });

  test('is held against what the name leads to when it connects, not before', async () => {
    const { port, seen } = await receiver((_request, response) => response.end());
    const answers = [at('93.184.215.14'), at('127.0.0.1')];
    const turning: Resolve = (host) => (answers.shift() ?? at('127.0.0.1'))(host);
    expect((await checkDownload(`http://turning.example:${port}/`, { ...guarded, resolve: turning })).ok).toBe(true);
    expect((await post(`http://turning.example:${port}/`, message, { ...guarded, resolve: turning })).ok).toBe(false);
    expect(seen).toEqual([]);
  });

  test('goes inside where that is allowed, and brings the answer back, bounded and harmless', async () => {
    const { port, seen } = await receiver((_request, response) => response.end(`\u001b[31m${'x'.repeat(100_000)}`));
    const sent = await post(`http://127.0.0.1:${port}/in?a=1`, message, { allowPrivate: true });
    expect(sent).toMatchObject({ ok: true, code: 200 });
    const { excerpt } = sent as Extract<typeof sent, { ok: true }>;
    expect(excerpt).toHaveLength(1_024);
    expect(excerpt.startsWith('\ufffd[31m')).toBe(true);
    expect(seen).toEqual(['POST /in?a=1']);
  });

  test("goes to a cloud's secrets by no name, even where private addresses are allowed", async () => {
    const sent = await post('http://meta.example/', message, { allowPrivate: true, resolve: at('169.254.169.254') });
    expect(sent).toMatchObject({ ok: false, why: expect.stringMatching(/never gone to/) });
  });

  test('follows no redirect', async () => {
    const inside = await receiver((_request, response) => response.end('secret'));
    const outside = await receiver((_request, response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${inside.port}/` }).end();
    });
    const sent = await post(`http://127.0.0.1:${outside.port}/`, message, { allowPrivate: true });
    expect(sent).toMatchObject({ ok: true, code: 307 });
    expect(inside.seen).toEqual([]);
  });

  const STUCK: [name: string, answer: RequestListener, came: object, limitMs: number][] = [
    ['nothing', () => undefined, { ok: false, why: 'There was no answer within 0.2 seconds.' }, 200],
    ['a drip', (_request, response) => void response.write('a'), { ok: true, code: 200, excerpt: 'a' }, 1_500],
    ['a break', (request) => request.socket.destroy(), { ok: false, why: expect.stringMatching(/broken off/) }, 9_000],
    [
      'another protocol',
      (request) => request.socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
      { ok: false },
      9_000,
    ],
    ['no HTTP', (request) => request.socket.end('hello\r\n\r\n'), { ok: false }, 9_000],
  ];
  test.each(STUCK)('waits no longer than its limit for %s', async (_name, answer, came, limitMs) => {
    const { port } = await receiver(answer);
    const sent = await post(`http://127.0.0.1:${port}/`, message, { allowPrivate: true, limitMs });
    expect(sent).toMatchObject(came);
  });

  test('says in words what was in the way', async () => {
    const { port } = await receiver((_request, response) => response.end());
    const closing = servers.pop();
    await new Promise((resolve) => closing?.close(resolve));
    const sent = await post(`http://127.0.0.1:${port}/`, message, { allowPrivate: true });
    expect(sent).toEqual({ ok: false, why: 'Nobody listens there: the connection was refused.' });
    const named: Resolve = () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' }));
    expect(await post('http://none.example/', message, { ...guarded, resolve: named })).toEqual({
      ok: false,
      why: 'There is no such name in the DNS.',
    });
  });
});

test('goes to nobody whose certificate is not trusted, or is for another name', async () => {
  const sandbox = await startSandbox();
  try {
    const sent = await post(sandbox.url, message, { allowPrivate: true });
    expect(sent).toEqual({ ok: false, why: 'Its certificate is signed by itself, and not trusted.' });
  } finally {
    await sandbox.close();
  }
});

describe('what a node is to download', () => {
  const CASES: [name: string, url: string, resolve: Resolve, came: object][] = [
    ['a public place', 'https://example.com/a.iso', at('93.184.215.14'), { ok: true }],
    ['a private one', 'https://inside.example/a.iso', at('10.0.0.7'), { ok: false, reason: 'private_address' }],
    ['a literal one', 'https://10.0.0.7/a.iso', at(), { ok: false, reason: 'private_address' }],
    ['none', 'https://none.example/a.iso', at(), { ok: false, reason: 'not_found' }],
    ['a file', 'file:///etc/shadow', at(), { ok: false, reason: 'not_http' }],
  ];
  test.each(CASES)('%s', async (_name, url, resolve, came) => {
    expect(await checkDownload(url, { ...guarded, resolve })).toMatchObject(came);
  });

  test('may be a name that the node alone knows, where private addresses are allowed', async () => {
    const open = { allowPrivate: true, resolve: at() };
    expect((await checkDownload('https://none.example/a.iso', open)).ok).toBe(true);
  });
});
