import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Got, Lab } from '../testing/lab.ts';

let lab: Lab;
let token: string;
beforeAll(async () => {
  lab = await Lab.start();
  token = await lab.token(['job:read', 'job:write', 'vm:read', 'vm:write']);
});
afterAll(() => lab.close());

const of = (got: Got, key: string): unknown[] => [...new Set(got.list('data.tasks').map((task) => task[key]))];

/** A start that failed the day before. */
const FAILED = 'UPID:pve-node02:0005F725:4625C380:699B0BE0:qmstart:104:ben@pve:';

describe('GET /v1/tasks', () => {
  test('tells what was done, newest first, and since when', async () => {
    const got = await lab.send('GET /v1/tasks?guest=vm-104&status=failed', token);
    expect(got.status).toBe(200);
    expect(got.at('data.since')).toBe('2026-02-16T10:00:00.000Z');
    expect(got.at('data.tasks.0')).toEqual({
      upid: FAILED,
      id: FAILED,
      connection: 'home',
      node: 'pve-node02',
      type: 'qmstart',
      description: 'start VM',
      guest: 'vm-104',
      target: '104',
      user: 'ben@pve',
      token: null,
      status: 'failed',
      exit_status: 'start failed: QEMU exited with code 1',
      started_at: '2026-02-22T14:00:00.000Z',
      ended_at: '2026-02-22T14:00:02.000Z',
      duration_seconds: 2,
    });
  });

  test.each([
    ['?node=pve-node02', 'node', ['pve-node02']],
    ['?user=ben@pve', 'user', ['ben@pve']],
    ['?type=qmstart', 'type', ['qmstart']],
    ['?status=failed', 'status', ['failed']],
    ['?guest=vm-999', 'guest', []],
    ['?since=2026-02-23T02:00:00Z&until=2026-02-23T02:00:00Z', 'started_at', ['2026-02-23T02:00:00.000Z']],
    ['?sort=duration_seconds&limit=1', 'duration_seconds', [2830]],
  ])('%s', async (query, key, expected) => {
    const got = await lab.send(`GET /v1/tasks${query}`, token);
    expect(of(got, key)).toEqual(expected);
  });

  const refused: [line: string, status: number, details: object][] = [
    ['GET /v1/tasks?guest=104', 422, { field: 'guest', reason: 'not_an_id' }],
    ['GET /v1/tasks?since=yesterday', 422, { field: 'since' }],
    ['GET /v1/tasks?limit=many', 400, { field: 'limit' }],
    ['GET /v1/tasks/UPID:nonsense', 404, { provided_value: 'UPID:nonsense' }],
    [`GET /v1/tasks/${FAILED.replace('ben', 'eve')}`, 404, {}],
    [`DELETE /v1/tasks/${FAILED.replace('104', '105')}`, 404, {}],
  ];
  test.each(refused)('%s is refused', async (line, status, details) => {
    const got = await lab.send(line, token);
    expect({ status: got.status, details: got.at('error.details') }).toMatchObject({ status, details });
  });
});

test('GET /v1/tasks/{upid} tells the end of its log, and how long that is', async () => {
  const whole = await lab.send(`GET /v1/tasks/${FAILED}`, token);
  expect(whole.at('data.task')).toMatchObject({ upid: FAILED, status: 'failed' });
  const lines = whole.list('data.log').length;
  expect(lines).toBeGreaterThan(1);
  const last = await lab.send(`GET /v1/tasks/${encodeURIComponent(FAILED)}?lines=1`, token);
  expect(last.at('data')).toMatchObject({ log_lines: lines, log: [{ line: lines, text: expect.any(String) }] });
});

describe('DELETE /v1/tasks/{upid}', () => {
  test('stops a task that runs', async () => {
    const begun = await lab.send('POST /v1/vms/vm-103/stop', token, { graceful: true, timeout_seconds: 300 });
    const job = begun.text('data.job_id');
    const upid = await vi.waitFor(async () => {
      const running = await lab.send('GET /v1/tasks?guest=vm-103&status=running', token);
      expect(running.list('data.tasks')).toHaveLength(1);
      return running.text('data.tasks.0.id');
    });
    const asked = await lab.send(`DELETE /v1/tasks/${upid}`, token);
    expect(asked).toMatchObject({ status: 202, body: { data: { status: 'pending' } } });
    expect(await lab.ended(asked.text('data.job_id'))).toMatchObject({ state: 'done', proof: { outcome: 'verified' } });
    expect(await lab.ended(job)).toMatchObject({ state: 'failed' });
  });

  test('of one that has ended changes nothing', async () => {
    const got = await lab.send(`DELETE /v1/tasks/${FAILED}`, token);
    expect(got).toMatchObject({ status: 200, body: { data: { status: 'unchanged' } } });
  });

  test('is not for who only reads', async () => {
    const reader = await lab.token(['job:read']);
    expect((await lab.send(`DELETE /v1/tasks/${FAILED}`, reader)).status).toBe(403);
  });
});

test('a node that does not answer is named, and what the others tell is told', async () => {
  const down = await Lab.start({ faults: [{ fault: 'node_down', node: 'pve-node03' }] });
  const got = await down.send('GET /v1/tasks?guest=vm-999', await down.token(['job:read']));
  expect(got).toMatchObject({ status: 200, body: { data: { tasks: [] } } });
  const reason = 'node pve-node03 is offline';
  expect(got.at('meta.unavailable')).toEqual([{ field: 'tasks of pve-node03', reason }]);
  await down.close();
});
