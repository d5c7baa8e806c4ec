import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJmVHnSjWFLSVvyN1mXyYcTdSr0vhGCb1bTGrZcSWkSd ops@example';

let lab: Lab;
let token: string;
beforeAll(async () => {
  lab = await Lab.start();
  token = await lab.token(['container:read', 'container:write']);
});
afterAll(() => lab.close());

/** Sends a change, waits until it has been carried out, and gives what the container is then. */
async function changed(line: string, body?: unknown): Promise<unknown> {
  const begun = await lab.send(line, token, body);
  expect({ status: begun.status, error: begun.at('error') }).toEqual({ status: 202 });
  expect(await lab.ended(begun.text('data.job_id'))).toMatchObject({ state: 'done', proof: { outcome: 'verified' } });
  const [, id = begun.text('data.container.id')] = /\/containers\/([^/?]+)/.exec(line) ?? [];
  return (await lab.send(`GET /v1/containers/${id}`, token)).at('data.container');
}

describe('reading', () => {
  test('the list holds containers alone', async () => {
    const got = await lab.send('GET /v1/containers?sort=id', token);
    expect(got.list('data.containers').map(({ id }) => id)).toEqual(['ct-200', 'ct-201', 'ct-202', 'ct-203', 'ct-204']);
    expect(got.at('data.containers.0')).toMatchObject({ name: 'nginx-proxy', status: 'running', cpu_cores: 2 });
    expect(got.at('data.pagination')).toMatchObject({ total: 5, limit: 50 });
  });
  test('one, and what cannot be told of it', async () => {
    const got = await lab.send('GET /v1/containers/ct-200', token);
    expect(got.at('data.container')).toMatchObject({
      id: 'ct-200',
      name: 'nginx-proxy',
      os_type: 'debian',
      configuration: {
        cpu_sockets: 1,
        storage: [{ disk_id: 'rootfs', mount_point: '/' }],
        network: [
          {
            interface: 'eth0',
            ip_address: '10.10.20.5',
            subnet: '10.10.20.0/24',
            gateway: '10.10.20.1',
            vlan_id: 20,
          },
        ],
      },
      performance: { disk_usage_percent: expect.any(Number) },
      security: { ssh_key_auth: null, encrypted: null },
      created_at: null,
    });
    const fields = got.list('meta.unavailable').map(({ field }) => field);
    expect(fields).toEqual(expect.arrayContaining(['created_at', 'security.ssh_key_auth', 'security.encrypted']));
  });
  const refused: [line: string, status: number, details: object][] = [
    ['GET /v1/containers/ct-999', 404, { provided_value: 'ct-999' }],
    ['GET /v1/containers/ct-101', 404, { provided_value: 'ct-101' }],
    ['GET /v1/containers/vm-101', 404, { provided_value: 'vm-101' }],
    ['GET /v1/containers?sort=created_at', 422, { field: 'sort', reason: 'not_known' }],
    ['GET /v1/containers?status=asleep', 422, { field: 'status', reason: 'must_be_one_of' }],
  ];
  test.each(refused)('%s is refused', async (line, status, details) => {
    const got = await lab.send(line, token);
    expect({ status: got.status, error: got.at('error') }).toMatchObject({ status, error: { details } });
  });
  test('needs the scope of containers', async () => {
    const other = await lab.token(['vm:read', 'vm:write']);
    expect(await lab.send('GET /v1/containers', other)).toMatchObject({ status: 403 });
    expect(await lab.send('POST /v1/containers/ct-200/stop', other)).toMatchObject({ status: 403 });
  });
});

