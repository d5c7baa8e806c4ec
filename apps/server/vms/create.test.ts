import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJmVHnSjWFLSVvyN1mXyYcTdSr0vhGCb1bTGrZcSWkSd ops@example';

/** The document's own example. */
const EXAMPLE = {
  name: 'app-server-01',
  description: 'Application server for microservices',
  template: 'ubuntu-22.04-secure',
  environment: 'production',
  configuration: {
    cpu_cores: 4,
    memory_mb: 8192,
    storage_gb: 100,
    network: { vlan_id: 100, static_ip: '192.168.1.102' },
  },
  security: { encrypt_disk: true, enable_firewall: true, ssh_keys: [KEY] },
  tags: ['application', 'microservices', 'production'],
  backup: { enabled: true, schedule: 'daily', retention_days: 30 },
};

let lab: Lab;
let token: string;
beforeAll(async () => {
  lab = await Lab.start({}, { encrypted_storages: { home: ['local-zfs'] } });
  token = await lab.token(['vm:read', 'vm:write', 'job:read', 'approval:read', 'approval:approve']);
  // The network that the example is in: VLAN 100, and how its nodes reach it.
  lab.sandbox.state.nodes.get('pve-node02')?.network.push({
    iface: 'vmbr0.100',
    type: 'vlan',
    method: 'static',
    address: '192.168.1.2',
    netmask: '24',
    cidr: '192.168.1.2/24',
    gateway: '192.168.1.1',
    'vlan-id': 100,
    'vlan-raw-device': 'vmbr0',
    active: 1,
  });
  const renamed = await lab.send('PUT /v1/vms/vm-9000', token, { name: 'ubuntu-22.04-secure' });
  await lab.ended(renamed.text('data.job_id'));
});
afterAll(() => lab.close());

/** A VM that is made; what is told of it then. */
async function made(body: unknown): Promise<{ vm: unknown; job: string }> {
  const begun = await lab.send('POST /v1/vms', token, body);
  expect({ status: begun.status, error: begun.at('error') }).toEqual({ status: 202 });
  const job = begun.text('data.vm.creation_job_id');
  expect(begun.at('data.job_id')).toBe(job);
  expect(await lab.ended(job)).toMatchObject({ state: 'done', proof: { outcome: 'verified' } });
  return { vm: (await lab.send(`GET /v1/vms/${begun.text('data.vm.id')}`, token)).at('data.vm'), job };
}

