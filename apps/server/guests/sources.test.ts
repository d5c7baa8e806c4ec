import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJmVHnSjWFLSVvyN1mXyYcTdSr0vhGCb1bTGrZcSWkSd ops@example';
const IMAGE = 'local:import/debian-12-genericcloud-amd64.qcow2';
const GiB = 2 ** 30;

let lab: Lab;
let token: string;
beforeAll(async () => {
  lab = await Lab.start();
  token = await lab.token(['vm:read', 'vm:write', 'container:read', 'container:write']);
  const { state } = lab.sandbox;
  // A storage that takes images to import, and one that is there.
  const local = state.storages.get('local');
  if (local !== undefined) local['content'] = 'backup,iso,vztmpl,import';
  const volume = { volid: IMAGE, content: 'import', format: 'qcow2', size: 2 * GiB, ctime: 1_750_000_000 };
  const pool = state.nodes.get('pve-node02')?.storages.get('local')?.pool;
  if (pool !== undefined) pool.volumes = [...pool.volumes, volume];
  // A container that is a template.
  const template = state.guests.get(203);
  if (template !== undefined) template.config = { ...template.config, template: 1 };
});
afterAll(() => lab.close());

/** A guest that is made; what is told of it then. */
async function made(line: string, body: unknown): Promise<unknown> {
  const one = line.includes('containers') ? 'container' : 'vm';
  const begun = await lab.send(line, token, body);
  expect({ status: begun.status, error: begun.at('error') }).toEqual({ status: 202 });
  expect(await lab.ended(begun.text('data.job_id'))).toMatchObject({ state: 'done', proof: { outcome: 'verified' } });
  const got = await lab.send(`GET /v1/${one}s/${begun.text(`data.${one}.id`)}`, token);
  return got.at(`data.${one}`);
}

test('a VM of a cloud image, with cloud-init', async () => {
  const vm = await made('POST /v1/vms', {
    name: 'cloud-1',
    template: IMAGE,
    configuration: {
      cpu_cores: 2,
      memory_mb: 2048,
      storage_gb: 20,
      node: 'pve-node02',
      network: { static_ip: '10.10.0.80' },
      start: true,
    },
    security: { ssh_keys: [KEY] },
  });
  expect(vm).toMatchObject({
    status: 'running',
    configuration: {
      storage: [{ disk_id: 'scsi0', size_gb: 20, storage: 'local-zfs' }],
      // Prefix and gateway are those of the bridge's own network.
      network: [{ ip_address: '10.10.0.80', subnet: '10.10.0.0/24', gateway: '10.10.0.1', bridge: 'vmbr0' }],
    },
    security: { ssh_key_auth: true },
  });
});

test('a container of a template container', async () => {
  const container = await made('POST /v1/containers', {
    name: 'copy-1',
    template: 'dev-sandbox',
    description: 'a copy',
    configuration: { cpu_cores: 3, memory_mb: 1024, storage_gb: 32 },
    security: { enable_firewall: true, protection: true },
    tags: ['web'],
  });
  expect(container).toMatchObject({
    name: 'copy-1',
    description: 'a copy',
    node: 'pve-node02',
    tags: ['web'],
    configuration: { cpu_cores: 3, memory_mb: 1024, storage: [{ disk_id: 'rootfs', size_gb: 32 }] },
    security: { firewall_enabled: true, protection: true },
  });
});

const copy = { name: 'copy-2', template: 'ct-203' };
const refused: [body: Record<string, unknown>, details: object][] = [
  [
    { ...copy, configuration: { network: { vlan_id: 20, gateway: '10.9.9.1,firewall=0' } } },
    { field: 'configuration.network.gateway', reason: 'not_acceptable' },
  ],
  [
    { ...copy, password: 'secret-word' },
    { field: 'password', reason: 'not_of_a_copy' },
  ],
  [
    { ...copy, privileged: true },
    { field: 'privileged', reason: 'not_of_a_copy' },
  ],
  [
    { ...copy, security: { ssh_keys: [KEY] } },
    { field: 'security.ssh_keys', reason: 'not_acceptable' },
  ],
  [
    { ...copy, configuration: { node: 'pve-node01' } },
    { field: 'configuration.node', reason: 'not_acceptable' },
  ],
  [
    { ...copy, configuration: { storage_gb: 1 } },
    { field: 'configuration.storage_gb', reason: 'too_small' },
  ],
];
test.each(refused)('POST /v1/containers %j is refused', async (body, details) => {
  const got = await lab.send('POST /v1/containers', token, body);
  expect({ status: got.status, error: got.at('error') }).toMatchObject({ status: 422, error: { details } });
});
