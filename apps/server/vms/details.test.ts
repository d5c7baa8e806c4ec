import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';
import { subnetOf } from '../networks/subnets.ts';

let lab: Lab;
let token: string;
beforeAll(async () => {
  lab = await Lab.start();
  token = await lab.token(['vm:read']);
});
afterAll(() => lab.close());

test('GET /v1/vms/vm-101 tells what the cluster tells, and why the rest is null', async () => {
  const got = await lab.send('GET /v1/vms/vm-101', token);
  expect(got.status).toBe(200);
  expect(got.at('data.vm')).toEqual({
    id: 'vm-101',
    name: 'app-server-prod',
    description: null,
    status: 'running',
    environment: 'production',
    node: 'pve-node01',
    template: false,
    os_type: 'debian-12',
    tags: ['env-production', 'web'],
    configuration: {
      cpu_cores: 8,
      cpu_sockets: 1,
      memory_mb: 16384,
      storage: [
        { disk_id: 'scsi0', size_gb: 120, type: 'disk', storage: 'local-zfs', encrypted: null, mount_point: '/' },
      ],
      network: [
        {
          interface: 'eth0',
          mac_address: 'BC:24:11:00:00:65',
          bridge: 'vmbr0',
          ip_address: '10.10.20.21',
          subnet: '10.10.20.0/24',
          gateway: null,
          vlan_id: 20,
        },
      ],
    },
    performance: {
      cpu_usage_percent: 37.5,
      memory_usage_percent: 77.5,
      disk_usage_percent: 35,
      network_rx_mbps: expect.any(Number),
      network_tx_mbps: expect.any(Number),
      uptime_seconds: 1231200,
    },
    security: {
      encrypted: null,
      firewall_enabled: true,
      ssh_key_auth: null,
      protection: false,
      last_security_scan: null,
      compliance_score: null,
      vulnerabilities: null,
    },
    backup: {
      enabled: true,
      schedule: 'daily 01:00',
      retention_days: 7,
      last_backup: '2026-02-23T02:09:26.000Z',
      backup_size_gb: 28.8,
    },
    findings: expect.any(Array),
    created_at: '2025-01-19T08:19:00.000Z',
    updated_at: '2026-02-15T07:00:04.000Z',
  });
  const fields = got.list('meta.unavailable').map(({ field }) => field);
  expect(fields).toEqual([
    'configuration.storage.encrypted',
    'security.encrypted',
    'security.ssh_key_auth',
    'security.last_security_scan',
    'security.compliance_score',
    'security.vulnerabilities',
  ]);
});

test('a firewall without that of the datacenter is not in force, and that is told', async () => {
  const { state } = lab.sandbox;
  const before = state.firewall.options;
  state.firewall.options = { ...before, enable: 0 };
  const got = await lab.send('GET /v1/vms/vm-101', token);
  state.firewall.options = before;
  expect(got.at('data.vm.security.firewall_enabled')).toBe(false);
  expect(got.list('data.vm.findings')).toContainEqual(expect.objectContaining({ code: 'firewall.guest_idle' }));
});

test('one that there is not is 404', async () => {
  expect(await lab.send('GET /v1/vms/vm-999', token)).toMatchObject({
    status: 404,
    body: { error: { code: 'RESOURCE_NOT_FOUND', details: { provided_value: 'vm-999' } } },
  });
  // A container is no VM.
  expect((await lab.send('GET /v1/vms/vm-200', token)).status).toBe(404);
});

test.each([
  ['10.0.20.21', 24, '10.0.20.0/24'],
  ['192.168.1.130', 25, '192.168.1.128/25'],
  ['255.255.255.255', 0, '0.0.0.0/0'],
  ['10.0.0.1', 32, '10.0.0.1/32'],
  ['10.0.0.256', 24, null],
  ['fd00::1', 64, null],
  ['10.0.0.1', 33, null],
])('%s of %d bits is in %s', (address, bits, subnet) => expect(subnetOf(address, bits)).toBe(subnet));

test('takes as many calls to Proxmox however many nodes there are', async () => {
  const calls: number[] = [];
  for (const nodes of [4, 24]) {
    const large = await Lab.start({ seed: 3, nodes, guests: 100 });
    const own = await large.token(['vm:read']);
    const [vm] = (await large.send('GET /v1/vms?limit=1&status=running', own)).list('data.vms');
    let count = 0;
    const off = large.service.calls?.listen(() => void count++);
    expect((await large.send(`GET /v1/vms/${String(vm?.['id'])}`, own)).status).toBe(200);
    off?.();
    calls.push(count);
    await large.close();
  }
  expect(calls[1]).toBeLessThanOrEqual(calls[0] ?? 0);
  expect(calls[1]).toBeLessThanOrEqual(20);
});
