import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';
import { Watcher } from '../watch/watcher.ts';

let lab: Lab;
let token: string;
beforeAll(async () => {
  lab = await Lab.start();
  token = await lab.token(['vm:read', 'vm:write']);
});
afterAll(() => lab.close());

/** Sends a change, waits until it has been carried out, and gives what the VM is then. */
async function changed(line: string, body?: unknown): Promise<unknown> {
  const begun = await lab.send(line, token, body);
  expect(begun.body).toMatchObject({ success: true, data: { status: 'pending' } });
  expect(begun.status).toBe(202);
  const job = await lab.ended(begun.text('data.job_id'));
  expect(job).toMatchObject({ state: 'done', proof: { outcome: 'verified' } });
  const [, path = ''] = line.split(' ');
  const [, id = ''] = /\/vms\/([^/?]+)/.exec(path) ?? [];
  return (await lab.send(`GET /v1/vms/${id}`, token)).at('data.vm');
}

describe('PUT /v1/vms/{vm_id}', () => {
  test('the document’s example', async () => {
    const vm = await changed('PUT /v1/vms/vm-104', {
      description: 'Updated application server description',
      configuration: { memory_mb: 16384 },
      tags: ['application', 'microservices', 'production', 'high-memory'],
    });
    expect(vm).toMatchObject({
      description: 'Updated application server description',
      environment: 'production',
      configuration: { memory_mb: 16384, cpu_cores: 4 },
      tags: ['application', 'high-memory', 'microservices', 'production'],
    });
  });
  test('everything at once', async () => {
    const vm = await changed('PUT /v1/vms/vm-104', {
      name: 'build-agent-01',
      description: '',
      environment: 'staging',
      configuration: {
        cpu_cores: 6,
        cpu_sockets: 2,
        storage_gb: 200,
        network: { vlan_id: 50, bridge: 'vmbr0', static_ip: '10.10.50.5/24', gateway: '10.10.50.1' },
      },
      security: { protection: true, enable_firewall: true },
    });
    expect(vm).toMatchObject({
      name: 'build-agent-01',
      description: null,
      environment: 'staging',
      tags: ['application', 'env-staging', 'high-memory', 'microservices'],
      configuration: {
        cpu_cores: 6,
        cpu_sockets: 2,
        storage: [{ size_gb: 200 }],
        network: [{ vlan_id: 50, ip_address: '10.10.50.5', gateway: '10.10.50.1' }],
      },
      security: { protection: true, firewall_enabled: true },
    });
  });
  test('nothing is changed where it is so already', async () => {
    const same = await lab.send('PUT /v1/vms/vm-101', token, {
      name: 'app-server-prod',
      environment: 'production',
      configuration: { cpu_cores: 8, memory_mb: 16384, storage_gb: 120 },
      security: { protection: false },
    });
    expect(same).toMatchObject({ status: 200, body: { data: { status: 'unchanged', job_id: null } } });
  });

  test.each(['two\nlines\n', '\n'])('a description of %j is kept as Proxmox keeps it', async (description) => {
    const kept = description.trim() === '' ? null : description.trimEnd();
    expect(await changed('PUT /v1/vms/vm-111', { description })).toMatchObject({ description: kept });
  });

  const refused: [body: unknown, status: number, details: object][] = [
    [{}, 422, { reason: 'nothing_given' }],
    [{ colour: 'red' }, 422, { field: 'colour', reason: 'unknown_field' }],
    [{ backup: { enabled: true } }, 422, { field: 'backup', reason: 'unknown_field' }],
    [{ name: 'no name' }, 422, { field: 'name', reason: 'not_acceptable', provided_value: 'no name' }],
    [{ name: 'db-postgres-01' }, 409, { field: 'name', reason: 'exists' }],
    [{ tags: ['no good'] }, 422, { field: 'tags', reason: 'not_acceptable' }],
    [{ tags: ['production'], environment: 'staging' }, 422, { field: 'environment', reason: 'not_that_of_tags' }],
    [{ environment: 'moon' }, 422, { field: 'environment', reason: 'must_be_one_of' }],
    [
      { configuration: { memory_mb: -1024 } },
      422,
      { field: 'configuration.memory_mb', reason: 'must_be_positive_integer', provided_value: -1024 },
    ],
    [
      { configuration: { memory_mb: 9_000_000 } },
      422,
      { field: 'configuration.memory_mb', reason: 'too_big', provided_value: 9_000_000 },
    ],
    [{ configuration: { cpu_cores: 500 } }, 422, { field: 'configuration.cpu_cores', reason: 'too_big' }],
    [
      { configuration: { cpu_cores: 5, cpu_sockets: 2 } },
      422,
      { field: 'configuration.cpu_cores', reason: 'not_divisible' },
    ],
    [
      { configuration: { storage_gb: 10 } },
      422,
      { field: 'configuration.storage_gb', reason: 'too_small', provided_value: 10 },
    ],
    [
      { description: 'x', configuration: { network: { bridge: 'vmbr9' } } },
      422,
      { field: 'configuration.network.bridge', reason: 'not_found', provided_value: 'vmbr9' },
    ],
    [
      { configuration: { network: { static_ip: '10.99.0.5' } } },
      422,
      { field: 'configuration.network.static_ip', reason: 'not_acceptable' },
    ],
    [
      { configuration: { network: { gateway: '10.99.0.1' } } },
      422,
      { field: 'configuration.network.gateway', reason: 'needs_static_ip' },
    ],
    [
      { configuration: { network: { static_ip: '10.9.9.9/24', gateway: '10.9.9.1,ip6=auto' } } },
      422,
      { field: 'configuration.network.gateway', reason: 'not_acceptable' },
    ],
    [{ security: { ssh_keys: ['no key'] } }, 422, { field: 'security.ssh_keys', reason: 'not_acceptable' }],
  ];
  test.each(refused)('%j is refused', async (body, status, details) => {
    const got = await lab.send('PUT /v1/vms/vm-101', token, body);
    expect({ status: got.status, error: got.at('error') }).toMatchObject({ status, error: { details } });
  });
  test('of one that there is not: 404', async () => {
    expect(await lab.send('PUT /v1/vms/vm-999', token, { description: 'x' })).toMatchObject({ status: 404 });
  });
});

