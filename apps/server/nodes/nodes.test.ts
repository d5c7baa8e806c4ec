import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';

let lab: Lab;
let token: string;
beforeAll(async () => {
  lab = await Lab.start();
  token = await lab.token(['node:read', 'node:write']);
});
afterAll(() => lab.close());

describe('GET /v1/nodes', () => {
  test('tells the load of each', async () => {
    const got = await lab.send('GET /v1/nodes?sort=memory_usage_percent&order=desc', token);
    expect(got.status).toBe(200);
    expect(got.list('data.nodes').map(({ id }) => id)).toEqual(['pve-node03', 'pve-node01', 'pve-node02']);
    expect(got.at('data.nodes.1')).toEqual({
      id: 'pve-node01',
      name: 'pve-node01',
      connection: 'home',
      status: 'online',
      cpu_cores: 16,
      cpu_usage_percent: 34,
      memory_mb: 77824,
      memory_used_mb: 61747.2,
      memory_usage_percent: 79.3,
      root_disk_gb: 94,
      root_disk_used_gb: 14,
      uptime_seconds: 1234800,
      guests: { total: 7, running: 7, vms: 5, containers: 2 },
      vcpus_allocated: 33,
      memory_allocated_mb: 80384,
    });
    expect(got.at('data.pagination')).toMatchObject({ total: 3, pages: 1, has_next: false });
  });

  test.each([
    ['?status=offline', []],
    ['?limit=1&offset=1', ['pve-node02']],
    ['?connection=home&limit=1', ['pve-node01']],
  ])('%s', async (query, expected) => {
    const got = await lab.send(`GET /v1/nodes${query}`, token);
    expect(got.list('data.nodes').map(({ name }) => name)).toEqual(expected);
  });
});

test('GET /v1/nodes/{id} tells what there is to know, and why the rest is null', async () => {
  const got = await lab.send('GET /v1/nodes/pve-node03', token);
  expect(got.at('data.node')).toMatchObject({
    version: '9.2.11',
    kernel: '6.17.4-2-pve',
    load_average: [11.93, 11.36, 11.02],
    subscription: 'active',
    failed_services: [],
    disks: [
      { device: '/dev/sda', health: 'PASSED', life_left_percent: 41 },
      { device: '/dev/sdb', health: 'FAILED', life_left_percent: 6 },
    ],
    zfs_pools: [{ name: 'rpool', state: 'DEGRADED', fragmentation_percent: 31 }],
    updates: { pending: 6, security: 3 },
    certificates: [{ filename: 'pve-root-ca.pem' }, { filename: 'pve-ssl.pem', days_left: 540 }],
  });
  expect(got.list('data.node.storage').map(({ storage }) => storage)).toEqual(['local', 'local-zfs', 'nfs-backup']);
  expect(got.list('data.node.findings').map(({ code }) => code)).toContain('node.memory_high');
  expect(got.at('meta.unavailable')).toContainEqual({ field: 'reboot_needed', reason: expect.any(String) });
});

describe('the power of a node', () => {
  test('needs its name, and is then a job like every change', async () => {
    const confirm = 'pve-node02';
    const asked = await lab.send(`POST /v1/nodes/${confirm}/reboot`, token, { confirm });
    expect(asked).toMatchObject({
      status: 202,
      body: { data: { status: 'pending', message: 'Reboot node pve-node02' } },
    });
    expect(await lab.ended(asked.text('data.job_id'))).toMatchObject({ state: 'done', proof: { outcome: 'verified' } });
    const woken = await lab.send(`POST /v1/nodes/${confirm}/wake`, token);
    expect(woken).toMatchObject({ status: 200, body: { data: { status: 'unchanged' } } });
  });

  const refused: [line: string, body: object | undefined, status: number, details: object][] = [
    ['POST /v1/nodes/pve-node02/shutdown', undefined, 422, { reason: 'must_be_object' }],
    ['POST /v1/nodes/pve-node02/shutdown', {}, 422, { field: 'confirm', reason: 'required' }],
    ['POST /v1/nodes/pve-node02/shutdown', { confirm: 'yes' }, 422, { field: 'confirm', reason: 'not_the_name' }],
    ['POST /v1/nodes/mars/shutdown', { confirm: 'mars' }, 404, { provided_value: 'mars' }],
    ['POST /v1/nodes/mars/wake', undefined, 404, { provided_value: 'mars' }],
    ['GET /v1/nodes/mars', undefined, 404, { provided_value: 'mars' }],
    ['GET /v1/nodes?status=asleep', undefined, 422, { field: 'status' }],
  ];
  test.each(refused)('%s %j is refused', async (line, body, status, details) => {
    const got = await lab.send(line, token, body);
    expect({ status: got.status, details: got.at('error.details') }).toMatchObject({ status, details });
  });

  test('is not for who only reads', async () => {
    const reader = await lab.token(['node:read']);
    const got = await lab.send('POST /v1/nodes/pve-node02/reboot', reader, { confirm: 'pve-node02' });
    expect(got).toMatchObject({ status: 403, body: { error: { details: { required_scope: 'node:write' } } } });
  });
});
