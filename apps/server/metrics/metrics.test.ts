import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';

let lab: Lab;
let watcher: string;
beforeAll(async () => {
  lab = await Lab.start();
  watcher = await lab.token(['monitoring:read', 'vm:read', 'vm:write']);
});
afterAll(() => lab.close());

async function figures(token = watcher): Promise<string> {
  const got = await lab.send('GET /metrics', token);
  expect(got.headers['content-type']).toMatch(/^text\/plain/);
  return String(got.body);
}

/** What a line of the text says: `pxa_jobs{state="done"} 1`. */
function figure(text: string, start: string): number | undefined {
  const line = text.split('\n').find((each) => each.startsWith(`${start} `));
  return line === undefined ? undefined : Number(line.slice(start.length));
}

describe('the figures', () => {
  test('count requests by their route, not by what was asked for', async () => {
    await lab.send('GET /v1/vms/vm-101', watcher);
    await lab.send('GET /v1/vms/vm-102', watcher);
    await lab.send('GET /v1/vms/vm-999', watcher);
    await lab.send('GET /nothing/here');
    const text = await figures();
    const of = (status: number): string =>
      `pxa_http_request_duration_seconds_count{method="GET",route="/v1/vms/:vm_id",status="${status}"}`;
    expect([figure(text, of(200)), figure(text, of(404))]).toEqual([2, 1]);
    expect(text).toContain('route="none",status="404"');
    expect(text).not.toMatch(/vm-101|nothing/);
    expect(figure(text, 'pxa_http_requests_under_way')).toBe(1);
  });

  test('count calls to Proxmox by connection', async () => {
    const start = 'pxa_proxmox_call_duration_seconds_count{connection="home",method="GET",status="200"}';
    const before = figure(await figures(), start) ?? 0;
    await lab.send('GET /v1/vms', watcher);
    expect(figure(await figures(), start)).toBeGreaterThan(before);
  });

  test('tell jobs by state, those that nobody works on, and plans that wait', async () => {
    const begun = await lab.send('POST /v1/vms/vm-103/stop', watcher);
    await lab.ended(begun.text('data.job_id'));
    const careful = await lab.token(['vm:write'], { approval: 'required' });
    await lab.send('POST /v1/vms/vm-105/restart', careful);
    const text = await figures();
    const told = ['pxa_jobs{state="done"}', 'pxa_jobs{state="failed"}', 'pxa_jobs_waiting', 'pxa_approvals_pending'];
    expect(told.map((start) => figure(text, start))).toEqual([1, 0, 0, 1]);
  });

  test('tell what waits for webhooks, and what was given up', async () => {
    const text = await figures();
    const told = ['pending', 'delivered', 'parked'].map((state) => `pxa_webhook_deliveries{state="${state}"}`);
    expect(told.map((start) => figure(text, start))).toEqual([0, 0, 0]);
  });

  test('tell of the process', async () => {
    const text = await figures();
    const told = ['process_resident_memory_bytes', 'pxa_event_loop_lag_seconds', 'process_open_fds'];
    for (const start of told) expect(figure(text, start)).toBeGreaterThanOrEqual(0);
  });

  test('are for who holds the scope', async () => {
    expect((await lab.send('GET /metrics')).status).toBe(401);
    expect((await lab.send('GET /metrics', await lab.token(['vm:read']))).status).toBe(403);
  });
});

test('are open where the settings say so, and tell of the process while the store is away', async () => {
  const open = await Lab.start({}, { metrics: 'open' });
  expect((await open.send('GET /metrics')).status).toBe(200);
  await open.service.store.close();
  const text = String((await open.send('GET /metrics')).body);
  expect(figure(text, 'pxa_metrics_store_failures_total')).toBe(1);
  expect(figure(text, 'pxa_jobs_waiting')).toBeUndefined();
  await open.close();
});