describe('POST /v1/vms', () => {
  test('the document’s example, and its job', async () => {
    const begun = await lab.send('POST /v1/vms', token, EXAMPLE);
    const job = begun.text('data.vm.creation_job_id');
    expect(begun).toMatchObject({ status: 202, body: { success: true, meta: { request_id: expect.any(String) } } });
    expect(begun.at('data.vm')).toEqual({
      id: 'vm-106',
      name: 'app-server-01',
      status: 'creating',
      creation_job_id: expect.stringMatching(/^job_/),
    });
    expect((await lab.send(`GET /v1/jobs/${job}`, token)).at('data.job')).toMatchObject({ type: 'vm_creation' });
    expect(await lab.ended(job)).toMatchObject({ state: 'done', proof: { outcome: 'verified' } });
    expect((await lab.send('GET /v1/vms/vm-106', token)).at('data.vm')).toMatchObject({
      name: 'app-server-01',
      description: 'Application server for microservices',
      status: 'stopped',
      environment: 'production',
      tags: ['application', 'microservices', 'production'],
      configuration: {
        cpu_cores: 4,
        cpu_sockets: 1,
        memory_mb: 8192,
        storage: [{ disk_id: 'scsi0', size_gb: 100, storage: 'local-zfs', encrypted: true }],
        network: [
          {
            interface: 'net0',
            ip_address: '192.168.1.102',
            subnet: '192.168.1.0/24',
            gateway: '192.168.1.1',
            vlan_id: 100,
          },
        ],
      },
      security: { encrypted: true, firewall_enabled: true, ssh_key_auth: true },
      backup: { enabled: true, schedule: 'daily 02:00', retention_days: 30, last_backup: null },
    });
  });
  test('the flat form of the SDKs', async () => {
    const { vm } = await made({ name: 'test-vm', template: 'ubuntu-22.04', cpu_cores: 2, memory_mb: 4096 });
    expect(vm).toMatchObject({ name: 'test-vm', configuration: { cpu_cores: 2, memory_mb: 4096 } });
  });
  test('started, protected, and along with others in their backup job', async () => {
    const { vm } = await made({
      name: 'web-11',
      template: '9001',
      environment: 'staging',
      configuration: { cpu_cores: 4, cpu_sockets: 2, start: true },
      security: { protection: true },
      backup: { enabled: true, schedule: '0 1 * * *' },
    });
    expect(vm).toMatchObject({
      status: 'running',
      environment: 'staging',
      tags: ['env-staging'],
      configuration: { cpu_cores: 4, cpu_sockets: 2 },
      security: { protection: true },
      // It joined the job that runs then anyway.
      backup: { enabled: true, schedule: 'daily 01:00' },
    });
  });
  test('without a template: an empty VM, or one to install from an ISO image', async () => {
    const iso = 'debian-13.3.0-amd64-netinst.iso';
    const { vm } = await made({ name: 'blank-1', iso, configuration: { node: 'pve-node01', storage_gb: 10.5 } });
    expect(vm).toMatchObject({ node: 'pve-node01', configuration: { storage: [{ size_gb: 10.5 }] } });
  });
  test('several at once get ids of their own', async () => {
    const names = ['many-1', 'many-2', 'many-3'];
    const begun = await Promise.all(names.map((name) => lab.send('POST /v1/vms', token, { name, template: '9001' })));
    expect(begun.map(({ status }) => status)).toEqual([202, 202, 202]);
    const ids = begun.map((each) => each.text('data.vm.id'));
    expect(new Set(ids).size).toBe(3);
    for (const each of begun) expect(await lab.ended(each.text('data.job_id'))).toMatchObject({ state: 'done' });
    const now = (await lab.send('GET /v1/vms', token)).list('data.vms');
    expect(ids.map((id) => now.find((vm) => vm['id'] === id)?.['name'])).toEqual(names);
  });
  test('waits for a person where the token asks for one', async () => {
    const careful = await lab.token(['vm:write'], { approval: 'required' });
    const asked = await lab.send('POST /v1/vms', careful, { name: 'later-1', template: '9001' });
    expect(asked).toMatchObject({
      status: 202,
      body: {
        data: {
          vm: { id: null, name: 'later-1', status: 'pending_approval', creation_job_id: null },
          job_id: null,
          approval_id: expect.stringMatching(/^plan_/),
        },
      },
    });
    expect((await lab.send('GET /v1/vms', token)).list('data.vms').map((vm) => vm['name'])).not.toContain('later-1');
  });
  test('is taken back as a whole where its end fails', async () => {
    lab.sandbox.faults.add({ fault: 'error', status: 500, message: 'no', method: 'POST', path: '/cluster/backup' });
    const begun = await lab.send('POST /v1/vms', token, {
      name: 'half-1',
      template: '9001',
      security: { protection: true },
      backup: { enabled: true, schedule: 'weekly', retention_days: 60 },
    });
    expect(await lab.ended(begun.text('data.job_id'))).toMatchObject({ state: 'failed' });
    lab.sandbox.faults.clear();
    expect((await lab.send('GET /v1/vms', token)).list('data.vms').map((vm) => vm['name'])).not.toContain('half-1');
  });
});

test('what Proxmox does not let us is said to be that: 409', async () => {
  const body = { name: 'new-2', template: '9001', configuration: { storage: 'local-zfs' } };
  lab.sandbox.faults.add({ fault: 'error', status: 403, method: 'GET', path: '/nodes/*/storage' });
  const got = await lab.send('POST /v1/vms', token, body);
  lab.sandbox.faults.clear();
  expect(got).toMatchObject({ status: 409, body: { error: { details: { reason: 'no_privilege' } } } });
});

