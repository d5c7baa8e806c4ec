import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import type { Sandbox } from '@pxa/sandbox';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Call } from '@pxa/contract';
import { type Cluster, type Credentials, SettingsError, connect } from './index.ts';
import { LAB_NOW_MS, LAB_SECRET, ROOT_TOKEN, connectTo, startLab } from './testing/lab.ts';

let lab: Sandbox;
let cluster: Cluster;
let nowMs = LAB_NOW_MS;

beforeEach(async () => {
  nowMs = LAB_NOW_MS;
  lab = await startLab();
});
afterEach(async () => {
  await cluster.close();
  await lab.close();
});

const HOUR_MS = 3_600_000;
const ROOT: Credentials = { kind: 'password', username: 'root@pam', password: 'sandbox' };
const BEN: Credentials = { kind: 'password', username: 'ben', realm: 'pve', password: 'ben-secret' };

/** The calls as `POST ticket 200`, `GET version 401`. */
function told(calls: readonly Call[]): string[] {
  return calls.map(({ method, path, status }) => `${method} ${path.split('/').at(-1)} ${status}`);
}

/** Reads /version in a session of its own; gives `ok` or the problem's kind, and the calls. */
async function read(): Promise<{ gives: string; calls: string[]; shown: string }> {
  const session = cluster.session();
  const result = await session.reader.get('/version', {});
  const shown = inspect([result, session, cluster], { depth: 9, showHidden: true }) + JSON.stringify([result, session]);
  return { gives: result.ok ? 'ok' : result.problem.kind, calls: told(session.calls), shown };
}

function login(auth: Credentials): void {
  cluster = connectTo(lab, auth, { now: () => nowMs });
}

/** The six digits for the lab's TOTP secret at its time (RFC 6238). */
function totp(): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(lab.clock.now() / 30_000)));
  const mac = createHmac('sha1', Buffer.from('Hello!\xde\xad\xbe\xef', 'latin1')).update(counter).digest();
  const at = (mac.at(-1) ?? 0) & 0xf;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

describe('one read', () => {
  const CASES: [name: string, auth: () => Credentials, gives: string, calls: string[]][] = [
    ['token', () => ROOT_TOKEN, 'ok', ['GET version 200']],
    [
      'wrong token',
      () => ({ ...ROOT_TOKEN, kind: 'token', tokenId: 'root@pam!other', secret: LAB_SECRET }),
      'unauthenticated',
      ['GET version 401'],
    ],
    ['password', () => ROOT, 'ok', ['POST ticket 200', 'GET version 200']],
    ['realm apart', () => ({ ...ROOT, username: 'root', realm: 'pam' }), 'ok', ['POST ticket 200', 'GET version 200']],
    ['wrong password', () => ({ ...ROOT, password: 'hunter22' }), 'unauthenticated', ['POST ticket 401']],
    ['wrong realm', () => ({ ...ROOT, username: 'root@pve' }), 'unauthenticated', ['POST ticket 401']],
    ['TOTP code', () => ({ ...BEN, otp: totp() }), 'ok', ['POST ticket 200', 'POST ticket 200', 'GET version 200']],
    [
      'recovery key',
      () => ({ ...BEN, otp: 'aaaa-bbbb-cccc-dddd' }),
      'ok',
      ['POST ticket 200', 'POST ticket 200', 'GET version 200'],
    ],
    ['wrong TOTP code', () => ({ ...BEN, otp: '000000' }), 'unauthenticated', ['POST ticket 200', 'POST ticket 401']],
    ['second factor missing', () => BEN, 'unauthenticated', ['POST ticket 200']],
    [
      'second factor asked for',
      () => ({ ...BEN, askOtp: (kinds) => Promise.resolve(kinds.includes('totp') ? totp() : '') }),
      'ok',
      ['POST ticket 200', 'POST ticket 200', 'GET version 200'],
    ],
    [
      'second factor not given when asked',
      () => ({ ...BEN, askOtp: () => Promise.reject(new Error('no')) }),
      'unauthenticated',
      ['POST ticket 200'],
    ],
  ];
  test.each(CASES)('%s', async (_name, auth, gives, calls) => {
    const credentials = auth();
    login(credentials);
    const result = await read();
    expect(result).toMatchObject({ gives, calls });
    const { secret = '', password = '', otp = '' } = { ...credentials } as Record<string, string>; // one kind lacks the other's
    for (const hidden of [secret, password, otp, 'PVE:', 'PVEAPIToken']) {
      if (hidden.length > 3 && hidden !== 'sandbox') expect(result.shown).not.toContain(hidden);
    }
  });
});

