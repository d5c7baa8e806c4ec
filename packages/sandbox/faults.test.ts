import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InvalidFaults, parseFaults } from './fault-file.ts';
import type { Sandbox } from './sandbox.ts';
import { startLab, withToken } from './testing/lab.ts';
import { ask, requestText, sendRaw, type RawAnswer } from './testing/raw.ts';

let lab: Sandbox;
let holds: number[];
beforeEach(async () => {
  lab = await startLab({ control: true });
  holds = [];
  lab.clock.hold = (ms) => {
    holds.push(ms);
    return Promise.resolve();
  };
});
afterEach(() => lab.close());

const ROOT = withToken('root@pam!sandbox');
const get = (path: string, headers = ROOT): Promise<RawAnswer> => ask(lab.url, `GET /api2/json${path}`, headers);
const outcome = async (path: string, headers = ROOT): Promise<string> => {
  const { status, reason } = await get(path, headers);
  return `${status} ${reason}`;
};
const inject = (...faults: unknown[]): void => parseFaults(faults).forEach((fault) => lab.faults.add(fault));

describe('faults', () => {
  it('latency holds a call back', async () => {
    inject({ fault: 'latency', ms: 700, path: '/version' });
    expect([await outcome('/version'), holds]).toEqual(['200 OK', [700]]);
  });

  it('latency of 30 s ends a call for another node in 596, without a body', async () => {
    inject({ fault: 'latency', ms: 45_000, node: 'pve2' });
    const answer = await get('/nodes/pve2/tasks');
    expect([answer.status, answer.reason, answer.body, holds]).toEqual([596, 'Connection timed out', '', [30_000]]);
    expect(await outcome('/nodes/pve1/tasks')).toBe('200 OK');
  });

  it('error answers as often as it was told to', async () => {
    inject({ fault: 'error', status: 503, message: 'later', times: 2, method: 'GET' });
    const seen = [await outcome('/version'), await outcome('/version'), await outcome('/version')];
    expect(seen).toEqual(['503 later', '503 later', '200 OK']);
  });

  it('drop cuts the connection before or after', async () => {
    for (const when of ['before', 'after']) {
      inject({ fault: 'drop', when, times: 1 });
      expect(await sendRaw(lab.url, requestText('GET /api2/json/version', ROOT))).toBe('');
      expect(await outcome('/version')).toBe('200 OK');
    }
  });

  it('hang never answers, except through the proxy, which gives up', async () => {
    inject({ fault: 'hang' });
    expect(await sendRaw(lab.url, requestText('GET /api2/json/version', ROOT), 50)).toBe('');
    expect(await outcome('/nodes/pve2/tasks')).toBe('596 Connection timed out');
  });

  it('node_down ends calls for that node in 595, and begins and ends on time', async () => {
    inject({ fault: 'node_down', node: 'pve2', after_s: 10, for_s: 20 });
    expect(await outcome('/nodes/pve2/tasks')).toBe('200 OK');
    await lab.clock.advance(10_000);
    expect(await outcome('/nodes/pve2/tasks')).toBe('595 No route to host');
    await lab.clock.advance(20_000);
    expect(await outcome('/nodes/pve2/tasks')).toBe('200 OK');
  });

  it('node_down of the node that is connected to cuts every connection', async () => {
    inject({ fault: 'node_down', node: 'pve1' });
    expect(await sendRaw(lab.url, requestText('GET /api2/json/version', ROOT))).toBe('');
  });

  it('node_down leaves the addresses of the other nodes open', async () => {
    const both = await startLab({ everyNode: true, faults: [{ fault: 'node_down', node: 'pve1' }] });
    const other = both.nodes['pve2']?.url ?? '';
    expect(new URL(other).hostname).toBe('127.0.0.2');
    expect((await ask(other, 'GET /api2/json/version', ROOT)).status).toBe(200);
    expect((await ask(other, 'GET /api2/json/nodes/pve1/tasks', ROOT)).status).toBe(595);
    const { body } = await ask(other, 'GET /api2/json/cluster/status', ROOT);
    const rows = (JSON.parse(body) as { data: Record<string, unknown>[] }).data;
    const seen = rows
      .filter((row) => row['type'] === 'node')
      .map(({ name, ip, local, online }) => [name, ip, local, online]);
    expect(seen).toEqual([
      ['pve1', '127.0.0.1', 0, 0],
      ['pve2', '127.0.0.2', 1, 1],
    ]);
    await both.close();
  });

  it('no_quorum refuses writes only', async () => {
    inject({ fault: 'no_quorum' });
    expect(await outcome('/nodes/pve1/tasks')).toBe('200 OK');
    const write = await ask(lab.url, 'DELETE /api2/json/nodes/pve1/tasks/x', ROOT);
    expect(`${write.status} ${write.reason}`).toBe('500 cluster not ready - no quorum?');
    const users = await ask(lab.url, 'DELETE /api2/json/access/users/ben@pve', ROOT);
    expect(users.reason).toBe("cfs-lock 'file-user_cfg' error: no quorum!");
  });

  it('expired_ticket refuses tickets, not tokens', async () => {
    inject({ fault: 'expired_ticket', times: 1 });
    const cookie = { Cookie: `PVEAuthCookie=${encodeURIComponent(lab.auth.ticketFor('root@pam').ticket)}` };
    expect(await outcome('/version', cookie)).toBe('401 Authentication failed!');
    expect(await outcome('/version', cookie)).toBe('200 OK');
  });

  it('revoked_privilege takes a privilege away, everywhere or on a path', async () => {
    inject({ fault: 'revoked_privilege', privilege: 'Sys.Audit', on: '/nodes/pve2' });
    expect(JSON.parse((await get('/nodes/pve2/tasks')).body)).toEqual({ data: [] });
    inject({ fault: 'revoked_privilege', privilege: 'Sys.Audit' });
    expect(await outcome('/cluster/backup')).toBe('403 Permission check failed (/, Sys.Audit)');
    expect((await get('/access/permissions')).body).not.toContain('Sys.Audit');
  });

  it('changed_certificate shows another certificate', async () => {
    const before = lab.fingerprint;
    inject({ fault: 'changed_certificate' });
    expect(lab.fingerprint).not.toBe(before);
    expect(await outcome('/version')).toBe('200 OK');
  });

  it('slow_storage holds back what is about the storage', async () => {
    inject({ fault: 'slow_storage', storage: 'nas', ms: 4000 });
    await get('/nodes/pve1/storage/nas/status');
    await get('/nodes/pve1/storage/local/status');
    await get('/nodes/pve1/storage');
    expect(holds).toEqual([4000, 4000]);
  });

  it('clear ends them all', async () => {
    inject({ fault: 'node_down', node: 'pve2' }, { fault: 'no_quorum' }, { fault: 'error', status: 500 });
    lab.faults.clear();
    expect([await outcome('/nodes/pve2/tasks'), lab.faults.list(), lab.state.quorumLost]).toEqual([
      '200 OK',
      [],
      false,
    ]);
  });
});

