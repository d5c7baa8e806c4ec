import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';

let lab: Lab;
let anna: string;
beforeAll(async () => {
  lab = await Lab.start();
  anna = await lab.token(['vm:read', 'vm:write', 'container:write', 'approval:read', 'approval:approve', 'job:read']);
});
afterAll(() => lab.close());

async function planned(words: string): Promise<string> {
  const got = await lab.send('POST /v1/ask', anna, { request: words });
  expect(got.at('data')).toMatchObject({ kind: 'plan' });
  return got.text('data.plan.id');
}

describe('an approval', () => {
  test('carries the plan out, once', async () => {
    const id = await planned('shut down docker-host-01');
    const listed = await lab.send('GET /v1/approvals?state=pending', anna);
    expect(listed.at('data.approvals.0')).toMatchObject({ id, state: 'pending', says: expect.any(String) });
    const approved = await lab.send(`POST /v1/approvals/${id}/approve`, anna);
    expect(approved).toMatchObject({ status: 202, body: { data: { job_id: expect.stringMatching(/^job_/) } } });
    const job = await lab.ended(approved.text('data.job_id'));
    expect(job).toMatchObject({ state: 'done', proof: { outcome: 'verified' } });
    const again = await lab.send(`POST /v1/approvals/${id}/approve`, anna);
    expect(again).toMatchObject({ status: 409, body: { error: { code: 'RESOURCE_CONFLICT' } } });
  });

  test('of what cannot be taken back needs the name', async () => {
    const id = await planned('delete dev-sandbox');
    const without = await lab.send(`POST /v1/approvals/${id}/approve`, anna);
    expect(without).toMatchObject({
      status: 422,
      body: {
        error: {
          message: expect.stringMatching(/type exactly: dev-sandbox/),
          details: { field: 'confirm', reason: 'required' },
        },
      },
    });
    const wrong = await lab.send(`POST /v1/approvals/${id}/approve`, anna, { confirm: 'web-01' });
    expect(wrong).toMatchObject({
      status: 422,
      body: { error: { details: { field: 'confirm', reason: 'not_the_name', provided_value: 'web-01' } } },
    });
    expect((await lab.send(`POST /v1/approvals/${id}/approve`, anna, { confirm: 'dev-sandbox' })).status).toBe(202);
  });

  test('is cancelled, and then not given any more', async () => {
    const id = await planned('shut down monitoring-stack');
    expect((await lab.send(`POST /v1/approvals/${id}/cancel`, anna)).at('data.approval.state')).toBe('cancelled');
    expect((await lab.send(`POST /v1/approvals/${id}/approve`, anna)).status).toBe(409);
  });

  test('is not given by who only reads, nor by words', async () => {
    const id = await planned('shut down k8s-worker-01');
    const reader = await lab.token(['vm:read', 'approval:read']);
    expect((await lab.send(`POST /v1/approvals/${id}/approve`, reader)).status).toBe(403);
    await lab.send('POST /v1/ask', anna, { request: `approve ${id}` });
    const shown = await lab.send(`GET /v1/approvals/${id}`, anna);
    expect(shown.at('data')).toMatchObject({ approval: { state: 'pending' }, plan: { id } });
  });

  test('is never given by a token whose own changes wait for one', async () => {
    const id = await planned('shut down k8s-worker-01');
    const careful = await lab.token(['approval:approve', 'admin'], { approval: 'required' });
    const got = await lab.send(`POST /v1/approvals/${id}/approve`, careful);
    expect(got).toMatchObject({
      status: 403,
      body: { error: { code: 'INSUFFICIENT_PERMISSIONS', details: { reason: 'approval_required' } } },
    });
    expect((await lab.send(`GET /v1/approvals/${id}`, anna)).at('data.approval.state')).toBe('pending');
  });

  test('shows its plan without the secrets in it', async () => {
    const id = await planned('set the cloud-init password of docker-host-01 to "geheim-4711"');
    const got = await lab.send(`GET /v1/approvals/${id}`, anna);
    expect(got.at('data.plan.steps.0.path')).toMatch(/config$/);
    const list = await lab.send('GET /v1/approvals', anna);
    expect(JSON.stringify([got.body, list.body])).not.toContain('geheim');
  });

  test('tells its job, how it was rehearsed and what changes', async () => {
    const id = await planned('start VM 104');
    expect((await lab.send(`GET /v1/approvals/${id}`, anna)).at('data')).toMatchObject({
      plan: { rehearsal: { outcome: 'ok' }, changes: [{ key: 'status', before: 'stopped', after: 'running' }] },
      job_id: null,
    });
    const approved = await lab.send(`POST /v1/approvals/${id}/approve`, anna);
    expect((await lab.send(`GET /v1/approvals/${id}`, anna)).at('data')).toMatchObject({
      approval: { state: 'used', action: 'guest.start', decisions: [{ by: { name: 'anna', door: 'rest' } }] },
      job_id: approved.at('data.job_id'),
    });
    await lab.ended(approved.text('data.job_id'));
  });

  test('there is none of is 404', async () => {
    for (const line of ['GET /v1/approvals/plan_x', 'POST /v1/approvals/plan_x/approve'])
      expect((await lab.send(line, anna)).status).toBe(404);
  });
});

test('approvals are listed by state and risk, page by page', async () => {
  const got = await lab.send('GET /v1/approvals?state=pending&limit=2', anna);
  const ids = got.list('data.approvals').map(({ id }) => id);
  expect(ids).toHaveLength(2);
  const next = await lab.send(
    `GET /v1/approvals?state=pending&limit=2&cursor=${got.text('data.pagination.next_cursor')}`,
    anna,
  );
  expect(next.list('data.approvals').every(({ id, state }) => state === 'pending' && !ids.includes(id))).toBe(true);
  const destructive = await lab.send('GET /v1/approvals?risk=destructive', anna);
  expect(destructive.list('data.approvals').map(({ action }) => action)).toEqual(['guest.delete']);
  expect((await lab.send('GET /v1/approvals?state=lost', anna)).status).toBe(422);
});

describe('where two people have to approve, and not the one who asked', () => {
  let strict: Lab;
  beforeAll(async () => {
    strict = await Lab.start(
      {},
      {},
      { rules: { requesterMay: false, needed: { change: 2, disruptive: 2, destructive: 2 } } },
    );
  });
  afterAll(() => strict.close());

  test('each counts once, and the last begins the job', async () => {
    const scopes = ['vm:read', 'vm:write', 'approval:approve'] as const;
    const [first, again, second, third] = await Promise.all([
      strict.token(scopes),
      strict.token(scopes),
      strict.token(scopes, {}, 'bert'),
      strict.token(scopes, {}, 'clara'),
    ]);
    const asked = await strict.send('POST /v1/vms/vm-104/start', first);
    const id = asked.text('data.approval_id');
    const approve = (token: string): ReturnType<Lab['send']> => strict.send(`POST /v1/approvals/${id}/approve`, token);
    expect((await approve(first)).status).toBe(409);
    expect((await approve(again)).text('error.message')).toMatch(/anna asked for this plan/);
    expect(await approve(second)).toMatchObject({ status: 202, body: { data: { job_id: null } } });
    expect((await approve(second)).text('error.message')).toMatch(/bert has approved this plan already/);
    expect(await approve(third)).toMatchObject({
      status: 202,
      body: { data: { job_id: expect.stringMatching(/^job_/) } },
    });
  });
});