const base = { name: 'new-1', template: '9001' };
const refused: [body: Record<string, unknown>, status: number, details: object][] = [
  [{}, 422, { field: 'name', reason: 'required' }],
  [{ ...base, colour: 'red' }, 422, { field: 'colour', reason: 'unknown_field' }],
  [{ ...base, configuration: { gpu: 1 } }, 422, { field: 'configuration.gpu', reason: 'unknown_field' }],
  [
    { ...base, memory_mb: -1024 },
    422,
    { field: 'memory_mb', reason: 'must_be_positive_integer', provided_value: -1024 },
  ],
  [{ ...base, name: 'two words' }, 422, { field: 'name', reason: 'not_acceptable', provided_value: 'two words' }],
  [{ ...base, name: 'dc01-win2022' }, 409, { field: 'name', reason: 'exists', provided_value: 'dc01-win2022' }],
  [{ ...base, template: 'nope' }, 422, { field: 'template', reason: 'not_found', provided_value: 'nope' }],
  [{ ...base, template: '101' }, 422, { field: 'template', reason: 'not_found' }],
  [{ ...base, template: 'local:import/nope.qcow2' }, 422, { field: 'template', reason: 'not_found' }],
  [{ ...base, iso: 'x.iso' }, 422, { field: 'iso', reason: 'not_with_template' }],
  [{ name: 'new-1', iso: 'nope.iso' }, 422, { field: 'iso', reason: 'not_found' }],
  [{ name: 'new-1', security: { ssh_keys: [KEY] } }, 422, { field: 'security.ssh_keys', reason: 'not_acceptable' }],
  [{ ...base, cpu_cores: 64 }, 422, { field: 'cpu_cores', reason: 'too_big', provided_value: 64 }],
  [{ ...base, configuration: { cpu_cores: 5, cpu_sockets: 2 } }, 422, { reason: 'not_divisible' }],
  [{ ...base, cpu_cores: 2, configuration: { cpu_cores: 4 } }, 422, { field: 'cpu_cores', reason: 'said_twice' }],
  [{ ...base, configuration: { storage_gb: 1 } }, 422, { field: 'configuration.storage_gb', reason: 'too_small' }],
  [{ ...base, configuration: { storage_gb: 9_000 } }, 422, { field: 'configuration.storage_gb', reason: 'too_big' }],
  [{ ...base, configuration: { node: 'moon' } }, 422, { field: 'configuration.node', reason: 'not_found' }],
  [{ ...base, configuration: { storage: 'moon' } }, 422, { field: 'configuration.storage', reason: 'not_found' }],
  [
    { ...base, configuration: { network: { bridge: 'vmbr7' } } },
    422,
    { field: 'configuration.network.bridge', reason: 'not_found' },
  ],
  [
    { ...base, configuration: { network: { static_ip: '10.9.9.9' } } },
    422,
    { field: 'configuration.network.static_ip', reason: 'not_acceptable', provided_value: '10.9.9.9' },
  ],
  [
    { ...base, configuration: { network: { static_ip: '10.9.9.9/24', gateway: '10.9.9.1,ip6=auto' } } },
    422,
    { field: 'configuration.network.gateway', reason: 'not_acceptable' },
  ],
  [
    { ...base, configuration: { network: { static_ip: '10.9.9.9/24', gateway: 'fd00::1' } } },
    422,
    { field: 'configuration.network.gateway', reason: 'not_acceptable' },
  ],
  [
    { ...base, configuration: { network: { static_ip: '10.0.0.9/7' } } },
    422,
    { field: 'configuration.network.static_ip', reason: 'not_acceptable' },
  ],
  [
    { ...base, configuration: { network: { gateway: '10.9.9.1,ip6=auto' } } },
    422,
    { field: 'configuration.network.gateway', reason: 'not_acceptable' },
  ],
  [
    { ...base, configuration: { network: { static_ip: '10.9.9.9/24,gw6=fe80::1' } } },
    422,
    { field: 'configuration.network.static_ip', reason: 'not_acceptable' },
  ],
  [
    { ...base, configuration: { network: { bridge: 'vmbr0,tag=7' } } },
    422,
    { field: 'configuration.network.bridge', reason: 'not_found' },
  ],
  [{ ...base, configuration: { network: { vlan_id: 5000 } } }, 422, { field: 'configuration.network.vlan_id' }],
  [
    { ...base, configuration: { storage: 'nfs-backup' }, security: { encrypt_disk: true } },
    422,
    { field: 'configuration.storage', reason: 'not_acceptable' },
  ],
  [
    { ...base, security: { ssh_keys: ['ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAACAQ...'] } },
    422,
    { field: 'security.ssh_keys', reason: 'not_acceptable' },
  ],
  [{ ...base, tags: ['a b'] }, 422, { field: 'tags', reason: 'not_acceptable' }],
  [{ ...base, environment: 'staging', tags: ['production'] }, 422, { field: 'environment' }],
  [{ ...base, backup: { enabled: true, schedule: 'now and then' } }, 422, { field: 'backup.schedule' }],
  [{ ...base, backup: { enabled: true, schedule: '0 2 1 * 1' } }, 422, { field: 'backup.schedule' }],
  [{ ...base, connection: 'mars' }, 422, { field: 'connection', reason: 'not_found' }],
];
test.each(refused)('POST /v1/vms %j is refused', async (body, status, details) => {
  const got = await lab.send('POST /v1/vms', token, body);
  expect({ status: got.status, error: got.at('error') }).toMatchObject({ status, error: { details } });
});

test('encrypt_disk where no storage is declared to be encrypted: 422', async () => {
  const other = await Lab.start();
  const own = await other.token(['vm:write']);
  const got = await other.send('POST /v1/vms', own, { ...base, security: { encrypt_disk: true } });
  await other.close();
  expect(got).toMatchObject({
    status: 422,
    body: { error: { details: { field: 'security.encrypt_disk', reason: 'not_supported', provided_value: true } } },
  });
});