describe('snapshots', () => {
  test('are taken, listed, gone back to and deleted', async () => {
    const taken = await lab.send('POST /v1/vms/vm-105/snapshots', token, {
      name: 'pre-deployment-snapshot',
      description: 'Snapshot before application deployment',
      include_memory: false,
    });
    expect(taken).toMatchObject({
      status: 202,
      body: { data: { snapshot: { id: 'pre-deployment-snapshot', status: 'creating' } } },
    });
    expect(await lab.ended(taken.text('data.job_id'))).toMatchObject({ state: 'done' });
    const list = await lab.send('GET /v1/vms/vm-105/snapshots', token);
    expect(list.at('data')).toEqual({
      snapshots: [
        {
          id: 'pre-deployment-snapshot',
          name: 'pre-deployment-snapshot',
          description: 'Snapshot before application deployment',
          created_at: expect.stringMatching(/^2026-02-23T10:/),
          include_memory: false,
          parent: null,
          current: true,
          size_gb: null,
        },
      ],
      current: 'pre-deployment-snapshot',
    });
    expect(list.at('meta.unavailable')).toEqual([{ field: 'snapshots.size_gb', reason: expect.any(String) }]);
    await changed('POST /v1/vms/vm-105/snapshots/pre-deployment-snapshot/restore', { start: true });
    await changed('DELETE /v1/vms/vm-105/snapshots/pre-deployment-snapshot');
    expect((await lab.send('GET /v1/vms/vm-105/snapshots', token)).at('data.snapshots')).toEqual([]);
  });

  const refused: [line: string, body: unknown, status: number, details: object][] = [
    ['POST /v1/vms/vm-101/snapshots', { name: 'release-4-2' }, 409, { field: 'name', reason: 'exists' }],
    ['POST /v1/vms/vm-101/snapshots', { name: 'a b' }, 422, { field: 'name', reason: 'not_acceptable' }],
    ['POST /v1/vms/vm-9000/snapshots', {}, 409, { reason: 'in_the_way' }],
    ['POST /v1/vms/vm-101/snapshots', { ram: true }, 422, { field: 'ram', reason: 'unknown_field' }],
    ['POST /v1/vms/vm-101/snapshots/release-4-1/restore', undefined, 409, { reason: 'in_the_way' }],
    ['POST /v1/vms/vm-101/snapshots/none/restore', undefined, 404, {}],
    ['DELETE /v1/vms/vm-101/snapshots/none', undefined, 404, {}],
    ['GET /v1/vms/vm-999/snapshots', undefined, 404, {}],
    ['POST /v1/vms/vm-999/snapshots', {}, 404, {}],
  ];
  test.each(refused)('%s %j is refused', async (line, body, status, details) => {
    const got = await lab.send(line, token, body);
    expect({ status: got.status, error: got.at('error') }).toMatchObject({ status, error: { details } });
  });
});

