import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';

let lab: Lab;
let anna: string;
beforeAll(async () => {
  lab = await Lab.start();
  anna = await lab.token(['vm:read', 'approval:read', 'approval:approve', 'job:read']);
});
afterAll(() => lab.close());

async function planned(words: string): Promise<string> {
  const got = await lab.send('POST /v1/ask', anna, { request: words });
  expect(got.at('data.kind')).toBe('plan');
  return got.text('data.plan.id');
}

describe('POST /v1/ask', () => {
  test('answers a question with the calls that its figures came from', async () => {
    const got = await lab.send('POST /v1/ask', anna, { request: 'which VM uses the most memory?' });
    expect(got.status).toBe(200);
    expect(got.at('data')).toMatchObject({ kind: 'answer', view: { rows: [{ id: 'qemu/112' }] } });
    expect(got.text('data.view.rows.0.evidence.mem')).toMatch(/^calls\[0\]#/);
  });

  test('goes on with what was said, for whoever said it', async () => {
    const said = { request: 'list the VMs', conversation_id: 'c1' };
    await lab.send('POST /v1/ask', anna, said);
    const more = { request: 'only the stopped ones', conversation_id: 'c1' };
    const own = await lab.send('POST /v1/ask', anna, more);
    expect(own.at('data')).toMatchObject({ kind: 'answer', conversation_id: 'c1' });
    expect(own.list('data.view.rows')).toHaveLength(1);
    const bert = await lab.token(['vm:read']);
    const others = await lab.send('POST /v1/ask', bert, more);
    expect(others.at('data.view.rows')).not.toEqual(own.at('data.view.rows'));
  });

  test.each([
    [{}, 'request', 'required'],
    [{ request: '' }, 'request', 'too_small'],
    [{ request: 'x'.repeat(4_001) }, 'request', 'too_big'],
    [{ request: 'nodes', conversation_id: '../x' }, 'conversation_id', 'invalid_format'],
    [{ request: 'nodes', connection: 'mars' }, 'connection', 'not_found'],
    [{ request: 5 }, 'request', 'must_be_string'],
  ])('%j is not acceptable', async (body, field, reason) => {
    const got = await lab.send('POST /v1/ask', anna, body);
    expect(got).toMatchObject({ status: 422, body: { error: { details: { field, reason } } } });
  });
});

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
      status: 409,
      body: { error: { message: expect.stringMatching(/type exactly: dev-sandbox/) } },
    });
    const wrong = await lab.send(`POST /v1/approvals/${id}/approve`, anna, { confirm: 'web-01' });
    expect(wrong.status).toBe(409);
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
});
