import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from './sandbox.ts';
import { check } from './testing/check.ts';
import { startLab, withToken } from './testing/lab.ts';
import { ask, parseAnswer, requestText, sendRaw } from './testing/raw.ts';

let lab: Sandbox;
let old: Sandbox;
const root = withToken('root@pam!sandbox');

beforeAll(async () => {
  [lab, old] = await Promise.all([startLab(), startLab({ pve: '8.4' })]);
});
afterAll(async () => {
  await Promise.all([lab.close(), old.close()]);
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

  it.each([
    ['gzip', 'gzip'],
    ['deflate, gzip;q=0.5', 'gzip'],
    ['deflate', 'deflate'],
    ['br', undefined],
    ['', undefined],
  ])('pack answers of more than 1 KiB for a client that takes "%s" as %s', async (accepted, packing) => {
    const headers = { 'Accept-Encoding': accepted, ...root };
    const long = await ask(lab.url, 'GET /api2/json/access/permissions', headers);
    expect(long.headers['content-encoding']).toBe(packing);
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