describe('copies and moves', () => {
  test('a clone tells the new VM', async () => {
    const made = await lab.send('POST /v1/vms/vm-9001/clone', token, { name: 'web-10', full: true });
    expect(made).toMatchObject({
      status: 202,
      body: { data: { vm: { id: 'vm-106', name: 'web-10', status: 'creating' } } },
    });
    expect(await lab.ended(made.text('data.job_id'))).toMatchObject({ state: 'done' });
  });
  test('a VM moves', async () => {
    const vm = await changed('POST /v1/vms/vm-105/migrate', { node: 'pve-node02' });
    expect(vm).toMatchObject({ node: 'pve-node02', status: 'running' });
  });
  test('a VM is suspended, found by that, and resumed', async () => {
    expect(await changed('POST /v1/vms/vm-103/suspend')).toMatchObject({ status: 'paused' });
    const names = async (status: string): Promise<unknown[]> =>
      (await lab.send(`GET /v1/vms?status=${status}`, token)).list('data.vms').map((vm) => vm['id']);
    expect(await names('paused')).toEqual(['vm-103']);
    // One of the replicas has seen the task: the list says that it runs.
    for (const [name, cluster] of lab.service.clusters) await new Watcher(name, cluster, lab.service).step();
    expect(await names('running')).not.toContain('vm-103');
    const listed = async (query = ''): Promise<unknown> =>
      (await lab.send(`GET /v1/vms${query}`, token)).list('data.vms').find(({ id }) => id === 'vm-103');
    expect(await listed()).toMatchObject({ status: 'paused' });
    expect(await listed('?sort=created_at')).toMatchObject({ status: 'paused', created_at: expect.any(String) });
    expect(await changed('POST /v1/vms/vm-103/resume')).toMatchObject({ status: 'running' });
    // It is asked itself, whatever was seen last.
    expect(await listed()).toMatchObject({ status: 'running' });
    expect(await names('running')).toContain('vm-103');
  });
  test('one that sleeps on its disk is told to, and wakes when it is started', async () => {
    expect(await changed('POST /v1/vms/vm-112/suspend', { to_disk: true })).toMatchObject({ status: 'hibernated' });
    const list = await lab.send('GET /v1/vms?node=pve-node03', token);
    expect(list.list('data.vms').find(({ id }) => id === 'vm-112')).toMatchObject({ status: 'hibernated' });
    expect(await changed('POST /v1/vms/vm-112/start')).toMatchObject({ status: 'running' });
  });
  const refused: [line: string, body: unknown, status: number, details: object][] = [
    ['POST /v1/vms/vm-104/clone', {}, 422, { field: 'name', reason: 'required' }],
    ['POST /v1/vms/vm-104/clone', { name: 'dc01-win2022' }, 409, { field: 'name', reason: 'exists' }],
    ['POST /v1/vms/vm-104/clone', { name: 'x1', full: false }, 422, { field: 'full' }],
    ['POST /v1/vms/vm-104/clone', { name: 'x1', node: 'mars' }, 422, { field: 'node', reason: 'not_found' }],
    [
      'POST /v1/vms/vm-9001/clone',
      { name: 'x1', full: false, storage: 'local-zfs' },
      422,
      { field: 'storage', reason: 'not_acceptable' },
    ],
    [
      'POST /v1/vms/vm-101/clone',
      { name: 'x1', snapshot: 'release-4-2' },
      422,
      { field: 'snapshot', reason: 'not_acceptable' },
    ],
    ['POST /v1/vms/vm-104/clone', { name: 'x1', storage: 'nope' }, 422, { field: 'storage', reason: 'not_found' }],
    ['POST /v1/vms/vm-104/clone', { name: 'x1', snapshot: 'nope' }, 422, { field: 'snapshot', reason: 'not_found' }],
    ['POST /v1/vms/vm-101/migrate', { node: 'nope' }, 422, { field: 'node', reason: 'not_found' }],
    ['POST /v1/vms/vm-101/migrate', { node: 'pve-node01' }, 422, { field: 'node', reason: 'not_acceptable' }],
    [
      'POST /v1/vms/vm-101/migrate',
      { node: 'pve-node03', storage: 'nope' },
      422,
      { field: 'storage', reason: 'not_found' },
    ],
    [
      'POST /v1/vms/vm-101/migrate',
      { node: 'pve-node02', storage: 'local' },
      422,
      { field: 'storage', reason: 'not_acceptable' },
    ],
    ['POST /v1/vms/vm-112/migrate', { node: 'pve-node01' }, 409, { reason: 'in_the_way' }],
    ['POST /v1/vms/vm-104/suspend', undefined, 409, { reason: 'in_the_way' }],
  ];
  test.each(refused)('%s %j is refused', async (line, body, status, details) => {
    const got = await lab.send(line, token, body);
    expect({ status: got.status, error: got.at('error') }).toMatchObject({ status, error: { details } });
  });
});
