import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Sandbox } from './sandbox.ts';
import { startLab, withToken } from './testing/lab.ts';
import { ask, type RawAnswer } from './testing/raw.ts';
import { totp } from './tfa.ts';

let lab: Sandbox;
beforeEach(async () => {
  lab = await startLab();
});
afterEach(() => lab.close());

const JSON_BODY = { 'Content-Type': 'application/json' };

async function login(params: Record<string, string>): Promise<{ answer: RawAnswer; data: Record<string, unknown> }> {
  const answer = await ask(lab.url, 'POST /api2/json/access/ticket', JSON_BODY, JSON.stringify(params));
  const { data } = JSON.parse(answer.body) as { data: Record<string, unknown> | null };
  return { answer, data: data ?? {} };
}

async function ticketOf(username: string, password: string): Promise<{ ticket: string; csrf: string }> {
  const { data } = await login({ username, password });
  return { ticket: String(data['ticket']), csrf: String(data['CSRFPreventionToken']) };
}

const cookie = (ticket: string): Record<string, string> => ({
  Cookie: `a=b; PVEAuthCookie=${encodeURIComponent(ticket)}`,
});
const BEN_TOTP = 'JBSWY3DPEHPK3PXP';

describe('POST /access/ticket', () => {
  it('200: ticket, CSRF token, capabilities, cluster', async () => {
    const { data } = await login({ username: 'root@pam', password: 'sandbox' });
    expect(data).toMatchObject({ username: 'root@pam', clustername: 'lab', cap: { vms: { 'VM.Audit': 1 } } });
    expect(data['ticket']).toMatch(/^PVE:root@pam:[0-9A-F]{8}::[A-Za-z0-9+/]{342}==$/);
    expect(data['CSRFPreventionToken']).toMatch(/^[0-9A-F]{8}:[A-Za-z0-9+/]{43}$/);
  });

  it('200: the realm apart', async () => {
    const { data } = await login({ username: 'anna', realm: 'pve', password: 'anna-secret' });
    expect(data['username']).toBe('anna@pve');
    expect(data).not.toHaveProperty('clustername');
  });

  it.each([
    ['a wrong password', { username: 'root@pam', password: 'x' }],
    ['nobody', { username: 'nobody@pve', password: 'x' }],
    ['no realm', { username: 'root', password: 'sandbox' }],
    ['a disabled user', { username: 'gone@pve', password: 'gone-secret' }],
    ['an expired user', { username: 'late@pve', password: 'late-secret' }],
    ['a forged ticket', { username: 'root@pam', password: 'PVE:root@pam:6968D640::AAAA' }],
    ['otp and challenge at once', { username: 'ben@pve', password: 'totp:1', otp: 'totp:1', 'tfa-challenge': 'x' }],
    ['a wrong otp', { username: 'ben@pve', password: 'ben-secret', otp: 'totp:000000' }],
    ['missing privileges', { username: 'anna@pve', password: 'anna-secret', path: '/', privs: 'Sys.Audit' }],
  ])('401: %s', async (_name, params) => {
    const { answer } = await login(params);
    expect(`${answer.status} ${answer.reason}`).toBe('401 authentication failure');
    expect(JSON.parse(answer.body)).toEqual({ data: null, message: 'authentication failure\n' });
  });

  it('200: only asks about privileges', async () => {
    const { data } = await login({
      username: 'anna@pve',
      password: 'anna-secret',
      path: '/vms/100',
      privs: 'VM.Audit',
    });
    expect(data).toEqual({ username: 'anna@pve' });
  });

  it('200: a ticket in place of the password, and root@pam for others', async () => {
    const { ticket } = await ticketOf('root@pam', 'sandbox');
    expect((await login({ username: 'root@pam', password: ticket })).data['username']).toBe('root@pam');
    expect((await login({ username: 'anna@pve', password: ticket })).data['username']).toBe('anna@pve');
    const { ticket: annas } = await ticketOf('anna@pve', 'anna-secret');
    expect((await login({ username: 'root@pam', password: annas })).answer.status).toBe(401);
  });
});

