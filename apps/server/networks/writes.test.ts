import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Got, Lab } from '../testing/lab.ts';

let lab: Lab;
let token: string;
beforeAll(async () => {
  lab = await Lab.start();
  token = await lab.token(['network:read', 'network:write', 'job:read']);
});
afterAll(() => lab.close());

/** That a change was begun, and how its job ended. */
async function done(got: Got): Promise<string | undefined> {
  expect(got).toMatchObject({ status: 202, body: { success: true, data: { status: 'pending' } } });
  const job = await lab.ended(got.text('data.job_id'));
  return job.proof?.outcome ?? job.result;
}

/** The document's example: what of it Proxmox cannot do is said, field by field, and the rest is made. */
const EXAMPLE = {
  name: 'development-vlan',
  type: 'vlan',
  vlan_id: 200,
  subnet: '192.168.2.0/24',
  gateway: '192.168.2.1',
  dns_servers: ['8.8.8.8', '8.8.4.4'],
  dhcp_enabled: true,
  dhcp_range: { start: '192.168.2.100', end: '192.168.2.200' },
};

describe('POST /v1/networks', () => {
  test('makes a VLAN on all nodes, and applies it', async () => {
    const made = await lab.send('POST /v1/networks', token, { name: 'development-vlan', type: 'vlan', vlan_id: 200 });
    expect(await done(made)).toBe('verified');
    const got = await lab.send('GET /v1/networks/vmbr0.200', token);
    expect(got.at('data.network')).toMatchObject({
      id: 'vmbr0.200',
      name: 'development-vlan',
      type: 'vlan',
      vlan_id: 200,
      description: null,
    });
    expect(got.list('data.network.nodes').map(({ node, active, pending }) => [node, active, pending])).toEqual(
      ['pve-node01', 'pve-node02', 'pve-node03'].map((node) => [node, true, false]),
    );
    const again = await lab.send('POST /v1/networks', token, { name: 'development-vlan', type: 'vlan', vlan_id: 200 });
    expect(again).toMatchObject({ status: 409, body: { error: { details: { reason: 'exists' } } } });
  });

  test('with addresses of its nodes has a subnet', async () => {
    const addresses = { 'pve-node01': '10.77.0.1/24', 'pve-node02': '10.77.0.2/24' };
    const body = { name: 'dmz', type: 'bridge', subnet: '10.77.0.0/24', addresses, nodes: Object.keys(addresses) };
    expect(await done(await lab.send('POST /v1/networks', token, { ...body, description: 'for guests\nonly' }))).toBe(
      'verified',
    );
    const got = await lab.send('GET /v1/networks/vmbr1', token);
    expect(got.at('data.network')).toMatchObject({
      name: 'dmz',
      subnet: '10.77.0.0/24',
      description: 'for guests\nonly',
      nodes: [{ address: '10.77.0.1/24' }, { address: '10.77.0.2/24' }],
    });
  });

  test('waits where it is not to be applied, and then lets nothing else be applied with it', async () => {
    const body = { name: 'vmbr50', type: 'bridge', nodes: ['pve-node03'], apply: false };
    expect(await done(await lab.send('POST /v1/networks', token, body))).toBe('verified');
    expect((await lab.send('GET /v1/networks/vmbr50', token)).at('data.network.nodes.0.pending')).toBe(true);
    const other = { name: 'vmbr51', type: 'bridge', nodes: ['pve-node03'] };
    expect(await lab.send('POST /v1/networks', token, other)).toMatchObject({
      status: 409,
      body: { error: { message: expect.stringMatching(/Other changes wait on pve-node03/) } },
    });
    expect(await done(await lab.send('DELETE /v1/networks/vmbr50?apply=false', token))).toBe('verified');
    expect((await lab.send('GET /v1/networks/vmbr50', token)).status).toBe(404);
  });

  const vlan = { name: 'x', type: 'vlan', vlan_id: 300 };
  const refused: [name: string, body: unknown, status: number, field: string, reason: string][] = [
    ['the example', EXAMPLE, 422, 'dhcp_enabled', 'not_supported'],
    ['a range', { ...EXAMPLE, dhcp_enabled: false }, 422, 'dhcp_range', 'not_supported'],
    ['DNS servers', { ...EXAMPLE, dhcp_enabled: false, dhcp_range: undefined }, 422, 'dns_servers', 'not_supported'],
    ['a subnet alone', { ...vlan, subnet: '10.1.0.0/24' }, 422, 'subnet', 'needs_addresses'],
    ['a gateway alone', { ...vlan, gateway: '10.1.0.1' }, 422, 'gateway', 'needs_addresses'],
    [
      'an address elsewhere',
      { ...vlan, subnet: '10.1.0.0/24', addresses: { 'pve-node01': '10.2.0.1/24' } },
      422,
      'addresses.pve-node01',
      'not_in_subnet',
    ],
    ['a foreign node', { ...vlan, addresses: { mars: '10.2.0.1/24' } }, 422, 'addresses.mars', 'not_among_nodes'],
    ['a node that is not', { ...vlan, nodes: ['mars'] }, 422, 'nodes', 'not_found'],
    ['no VLAN id', { name: 'x', type: 'vlan' }, 422, 'vlan_id', 'required'],
    ['a VLAN id too large', { ...vlan, vlan_id: 4_095 }, 422, 'vlan_id', 'too_big'],
    ['a device that is not', { ...vlan, device: 'vmbr99' }, 422, 'device', 'not_found'],
    ['ports of a VLAN', { ...vlan, ports: ['eno1'] }, 422, 'ports', 'not_of_this_type'],
    ['a port that is not', { name: 'x', type: 'bridge', ports: ['eno9'] }, 422, 'ports', 'not_found'],
    ['a port of another', { name: 'x', type: 'bridge', ports: ['bond0'] }, 422, 'ports', 'not_acceptable'],
    ['a port twice', { name: 'x', type: 'bond', ports: ['eno1', 'eno1'] }, 422, 'ports', 'not_found'],
    ['more than its device carries', { ...vlan, device: 'vmbr0', mtu: 9_000 }, 422, 'mtu', 'not_acceptable'],
    [
      'a gateway of another kind',
      { name: 'x', type: 'bridge', addresses: { 'pve-node01': '10.77.9.1/24' }, gateway: 'fe80::1' },
      422,
      'gateway',
      'not_acceptable',
    ],
    [
      'a second default gateway',
      { name: 'x', type: 'bridge', addresses: { 'pve-node01': '10.77.9.2/24' }, gateway: '10.77.9.1' },
      409,
      'gateway',
      'exists',
    ],
    [
      'an address that is taken',
      { name: 'x', type: 'bridge', addresses: { 'pve-node01': '10.10.0.11/24' } },
      409,
      'addresses.pve-node01',
      'exists',
    ],
    ['a bond of one', { name: 'x', type: 'bond', ports: ['enp1s0f0'] }, 422, 'ports', 'not_acceptable'],
    ['a bridge that is there', { name: 'vmbr0', type: 'bridge' }, 409, 'name', 'exists'],
    ['another type', { name: 'x', type: 'vxlan' }, 422, 'type', 'must_be_one_of'],
    ['a name of several lines', { name: 'x\niface lo', type: 'bridge' }, 422, 'name', 'invalid_format'],
    ['an unknown field', { ...vlan, colour: 'red' }, 422, 'colour', 'unknown_field'],
    ['an unknown connection', { ...vlan, connection: 'mars' }, 422, 'connection', 'not_found'],
  ];
  test.each(refused)('%s is refused', async (_name, body, status, field, reason) => {
    const got = await lab.send('POST /v1/networks', token, body);
    expect({ status: got.status, details: got.at('error.details') }).toEqual({
      status,
      details: expect.objectContaining({ field, reason }),
    });
  });
});

