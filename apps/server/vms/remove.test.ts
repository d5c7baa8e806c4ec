import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';

let lab: Lab;
let token: string;
beforeAll(async () => {
  lab = await Lab.start();
  token = await lab.token(['vm:read', 'vm:write', 'approval:read']);
});
afterAll(() => lab.close());

/** The calls of the plan that a request made, and how its job ended. */
async function removed(query: string): Promise<{ calls: string[]; state: string }> {
  const begun = await lab.send(`DELETE /v1/vms/${query}`, token);
  expect({ status: begun.status, error: begun.at('error') }).toEqual({ status: 202 });
  const plan = await lab.send(`GET /v1/approvals/${begun.text('data.approval_id')}`, token);
  const calls = plan.list('data.plan.steps').map(({ method, path }) => `${String(method)} ${String(path)}`);
  return { calls, state: (await lab.ended(begun.text('data.job_id'))).state };
}

test('one that runs is shut down first, and its backups stay', async () => {
  expect(await removed('vm-105')).toEqual({
    calls: ['POST /nodes/pve-node01/qemu/105/status/shutdown', 'DELETE /nodes/pve-node01/qemu/105'],
    state: 'done',
  });
  expect((await lab.send('GET /v1/vms/vm-105', token)).status).toBe(404);
});

test('where it does not shut down in time, nothing is deleted', async () => {
  lab.sandbox.faults.add({
    fault: 'error',
    status: 500,
    message: 'no',
    method: 'POST',
    path: '/nodes/*/qemu/*/status/shutdown',
  });
  expect(await removed('vm-103')).toMatchObject({ state: 'failed' });
  lab.sandbox.faults.clear();
  expect((await lab.send('GET /v1/vms/vm-103', token)).at('data.vm.status')).toBe('running');
});

test('by force it is stopped, and its backups go where that is said', async () => {
  const { calls, state } = await removed('vm-103?force=true&keep_backups=false');
  expect(state).toBe('done');
  expect(calls.slice(0, 2)).toEqual([
    'POST /nodes/pve-node01/qemu/103/status/stop',
    'DELETE /nodes/pve-node01/qemu/103',
  ]);
  expect(calls.slice(2).every((call) => /^DELETE .*\/content\/.*vzdump-qemu-103/.test(call))).toBe(true);
  expect(calls.length).toBeGreaterThan(2);
});

const refused: [query: string, status: number, details: object][] = [
  ['vm-999', 404, { provided_value: 'vm-999' }],
  ['vm-102', 409, { reason: 'in_the_way' }],
  ['vm-104?force=perhaps', 422, { field: 'force', reason: 'must_be_one_of' }],
  ['vm-104?now=true', 422, { field: 'now', reason: 'unknown_field' }],
];
test.each(refused)('DELETE /v1/vms/%s is refused', async (query, status, details) => {
  const got = await lab.send(`DELETE /v1/vms/${query}`, token);
  expect({ status: got.status, error: got.at('error') }).toMatchObject({ status, error: { details } });
});
