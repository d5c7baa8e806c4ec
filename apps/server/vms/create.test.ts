import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJmVHnSjWFLSVvyN1mXyYcTdSr0vhGCb1bTGrZcSWkSd ops@example';

let lab: Lab;
let token: string;
beforeAll(async () => {
  lab = await Lab.start({}, { encrypted_storages: { home: ['local-zfs'] } });
  token = await lab.token(['vm:read', 'vm:write']);
});
afterAll(() => lab.close());

describe('POST /v1/vms', () => {
  test('the flat form of the SDKs', async () => {
    const made = await lab.send('POST /v1/vms', token, {
      name: 'test-vm',
      template: 'ubuntu-22.04',
      cpu_cores: 2,
      memory_mb: 4096,
    });
    expect(made).toMatchObject({
      status: 202,
      body: {
        success: true,
        data: {
          vm: { id: 'vm-106', name: 'test-vm', status: 'creating', creation_job_id: expect.stringMatching(/^job_/) },
        },
      },
    });
    expect(made.at('data.job_id')).toBe(made.at('data.vm.creation_job_id'));
    const job = await lab.ended(made.text('data.job_id'));
    expect(job).toMatchObject({ state: 'done', proof: { outcome: 'verified' } });
    expect((await lab.send('GET /v1/vms/vm-106', token)).at('data.vm')).toMatchObject({
      name: 'test-vm',
      status: 'stopped',
      configuration: { cpu_cores: 2, cpu_sockets: 1, memory_mb: 4096 },
    });
  });
  test('the whole of it', async () => {
    const made = await lab.send('POST /v1/vms', token, {
      name: 'app-server-01',
      description: 'Application server for microservices',
      template: 'ubuntu-22.04-cloud',
      environment: 'production',
      configuration: {
        cpu_cores: 4,
        memory_mb: 8192,
        storage_gb: 100,
        network: { vlan_id: 100, static_ip: '192.168.1.102/24', gateway: '192.168.1.1' },
        start: true,
      },
      security: { encrypt_disk: true, enable_firewall: true, ssh_keys: [KEY], protection: true },
      tags: ['application', 'microservices', 'production'],
      backup: { enabled: true, schedule: 'daily', retention_days: 30 },
    });
    expect(made.body).toMatchObject({ data: { vm: { id: 'vm-107' } } });
    const job = await lab.ended(made.text('data.job_id'));
    expect(job).toMatchObject({ state: 'done', proof: { outcome: 'verified' } });
    expect((await lab.send('GET /v1/vms/vm-107', token)).at('data.vm')).toMatchObject({
      description: 'Application server for microservices',
      status: 'running',
      environment: 'production',
      tags: ['application', 'microservices', 'production'],
      configuration: {
        cpu_cores: 4,
        memory_mb: 8192,
        storage: [{ disk_id: 'scsi0', size_gb: 100, storage: 'local-zfs', encrypted: true }],
        network: [
          {
            ip_address: '192.168.1.102',
            subnet: '192.168.1.0/24',
            gateway: '192.168.1.1',
            vlan_id: 100,
            bridge: 'vmbr0',
          },
        ],
      },
      security: { encrypted: true, firewall_enabled: true, ssh_key_auth: true, protection: true },
      backup: { enabled: true, schedule: 'daily 02:00', retention_days: 30, last_backup: null },
    });
  });
});