describe('a ticket', () => {
  test('serves for an hour, then is renewed without a second factor, and lasts for days', async () => {
    login({ ...BEN, otp: totp() });
    expect((await read()).calls).toHaveLength(3);
    for (const [hours, calls] of [
      [0.9, ['GET version 200']],
      [0.2, ['POST ticket 200', 'GET version 200']],
      [1.5, ['POST ticket 200', 'GET version 200']],
      [1.8, ['POST ticket 200', 'GET version 200']],
    ] as const) {
      nowMs += hours * HOUR_MS;
      await lab.clock.advance(hours * HOUR_MS);
      expect(await read()).toMatchObject({ gives: 'ok', calls });
    }
  });

  test('that was refused is obtained anew, once', async () => {
    login(ROOT);
    await cluster.learnNodes(); // Now, so that it does not happen in between.
    await lab.clock.advance(3 * HOUR_MS); // The server's clock alone: the client thinks that the ticket is good.
    expect(await read()).toMatchObject({
      gives: 'ok',
      calls: ['GET version 401', 'POST ticket 200', 'GET version 200'],
    });
    lab.faults.add({ fault: 'expired_ticket' });
    expect(await read()).toMatchObject({
      gives: 'unauthenticated',
      calls: ['GET version 401', 'POST ticket 200', 'GET version 401'],
    });
  });

  test('is obtained once for all reads that need it', async () => {
    login(ROOT);
    const session = cluster.session();
    const paths = ['/version', '/cluster/status', '/cluster/resources', '/nodes'] as const;
    const results = await Promise.all(paths.map((path) => session.reader.get(path, {})));
    expect(results.every((result) => result.ok)).toBe(true);
    expect(told(session.calls).filter((call) => call.startsWith('POST'))).toEqual(['POST ticket 200']);
  });

  test('that cannot be had is told to all who wait, each with the call among its own', async () => {
    login({ ...ROOT, password: 'hunter22' });
    const one = cluster.session();
    const other = cluster.session();
    const reads = await Promise.all([one, other].map((session) => session.reader.get('/version', {})));
    expect(reads).toMatchObject([
      { ok: false, call: 0 },
      { ok: false, call: 0 },
    ]);
    expect([told(one.calls), told(other.calls)]).toEqual([['POST ticket 401'], ['POST ticket 401']]);
  });

  test('is not asked for again right after a refusal, since accounts can be locked', async () => {
    login({ ...ROOT, password: 'hunter22' });
    expect((await read()).calls).toEqual(['POST ticket 401']);
    expect(await read()).toMatchObject({ gives: 'unauthenticated', calls: [] });
    nowMs += 61_000;
    expect((await read()).calls).toEqual(['POST ticket 401']);
  });

  test('costs a given second factor one try only', async () => {
    login({ ...BEN, otp: '000000' });
    expect((await read()).calls).toEqual(['POST ticket 200', 'POST ticket 401']);
    expect(await read()).toMatchObject({ gives: 'unauthenticated', calls: ['POST ticket 200'] });
  });

  test('is the same with an old server', async () => {
    await lab.close();
    lab = await startLab({ pve: '8.4' });
    login(ROOT);
    expect(await read()).toMatchObject({ gives: 'ok' });
    login({ ...ROOT, password: 'hunter22' });
    expect(await read()).toMatchObject({ gives: 'unauthenticated', calls: ['POST ticket 401'] });
  });
});

test('credentials that cannot be any are refused at once, without being repeated', () => {
  login(ROOT);
  const bad: Credentials[] = [
    { kind: 'token', tokenId: 'root@pam', secret: LAB_SECRET },
    { kind: 'token', tokenId: `root@pam!x=${LAB_SECRET}`, secret: LAB_SECRET },
    { kind: 'token', tokenId: 'root@pam!x', secret: '' },
    { kind: 'token', tokenId: 'root@pam!x', secret: `${LAB_SECRET}\r\nX: y` },
    { kind: 'password', username: 'root', password: 'hunter22' },
    { kind: 'password', username: 'root@pam', password: '' },
    { kind: 'password', username: '', password: 'hunter22' },
  ];
  for (const auth of bad) {
    expect(() => connect({ url: lab.url, auth, tls: {} })).toThrow(SettingsError);
    expect(() => connect({ url: lab.url, auth, tls: {} })).not.toThrow(/hunter22|1111/);
  }
});