describe('the control endpoint', () => {
  const post = (path: string, body: string): Promise<RawAnswer> =>
    ask(lab.url, `POST /sandbox/control${path}`, { 'Content-Type': 'application/json' }, body);

  it('adds, lists and clears faults', async () => {
    const fault = { fault: 'error', status: 500 };
    expect(JSON.parse((await post('/faults', JSON.stringify(fault))).body)).toEqual({ faults: [fault] });
    expect(await outcome('/version')).toBe('500 injected fault');
    await ask(lab.url, 'DELETE /sandbox/control/faults');
    expect(await outcome('/version')).toBe('200 OK');
  });

  it('moves the clock', async () => {
    expect(JSON.parse((await post('/clock', '{"advance_s": 60}')).body)).toEqual({ now: '2026-01-15T12:01:00.000Z' });
  });

  it.each([
    ['/faults', '{', 400, 'the body is not JSON'],
    ['/faults', '[{"fault":"latency"}]', 400, 'faults[0].ms: missing, expected a number of milliseconds'],
    ['/clock', '{"advance_s": -1}', 400, 'expected advance_s or rate, from 0 on'],
    ['/other', '', 404, 'known here: GET, POST, DELETE /faults and GET, POST /clock'],
  ])('%s with %s: %i', async (path, body, status, error) => {
    const answer = await post(path, body);
    expect([answer.status, JSON.parse(answer.body)]).toEqual([status, { error }]);
  });

  it('is not there unless it was asked for', async () => {
    const plain = await startLab();
    expect((await ask(plain.url, 'GET /sandbox/control/faults')).status).toBe(501);
    await plain.close();
  });
});

describe('a fault file', () => {
  it.each([
    [{}, 'expected a list of faults, or {"faults": [...]}'],
    [[1], 'faults[0]: expected an object such as {"fault": "latency", "ms": 500}'],
    [[{ fault: 'fire' }], /^faults\[0\]\.fault: expected one of latency, error, /],
    [{ faults: [{ fault: 'hang' }, { fault: 'node_down' }] }, 'faults[1].node: missing, expected a text'],
    [[{ fault: 'error', status: 200 }], 'faults[0].status: expected an HTTP status from 400 to 599'],
    [[{ fault: 'hang', ms: 1 }], /^faults\[0\]\.ms: not a field of hang \(its fields: method, path/],
    [[{ fault: 'hang', method: 'get' }], 'faults[0].method: expected one of GET, POST, PUT, DELETE'],
    [[{ fault: 'hang', times: 0 }], 'faults[0].times: expected a whole number from 1 on'],
    [[{ fault: 'drop', when: 'during' }], 'faults[0].when: expected one of before, after'],
  ])('%j is refused', (raw, message) => {
    expect(() => parseFaults(raw)).toThrow(InvalidFaults);
    expect(() => parseFaults(raw)).toThrow(message);
  });
});
