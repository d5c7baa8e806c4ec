import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Got, Lab } from '../testing/lab.ts';
import { seriesOf } from './series.ts';

let lab: Lab;
let token: string;
beforeAll(async () => {
  lab = await Lab.start();
  token = await lab.token(['monitoring:read']);
});
afterAll(() => lab.close());

const names = (got: Got): unknown[] => got.list('data.metrics.series').map(({ name }) => name);

test('GET /v1/monitoring/metrics tells how everything is used now', async () => {
  const got = await lab.send('GET /v1/monitoring/metrics', token);
  expect(got.at('data.metrics.collected_at')).toBe('2026-02-23T10:00:00.000Z');
  expect(got.at('data.metrics.clusters.0')).toMatchObject({
    connection: 'home',
    cluster: 'tli-prod-cluster',
    quorate: true,
    nodes_online: 3,
    cpu_cores: { total: 48, usage_percent: 42.3 },
    memory_mb: { total: 208896, used: 160972.8, usage_percent: 77.1 },
    vms: { total: 9, running: 8 },
    containers: { total: 5, running: 4 },
    nodes: [
      { id: 'pve-node01', status: 'online', cpu_usage_percent: 34, guests_running: 7 },
      { id: 'pve-node02' },
      { id: 'pve-node03', memory_usage_percent: 90.9 },
    ],
  });
  const storage = got.list('data.metrics.clusters.0.storage').find(({ id }) => id === 'nfs-backup');
  expect(storage).toMatchObject({ shared: true, status: 'available', total_gb: 14848, usage_percent: 36.6 });
});

describe('what something used over time', () => {
  test.each([
    ['/v1/monitoring/vms/vm-101/metrics', '1h', 60],
    ['/v1/monitoring/vms/vm-101/metrics?period=24h', '24h', undefined],
    ['/v1/monitoring/containers/ct-200/metrics?period=7d', '7d', undefined],
    ['/v1/monitoring/nodes/pve-node01/metrics?period=30d', '30d', undefined],
  ])('%s', async (url, period, step) => {
    const got = await lab.send(`GET ${url}`, token);
    expect(got).toMatchObject({ status: 200, body: { data: { metrics: { period } } } });
    const stepSeconds = Number(got.at('data.metrics.step_seconds'));
    expect(stepSeconds).toBe(step ?? stepSeconds);
    const times = got.list('data.metrics.timestamps').map((time) => Date.parse(String(time)));
    expect(times.length).toBeGreaterThan(10);
    expect(times.slice(1).every((time, at) => time - (times[at] ?? 0) === stepSeconds * 1_000)).toBe(true);
    for (const { values } of got.list('data.metrics.series')) expect(values).toHaveLength(times.length);
    const [cpu] = got.list('data.metrics.series');
    expect(cpu).toMatchObject({ metric: 'cpu', name: 'cpu_usage_percent', unit: 'percent' });
    expect(
      got
        .list('data.metrics.series.0.values')
        .map(Number)
        .some((value) => value > 0 && value <= 100),
    ).toBe(true);
  });

  test('is told of the metrics that are asked for, and what is not recorded', async () => {
    const got = await lab.send('GET /v1/monitoring/vms/vm-101/metrics?metrics=network,disk', token);
    expect(names(got)).toEqual([
      'network_rx_mbps',
      'network_tx_mbps',
      'disk_read_mb_per_second',
      'disk_write_mb_per_second',
    ]);
    expect(got.list('meta.unavailable')).toEqual([
      { field: 'disk_usage_percent', reason: expect.stringMatching(/does not record/) },
    ]);
    const memory = await lab.send('GET /v1/monitoring/vms/vm-101/metrics?metrics=memory', token);
    expect(names(memory)).toEqual(['memory_used_mb', 'memory_usage_percent']);
  });

  test('has no samples of a machine that was off, and says so', async () => {
    const got = await lab.send('GET /v1/monitoring/vms/vm-104/metrics?metrics=cpu', token);
    const values = got.list('data.metrics.series').flatMap((series) => series['values'] as (number | null)[]);
    expect(new Set(values)).toEqual(new Set([null]));
    const reason = expect.stringMatching(/it was off/);
    expect(got.list('meta.unavailable')).toEqual([{ field: 'cpu_usage_percent', reason }]);
  });

  test('of a node that does not answer are missing for that reason, and no other', async () => {
    lab.sandbox.faults.add({ fault: 'node_down', node: 'pve-node02' });
    const got = await lab.send('GET /v1/monitoring/nodes/pve-node02/metrics?metrics=cpu', token);
    lab.sandbox.faults.clear();
    const reasons = new Set(got.list('meta.unavailable').map(({ reason }) => reason));
    expect(reasons).toEqual(new Set(['node pve-node02 is offline']));
  });

  const refused: [url: string, status: number, details: object][] = [
    ['/v1/monitoring/vms/vm-999/metrics', 404, { provided_value: 'vm-999' }],
    ['/v1/monitoring/vms/ct-200/metrics', 404, { provided_value: 'ct-200' }],
    ['/v1/monitoring/nodes/mars/metrics', 404, { provided_value: 'mars' }],
    ['/v1/monitoring/vms/vm-101/metrics?period=2h', 422, { field: 'period', reason: 'must_be_one_of' }],
    ['/v1/monitoring/vms/vm-101/metrics?metrics=cpu,heat', 422, { field: 'metrics', provided_value: 'heat' }],
    ['/v1/monitoring/metrics?connection=mars', 422, { field: 'connection' }],
  ];
  test.each(refused)('%s is refused', async (url, status, details) => {
    const got = await lab.send(`GET ${url}`, token);
    expect({ status: got.status, details: got.at('error.details') }).toMatchObject({ status, details });
  });

  test('is for who may see it', async () => {
    const other = await lab.token(['vm:read']);
    expect((await lab.send('GET /v1/monitoring/vms/vm-101/metrics', other)).status).toBe(403);
  });
});

test('where there is no sample, a series has a gap', () => {
  const row = (time: number, cpu: number | null): Parameters<typeof seriesOf>[0][number] => ({
    id: String(time),
    cells: { time, cpu },
    evidence: {},
  });
  const cpu = { metric: 'cpu', name: 'cpu_usage_percent', unit: 'percent', column: 'cpu' } as const;
  const told = seriesOf([row(180, 0.5), row(240, null), row(360, 0.25)], [cpu], { from: 100, to: 490 });
  expect(told.step_seconds).toBe(60);
  expect(told.timestamps.map((time) => Date.parse(time) / 1_000)).toEqual([120, 180, 240, 300, 360, 420]);
  expect(told.series[0]?.values).toEqual([null, 50, null, null, 25, null]);
});
