import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';

let lab: Lab;
let token: string;
beforeAll(async () => {
  lab = await Lab.start();
  token = await lab.token(['network:read']);
});
afterAll(() => lab.close());

describe('GET /v1/networks', () => {
  test('has the shape of the document, and says what it cannot tell', async () => {
    const got = await lab.send('GET /v1/networks?type=bridge', token);
    expect(got.status).toBe(200);
    expect(got.at('data.networks.0')).toEqual({
      id: 'vmbr0',
      name: 'vmbr0',
      type: 'bridge',
      description: null,
      vlan_id: null,
      subnet: '10.10.0.0/24',
      gateway: '10.10.0.1',
      dns_servers: null,
      dhcp_enabled: null,
      firewall_rules: null,
      created_at: null,
      interface: 'vmbr0',
      zone: null,
      nodes: ['pve-node01', 'pve-node02', 'pve-node03'].map((node, at) => ({
        node,
        active: true,
        autostart: true,
        address: `10.10.0.${11 + at}/24`,
        address6: null,
        gateway: '10.10.0.1',
        mtu: null,
        ports: ['bond0'],
        device: null,
        bond_mode: null,
        vlan_aware: true,
        used_by: [],
        pending: false,
      })),
    });
    const fields = got.list('meta.unavailable').map(({ field }) => field);
    expect(fields).toEqual(['dns_servers', 'dhcp_enabled', 'firewall_rules', 'created_at']);
    expect(got.at('data.pagination')).toMatchObject({ total: 1, current_page: 1 });
  });

  test.each([
    ['', ['bond0', 'vmbr0']],
    ['?order=desc', ['vmbr0', 'bond0']],
    ['?type=bond&node=pve-node02', ['bond0']],
    ['?node=pve-node99', []],
    ['?type=vlan', []],
    ['?limit=1&offset=1', ['vmbr0']],
  ])('%s', async (query, ids) => {
    const got = await lab.send(`GET /v1/networks${query}`, token);
    expect(got.list('data.networks').map(({ id }) => id)).toEqual(ids);
  });

  test.each([
    ['GET /v1/networks?type=ring', 422, 'type'],
    ['GET /v1/networks?connection=mars', 422, 'connection'],
    ['GET /v1/networks?colour=red', 422, 'colour'],
    ['GET /v1/networks/vmbr9', 404, 'id'],
    ['GET /v1/networks/enp1s0f0', 404, 'id'],
    ['GET /v1/networks/mars:vmbr0', 404, 'id'],
  ])('%s is %d', async (line, status, field) => {
    expect(await lab.send(line, token)).toMatchObject({ status, body: { error: { details: { field } } } });
  });

  test('needs the scope', async () => {
    const other = await lab.token(['storage:read']);
    expect(await lab.send('GET /v1/networks', other)).toMatchObject({
      status: 403,
      body: { error: { details: { required_scope: 'network:read' } } },
    });
    expect((await lab.send('GET /v1/networks')).status).toBe(401);
  });
});

test('GET /v1/networks/vmbr0 shows the one', async () => {
  const got = await lab.send('GET /v1/networks/vmbr0', token);
  expect(got.at('data.network')).toMatchObject({ id: 'vmbr0', type: 'bridge', subnet: '10.10.0.0/24' });
});

describe('virtual networks', () => {
  beforeAll(() => {
    Object.assign(lab.sandbox.state.sdn, {
      zones: [{ zone: 'office', type: 'simple', dhcp: 'dnsmasq' }],
      vnets: [{ vnet: 'vnet1', type: 'vnet', zone: 'office', alias: 'office' }],
      subnets: [
        {
          subnet: 'office-192.168.2.0-24',
          type: 'subnet',
          vnet: 'vnet1',
          zone: 'office',
          cidr: '192.168.2.0/24',
          gateway: '192.168.2.1',
          'dhcp-dns-server': '192.168.2.53',
          'dhcp-range': [{ 'start-address': '192.168.2.100', 'end-address': '192.168.2.200' }],
        },
      ],
    });
  });

  test('are told with what Proxmox knows of them', async () => {
    const got = await lab.send('GET /v1/networks/vnet1', token);
    expect(got.at('data.network')).toMatchObject({
      id: 'vnet1',
      name: 'office',
      type: 'vnet',
      vlan_id: null,
      subnet: '192.168.2.0/24',
      gateway: '192.168.2.1',
      dns_servers: ['192.168.2.53'],
      dhcp_enabled: true,
      zone: 'office',
    });
    expect(got.list('meta.unavailable').map(({ field }) => field)).toEqual(['firewall_rules', 'created_at']);
    expect((await lab.send('GET /v1/networks?type=vnet', token)).list('data.networks')).toHaveLength(1);
  });

  test('are not changed as interfaces are', async () => {
    const writer = await lab.token(['network:write']);
    expect(await lab.send('DELETE /v1/networks/vnet1', writer)).toMatchObject({
      status: 409,
      body: { error: { details: { reason: 'not_an_interface' } } },
    });
  });
});
