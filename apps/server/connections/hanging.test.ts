import type { Assistant } from '@pxa/assistant';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Got, Lab } from '../testing/lab.ts';

/** One service over two clusters, of which the second takes every request and answers none. */
let home: Lab;
let hanging: Lab;
let whole: Lab;
let token: string;
beforeAll(async () => {
  [home, hanging] = await Promise.all([Lab.start(), Lab.start()]);
  const clusters = new Map<string, Assistant>();
  for (const cluster of home.service.clusters.values()) clusters.set('home', cluster);
  for (const cluster of hanging.service.clusters.values()) clusters.set('hanging', cluster);
  whole = await home.replica(clusters);
  hanging.sandbox.faults.add({ fault: 'hang' });
  token = await home.token(['admin']);
});
afterAll(async () => {
  hanging.sandbox.faults.clear();
  await whole.app.close();
  for (const lab of [home, hanging]) await lab.close();
});

/** Without any time going by: what waits for the cluster that hangs does not come to its end. */
test.each([
  ['GET /v1/vms?connection=home', 200],
  ['GET /v1/vms/vm-101', 200],
  ['GET /v1/nodes?connection=home', 200],
  ['GET /v1/approvals', 200],
  ['GET /v1/jobs', 200],
  ['GET /v1/auth/tokens', 200],
  ['GET /livez', 200],
])('%s does not wait for it', async (line, status) => {
  expect((await whole.send(line, token)).status).toBe(status);
});

test('a change on the other cluster, its approval and its job do not wait for it', async () => {
  const waits = await home.token(['vm:write'], { approval: 'required' });
  const asked = await whole.send('POST /v1/vms/vm-104/start', waits);
  const approved = await whole.send(`POST /v1/approvals/${asked.text('data.approval_id')}/approve`, token, {});
  expect(approved.status).toBe(202);
  expect(await home.ended(approved.text('data.job_id'))).toMatchObject({ state: 'done' });
});

test.each([
  ['GET /v1/vms', 'data.vms'],
  ['GET /v1/nodes', 'data.nodes'],
])('%s over all waits ten seconds, tells the others, and which did not answer', async (line, path) => {
  let isAnswered = false;
  const answering = whole.send(line, token).then((got): Got => {
    isAnswered = true;
    return got;
  });
  for (let second = 0; !isAnswered && second < 12; second++) {
    await new Promise((resolve) => setTimeout(resolve, 20)); // what is read comes over a real socket
    await home.later(1);
  }
  const got = await answering;
  expect(got.status).toBe(200);
  expect(got.list(path).length).toBeGreaterThan(2);
  expect(got.at('meta.unavailable')).toContainEqual({ field: 'hanging', reason: expect.stringMatching(/10 seconds/) });
});