describe('PUT /v1/networks/ID', () => {
  test('changes what is named, and nothing where it is so', async () => {
    const body = { mtu: 1_400, nodes: ['pve-node02'] };
    expect(await done(await lab.send('PUT /v1/networks/vmbr1', token, body))).toBe('verified');
    const got = await lab.send('GET /v1/networks/vmbr1', token);
    expect(got.list('data.network.nodes').map(({ mtu }) => mtu)).toEqual([null, 1_400]);
    const again = await lab.send('PUT /v1/networks/vmbr1', token, body);
    expect(again).toMatchObject({ status: 200, body: { data: { status: 'unchanged', job_id: null } } });
  });

  test.each([
    ['vmbr9', { mtu: 1_400 }, 404, 'id'],
    ['vmbr0', { mtu: 100 }, 422, 'mtu'],
    ['vmbr0', { dhcp_enabled: true }, 422, 'dhcp_enabled'],
    ['vmbr0', { ports: ['eno9'] }, 422, 'ports'],
    ['vmbr0', { nodes: ['mars'] }, 422, 'nodes'],
    ['vmbr0', { ports: [] }, 422, 'ports'],
    ['vmbr0', { addresses: { 'pve-node02': '10.99.0.2/24' } }, 422, 'addresses.pve-node02'],
    ['vmbr0', { addresses: { 'pve-node02': '10.10.0.12' } }, 422, 'addresses.pve-node02'],
    ['vmbr0', { type: 'bond' }, 422, 'type'],
    ['vmbr0', { addresses: { 'pve-node02': '10.10.0.12/7' } }, 422, 'addresses.pve-node02'],
    ['vmbr0', { mtu: 9_000 }, 422, 'mtu'],
    ['bond0', { mtu: 1_400 }, 422, 'mtu'],
    ['bond0', { vlan_aware: true }, 422, 'vlan_aware'],
    ['vmbr0.200', { ports: ['enp1s0f0'] }, 422, 'ports'],
    ['vmbr0', { gateway: 'fd00::1' }, 422, 'gateway'],
  ])('%s %j is %d', async (id, body, status, field) => {
    const got = await lab.send(`PUT /v1/networks/${id}`, token, body);
    expect(got).toMatchObject({ status, body: { error: { details: { field } } } });
  });
});

