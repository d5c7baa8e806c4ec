import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Got, Lab } from '../testing/lab.ts';
import { logOf } from './schemas.ts';

let lab: Lab;
let token: string;
const jobs: string[] = [];
beforeAll(async () => {
  lab = await Lab.start();
  token = await lab.token(['vm:read', 'vm:write', 'job:read', 'job:write']);
  for (const line of ['POST /v1/vms/vm-104/start', 'POST /v1/vms/vm-103/restart', 'POST /v1/vms/vm-105/restart']) {
    const begun = await lab.send(line, token);
    jobs.push(begun.text('data.job_id'));
    await lab.ended(begun.text('data.job_id'));
  }
});
afterAll(() => lab.close());

const ids = (got: Got): unknown[] => got.list('data.jobs').map(({ id }) => id);

describe('GET /v1/jobs', () => {
  test('tells the newest first, page by page', async () => {
    const first = await lab.send('GET /v1/jobs?limit=2', token);
    expect(ids(first)).toEqual(jobs.toReversed().slice(0, 2));
    expect(first.at('data.pagination')).toMatchObject({ total: 3, pages: 2, current_page: 1, has_next: true });
    const cursor = first.text('data.pagination.next_cursor');
    const second = await lab.send(`GET /v1/jobs?limit=2&cursor=${cursor}`, token);
    expect(ids(second)).toEqual([jobs[0]]);
    expect(second.at('data.pagination')).toMatchObject({ offset: 2, current_page: 2, has_next: false });
    expect(first.at('data.jobs.0')).toMatchObject({
      type: 'guest_reboot',
      status: 'completed',
      progress: 100,
      cluster: 'tli-prod-cluster at home',
      approval_id: expect.stringMatching(/^plan_/),
    });
  });

  test.each([
    ['?type=guest_start', [0]],
    ['?type=guest_reboot&order=asc', [1, 2]],
    ['?status=completed', [2, 1, 0]],
    ['?status=failed', []],
    ['?status=unverified', []],
    ['?since=2026-02-23T09:59:00Z&limit=1', [2]],
    ['?since=2026-02-24T00:00:00Z', []],
    ['?offset=2', [0]],
    ['?cluster=tli-prod-cluster%20at%20home&offset=2', [0]],
    ['?cluster=mars', []],
  ])('%s', async (query, expected) => {
    const got = await lab.send(`GET /v1/jobs${query}`, token);
    expect({ status: got.status, ids: ids(got) }).toEqual({ status: 200, ids: expected.map((at) => jobs[at]) });
  });

  const refused: [line: string, status: number, details: object][] = [
    ['GET /v1/jobs?status=asleep', 422, { field: 'status', reason: 'must_be_one_of' }],
    ['GET /v1/jobs?type=nothing', 422, { field: 'type', reason: 'not_found' }],
    ['GET /v1/jobs?since=today', 422, { field: 'since' }],
    ['GET /v1/jobs?cursor=abc', 422, { field: 'cursor', reason: 'not_a_cursor' }],
    ['GET /v1/jobs/job_none', 404, { provided_value: 'job_none' }],
  ];
  test.each(refused)('%s is refused', async (line, status, details) => {
    const got = await lab.send(line, token);
    expect({ status: got.status, details: got.at('error.details') }).toMatchObject({ status, details });
  });
});

test('a job that has ended is not cancelled, and one without the scope is not seen', async () => {
  const got = await lab.send(`DELETE /v1/jobs/${jobs[0]}`, token);
  expect(got).toMatchObject({ status: 409, body: { error: { details: { reason: 'has_ended' } } } });
  const other = await lab.token(['vm:read']);
  expect((await lab.send(`GET /v1/jobs/${jobs[0]}`, other)).status).toBe(403);
  const reader = await lab.token(['job:read']);
  expect((await lab.send(`DELETE /v1/jobs/${jobs[0]}`, reader)).status).toBe(403);
});

test.each([
  ['failed', 'ended', 'error'],
  ['drifted', 'ended', 'error'],
  ['done', 'ended', 'info'],
  ['failed', 'step', 'info'],
] as const)('of a job that is %s, what is told as “%s” is %s', async (state, kind, level) => {
  const [job] = await lab.service.store.jobs({ limit: 1 });
  if (job === undefined) throw new Error('there is no job');
  const event = { job_id: job.id, seq: 1, at: job.created_at, kind, text: 'x' };
  expect(logOf({ ...job, state }, event)).toEqual({ timestamp: job.created_at, level, message: 'x' });
});