describe('a second factor', () => {
  async function challenge(): Promise<string> {
    const { data } = await login({ username: 'ben@pve', password: 'ben-secret' });
    expect(data).toMatchObject({ username: 'ben@pve', NeedTFA: 1 });
    expect(data).not.toHaveProperty('cap');
    return String(data['ticket']);
  }

  const answerTo = async (ticket: string, password: string): Promise<number> =>
    (await login({ username: 'ben@pve', password, 'tfa-challenge': ticket })).answer.status;

  it('names what can be answered, colons escaped', async () => {
    const subject = /^PVE:(!tfa![^:]*):/.exec(await challenge())?.[1] ?? '';
    expect(JSON.parse(subject.slice(5).replaceAll('%3A', ':'))).toEqual({ totp: true, recovery: [0, 1] });
  });

  it('is answered by a code, once', async () => {
    const ticket = await challenge();
    const code = `totp:${totp(BEN_TOTP, lab.clock.now())}`;
    expect([await answerTo(ticket, code), await answerTo(ticket, code)]).toEqual([200, 401]);
  });

  it('is answered by each recovery key once', async () => {
    const ticket = await challenge();
    const key = 'recovery:aaaa-bbbb-cccc-dddd';
    expect([await answerTo(ticket, key), await answerTo(ticket, key)]).toEqual([200, 401]);
    expect(await challenge()).toContain('[1]');
  });

  it('locks codes after eight wrong ones, until a recovery key is used', async () => {
    const ticket = await challenge();
    for (let i = 0; i < 8; i++) await answerTo(ticket, 'totp:000000');
    const code = (): string => `totp:${totp(BEN_TOTP, lab.clock.now())}`;
    expect(await answerTo(ticket, code())).toBe(401);
    expect(await answerTo(ticket, 'recovery:eeee-ffff-0000-1111')).toBe(200);
    expect(await answerTo(ticket, code())).toBe(200);
  });

  it('can be given with the password', async () => {
    const otp = `totp:${totp(BEN_TOTP, lab.clock.now())}`;
    expect((await login({ username: 'ben@pve', password: 'ben-secret', otp })).data).toHaveProperty('cap');
  });

  it("'s half ticket opens nothing, and is nobody else's", async () => {
    const ticket = await challenge();
    expect((await ask(lab.url, 'GET /api2/json/version', cookie(ticket))).status).toBe(401);
    const other = await login({
      username: 'anna@pve',
      password: 'recovery:aaaa-bbbb-cccc-dddd',
      'tfa-challenge': ticket,
    });
    expect(other.answer.status).toBe(401);
  });
});

describe('tickets', () => {
  it.each([
    ['at once', 0, 200],
    ['after 7199 s', 7199, 200],
    ['after 7200 s', 7200, 401],
  ])('open %s', async (_name, seconds, status) => {
    const { ticket } = await ticketOf('root@pam', 'sandbox');
    await lab.clock.advance(seconds * 1000);
    expect((await ask(lab.url, 'GET /api2/json/version', cookie(ticket))).status).toBe(status);
  });

  it('may stand in Authorization, and the cookie wins over a token', async () => {
    const { ticket } = await ticketOf('root@pam', 'sandbox');
    const inHeader = { Authorization: `PVEAuthCookie=${ticket}` };
    expect((await ask(lab.url, 'GET /api2/json/version', inHeader)).status).toBe(200);
    const both = { ...cookie('PVE:x:00000000::y'), ...withToken('root@pam!sandbox') };
    expect((await ask(lab.url, 'GET /api2/json/version', both)).status).toBe(401);
  });

  it('need the CSRF token for writes', async () => {
    const { ticket, csrf } = await ticketOf('root@pam', 'sandbox');
    const remove = (headers: Record<string, string>): Promise<RawAnswer> =>
      ask(lab.url, 'DELETE /api2/json/nodes/pve1/tasks/x', { ...cookie(ticket), ...headers });
    const without = await remove({});
    expect(`${without.status} ${without.reason}|${without.body}`).toBe('401 Permission denied - invalid csrf token|');
    expect((await remove({ CSRFPreventionToken: csrf.replace(/.$/, '!') })).status).toBe(401);
    expect((await remove({ CSRFPreventionToken: csrf })).status).toBe(400);
  });
});

describe('tokens', () => {
  it.each([
    ['=', 'PVEAPIToken=root@pam!sandbox=11111111-1111-4111-8111-111111111111', 200],
    ['a space', 'PVEAPIToken root@pam!sandbox=11111111-1111-4111-8111-111111111111', 200],
    ['the wrong secret', 'PVEAPIToken=root@pam!sandbox=21111111-1111-4111-8111-111111111111', 401],
    ['no secret', 'PVEAPIToken=root@pam!sandbox', 401],
    ['a name of one letter', 'PVEAPIToken=root@pam!s=x', 401],
    ['another scheme', 'Bearer root@pam!sandbox=x', 401],
  ])('with %s', async (_name, Authorization, status) => {
    expect((await ask(lab.url, 'GET /api2/json/version', { Authorization })).status).toBe(status);
  });

  it('need no CSRF token', async () => {
    expect((await ask(lab.url, 'DELETE /api2/json/nodes/pve1/tasks/x', withToken('root@pam!sandbox'))).status).toBe(
      400,
    );
  });

  it.each([
    ['anna@pve!full', '/vms/100', true],
    ['anna@pve!narrow', '/vms/100', false],
  ] as const)('%s on %s: VM.Allocate %s', async (id, path, holds) => {
    const { body } = await ask(lab.url, `GET /api2/json/access/permissions?path=${path}`, withToken(id));
    const { data } = JSON.parse(body) as { data: Record<string, Record<string, number>> };
    expect('VM.Allocate' in (data[path] ?? {})).toBe(holds);
    expect(data[path]).toHaveProperty(['VM.Audit']);
  });
});

describe('refused logins', () => {
  it("are held back for 3 s of the sandbox's time", async () => {
    const waits: number[] = [];
    const hold = lab.clock.hold.bind(lab.clock);
    lab.clock.hold = (ms) => {
      waits.push(ms);
      return hold(ms);
    };
    await login({ username: 'root@pam', password: 'x' });
    await ask(lab.url, 'GET /api2/json/version');
    await ask(lab.url, 'GET /api2/json/version', withToken('root@pam!sandbox'));
    expect(waits).toEqual([3000, 3000]);
  });
});