describe('DELETE /v1/networks/ID', () => {
  test('takes it from all nodes', async () => {
    expect(await done(await lab.send('DELETE /v1/networks/vmbr0.200', token))).toBe('verified');
    expect((await lab.send('GET /v1/networks/vmbr0.200', token)).status).toBe(404);
  });

  test.each([
    ['vmbr0', 409, /the cluster reaches/],
    ['bond0', 409, /stands on bond0/],
    ['vmbr9', 404, /There is no network vmbr9/],
  ])('%s is %d', async (id, status, says) => {
    const got = await lab.send(`DELETE /v1/networks/${id}`, token);
    expect(got).toMatchObject({ status, body: { error: { message: expect.stringMatching(says) } } });
  });

  test('takes it from no node, as long as one does not say whether it has it', async () => {
    lab.sandbox.faults.add({ fault: 'node_down', node: 'pve-node03' });
    const got = await lab.send('DELETE /v1/networks/vmbr1', token);
    expect(got).toMatchObject({
      status: 409,
      body: {
        error: { message: expect.stringMatching(/pve-node03/), details: { field: 'node', reason: 'node_silent' } },
      },
    });
    const change = await lab.send('PUT /v1/networks/vmbr1', token, { mtu: 1_500 });
    expect(change.at('error.details')).toEqual({ field: 'nodes', reason: 'node_silent' });
    lab.sandbox.faults.clear();
  });

  test('needs the scope', async () => {
    const reader = await lab.token(['network:read']);
    expect((await lab.send('DELETE /v1/networks/vmbr0', reader)).status).toBe(403);
    expect((await lab.send('POST /v1/networks', reader, {})).status).toBe(403);
  });

  test('waits for a person where the token asks for one', async () => {
    const careful = await lab.token(['network:write'], { approval: 'required' });
    expect(await lab.send('DELETE /v1/networks/vmbr1', careful)).toMatchObject({
      status: 202,
      body: { data: { status: 'pending_approval', job_id: null } },
    });
  });
});
