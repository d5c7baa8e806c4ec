import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';

let lab: Lab;
let token: string;
beforeAll(async () => {
  lab = await Lab.start();
  token = await lab.token(['node:read', 'vm:read']);
});
afterAll(() => lab.close());

test('GET /v1/cluster tells what it comes to, and what is not well', async () => {
  const got = await lab.send('GET /v1/cluster', token);
  expect(got.status).toBe(200);
  expect(got.at('data.cluster')).toMatchObject({
    name: 'tli-prod-cluster',
    connection: 'home',
    kind: 'cluster',
    version: '9.2.11',
    quorate: true,
    votes: 3,
    nodes: { total: 3, online: 3, offline: [] },
    totals: {
      cpu_cores: { total: 48 },
      memory_mb: { total: 208896 },
      vms: { total: 9, running: 8 },
      containers: { total: 5, running: 4 },
      templates: 2,
    },
  });
});

test('GET /v1/cluster/health looks at everything, and tells what is not well, once', async () => {
  const got = await lab.send('GET /v1/cluster/health', token);
  expect(got.at('data.health')).toMatchObject({ connection: 'home', state: 'critical' });
  expect(got.list('data.health.areas')).toHaveLength(11);
  expect(got.list('data.health.findings').map(({ code }) => code)).toContain('zfs.degraded');
  const texts = got.list('data.health.findings').map(({ text }) => text);
  expect(new Set(texts).size).toBe(texts.length);
  expect(got.headers['x-ratelimit-limit']).toBe('50');
});

test('GET /v1/connections tells which answer, and no secrets', async () => {
  const got = await lab.send('GET /v1/connections', token);
  expect(got.at('data.connections')).toEqual([
    {
      name: 'home',
      default: true,
      reachable: true,
      cluster: 'tli-prod-cluster',
      version: '9.2.11',
      quorate: true,
      problem: null,
    },
  ]);
  expect(JSON.stringify(got.body)).not.toContain(lab.sandbox.tokenSecret);
});

test('GET /v1/catalog tells all that can be asked and done', async () => {
  const got = await lab.send('GET /v1/catalog', token);
  expect(got.status).toBe(200);
  const ids = (path: string): unknown[] => got.list(path).map(({ id }) => id);
  expect(ids('data.datasets')).toEqual(expect.arrayContaining(['guests', 'nodes', 'ha-rules']));
  expect(ids('data.actions')).toEqual(expect.arrayContaining(['guest.start', 'node.reboot']));
  const action = await lab.send('GET /v1/catalog/actions/ha.add', token);
  expect(action.at('data.action')).toMatchObject({
    risk: 'disruptive',
    acts_on: 'guests',
    inputs: [{ name: 'state', kind: 'choice', values: ['started', 'stopped', 'ignored', 'disabled'] }, {}, {}],
  });
  expect((await lab.send('GET /v1/catalog/datasets/guests', token)).at('data.dataset.columns.0.key')).toBe('vmid');
});

test.each(['GET /v1/catalog/datasets/nothing', 'GET /v1/catalog/actions/__proto__'])('%s is 404', async (line) => {
  expect((await lab.send(line, token)).status).toBe(404);
});

test.each([
  ['GET /v1/nodes', 1],
  ['GET /v1/connections', 2],
  ['GET /v1/monitoring/metrics', 2],
  ['GET /v1/ha', 4],
  ['GET /v1/tasks', 5],
  ['GET /v1/tasks?status=running', 2],
  ['GET /v1/nodes/pve-node01', 16],
  ['GET /v1/cluster', 4],
  ['GET /v1/cluster/health', 40],
])('%s takes at most %d calls to Proxmox, however many guests there are', async (line, most) => {
  const all = await lab.token(['admin']);
  let calls = 0;
  const off = lab.service.calls?.listen(() => void calls++);
  expect((await lab.send(line, all)).status).toBe(200);
  off?.();
  expect(calls).toBeGreaterThan(0);
  // What the service follows by itself in the same moment takes one or two.
  expect(calls).toBeLessThanOrEqual(most + 2);
});

test('what could not be read is null, and never 0', async () => {
  const blind = await Lab.start({ faults: [{ fault: 'error', status: 500, path: '/cluster/resources' }] });
  const all = await blind.token(['admin']);
  const nothing = { total: null, running: null };
  const cluster = await blind.send('GET /v1/cluster', all);
  expect(cluster.at('data.cluster.totals')).toEqual({
    cpu_cores: { total: null, used: null },
    memory_mb: { total: null, used: null, allocated: null },
    storage_gb: { total: null, used: null },
    vcpus_allocated: null,
    vms: nothing,
    containers: nothing,
    templates: null,
  });
  expect(cluster.list('meta.unavailable').map(({ field }) => field)).toEqual(
    expect.arrayContaining(['nodes', 'guests']),
  );
  const metrics = await blind.send('GET /v1/monitoring/metrics', all);
  expect(metrics.at('data.metrics.clusters.0')).toMatchObject({
    cluster: 'tli-prod-cluster',
    cpu_cores: { total: null, used: null, usage_percent: null },
    vms: nothing,
    nodes: [],
  });
  await blind.close();
});