describe('changing', () => {
  test('one is made of an archive, with all that was asked for', async () => {
    const made = await changed('POST /v1/containers', {
      name: 'web-05',
      description: 'front end',
      template: 'debian-12',
      environment: 'development',
      configuration: {
        cpu_cores: 2,
        memory_mb: 1024,
        storage_gb: 12,
        node: 'pve-node02',
        network: { vlan_id: 20, static_ip: '10.10.20.50/24', gateway: '10.10.20.1' },
        start: true,
      },
      security: { enable_firewall: true, ssh_keys: [KEY] },
      backup: { enabled: true, schedule: 'weekly', retention_days: 28 },
    });
    expect(made).toMatchObject({
      id: 'ct-106',
      name: 'web-05',
      description: 'front end',
      status: 'running',
      environment: 'development',
      configuration: {
        cpu_cores: 2,
        memory_mb: 1024,
        storage: [{ disk_id: 'rootfs', size_gb: 12 }],
        network: [{ interface: 'eth0', ip_address: '10.10.20.50', gateway: '10.10.20.1', vlan_id: 20 }],
      },
      security: { firewall_enabled: true },
      backup: { enabled: true, schedule: 'weekly Sun 02:00', retention_days: 28 },
    });
  });
  test('it is changed, shut down, copied and deleted', async () => {
    expect(
      await changed('PUT /v1/containers/ct-106', {
        name: 'web-06',
        configuration: { memory_mb: 2048, storage_gb: 16 },
        tags: ['web'],
      }),
    ).toMatchObject({
      name: 'web-06',
      tags: ['web'],
      configuration: { memory_mb: 2048, storage: [{ size_gb: 16 }] },
    });
    expect(await changed('POST /v1/containers/ct-106/stop', { graceful: true })).toMatchObject({ status: 'stopped' });
    expect(await changed('POST /v1/containers/ct-106/start')).toMatchObject({ status: 'running' });
    expect(await changed('POST /v1/containers/ct-106/snapshots', { name: 'first' })).toMatchObject({ id: 'ct-106' });
    expect((await lab.send('GET /v1/containers/ct-106/snapshots', token)).at('data.current')).toBe('first');
    expect(await changed('DELETE /v1/containers/ct-106/snapshots/first')).toMatchObject({ id: 'ct-106' });
    expect(await changed('DELETE /v1/containers/ct-106')).toBeUndefined();
    expect((await lab.send('GET /v1/containers/ct-106', token)).status).toBe(404);
  });

  const refused: [line: string, body: object, status: number, details: object][] = [
    ['POST /v1/containers', { name: 'x1' }, 422, { field: 'template', reason: 'required' }],
    ['POST /v1/containers', { name: 'x1', template: 'plan9' }, 422, { field: 'template', reason: 'not_found' }],
    ['POST /v1/containers', { name: 'nginx-proxy', template: 'debian-12' }, 409, { field: 'name', reason: 'exists' }],
    ['POST /v1/containers', { name: 'x1', template: 'debian-12', iso: 'x' }, 422, { field: 'iso' }],
    [
      'PUT /v1/containers/ct-200',
      { configuration: { network: { static_ip: '10.9.9.9/24', gateway: '10.9.9.1,firewall=0' } } },
      422,
      { field: 'configuration.network.gateway', reason: 'not_acceptable' },
    ],
    [
      'POST /v1/containers',
      {
        name: 'x1',
        template: 'debian-12',
        configuration: { network: { static_ip: '10.9.9.9/24', gateway: '10.9.9.1,firewall=0' } },
      },
      422,
      { field: 'configuration.network.gateway', reason: 'not_acceptable' },
    ],
    ['PUT /v1/containers/ct-200', { security: { ssh_keys: [KEY] } }, 422, { field: 'security.ssh_keys' }],
    ['PUT /v1/containers/ct-200', { configuration: { cpu_sockets: 2 } }, 422, { reason: 'unknown_field' }],
    ['POST /v1/containers/ct-200/snapshots', { include_memory: true }, 422, { field: 'include_memory' }],
    ['POST /v1/containers/ct-200/clone', { name: 'x1' }, 409, { reason: 'in_the_way' }],
    [
      'POST /v1/containers/ct-200/migrate',
      { node: 'pve-node02', online: true },
      422,
      { field: 'online', reason: 'not_supported' },
    ],
    [
      'POST /v1/containers/ct-200/migrate',
      { node: 'pve-node02', storage: 'local' },
      422,
      { field: 'storage', reason: 'not_acceptable' },
    ],
    [
      'POST /v1/containers/ct-203/migrate',
      { node: 'pve-node01', storage: 'nope' },
      422,
      { field: 'storage', reason: 'not_found' },
    ],
    [
      'POST /v1/containers',
      { name: 'x1', template: 'debian-12', backup: { enabled: true, schedule: '25:00' } },
      422,
      { field: 'backup.schedule', reason: 'not_acceptable' },
    ],
  ];
  test.each(refused)('%s %j is refused', async (line, body, status, details) => {
    const got = await lab.send(line, token, body);
    expect({ status: got.status, error: got.at('error') }).toMatchObject({ status, error: { details } });
  });
  test('a password is not sent back with what is wrong', async () => {
    const got = await lab.send('POST /v1/containers', token, { name: 'x1', template: 'debian-12', password: 'abc' });
    expect(got.status).toBe(422);
    expect(JSON.stringify(got.body)).not.toContain('abc');
  });
});
