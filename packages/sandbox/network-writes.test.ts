import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unifiedDiff } from './network/unified-diff.ts';
import { startChanging, type Changing } from './testing/changing.ts';

let lab: Changing;
beforeEach(async () => {
  lab = await startChanging();
});
afterEach(() => lab.sandbox.close());

type Step = [line: string, params: object | undefined, expected: unknown];

const NET = '/nodes/pve-node01/network';
const having = (row: object): unknown => expect.objectContaining(row);
const lacking = (row: object): unknown => expect.not.objectContaining(row);
const holding = (row: object): unknown => expect.arrayContaining([having(row)]);

const STORIES: Record<string, Step[]> = {
  'a bridge waits until it is applied': [
    [
      `POST ${NET}`,
      { iface: 'vmbr1', type: 'bridge', autostart: true, cidr: '10.20.0.1/24', comments: 'internal' },
      null,
    ],
    [
      `GET ${NET}`,
      undefined,
      holding({
        iface: 'vmbr1',
        address: '10.20.0.1',
        netmask: '24',
        cidr: '10.20.0.1/24',
        method: 'static',
        families: ['inet'],
        bridge_fd: '0',
      }),
    ],
    [`GET ${NET}/vmbr1`, undefined, lacking({ active: 1 })],
    ['PUT /nodes/pve-node01/qemu/105/config', { net1: 'virtio,bridge=vmbr1' }, null],
    [`PUT ${NET}`, undefined, 'OK'],
    [`GET ${NET}/vmbr1`, undefined, having({ active: 1, type: 'bridge', comments: 'internal' })],
    [`PUT ${NET}/vmbr1`, { type: 'bridge', bridge_vlan_aware: true, autostart: true, delete: 'cidr,comments' }, null],
    [`GET ${NET}/vmbr1`, undefined, having({ bridge_vlan_aware: 1, method: 'manual' })],
    [`GET ${NET}/vmbr1`, undefined, lacking({ address: expect.anything() })],
    [`DELETE ${NET}/vmbr1`, undefined, null],
    [`GET ${NET}/vmbr1`, undefined, { iface: 'interface does not exist' }],
    [`DELETE ${NET}`, undefined, null],
    [`GET ${NET}/vmbr1`, undefined, having({ cidr: '10.20.0.1/24', active: 1 })],
  ],
  'what does not fit': [
    [`POST ${NET}`, { iface: 'vmbr0', type: 'bridge' }, { iface: 'interface already exists' }],
    [
      `POST ${NET}`,
      { iface: 'vmbr2', type: 'bridge', cidr: '10.9.0.1/24', gateway: '10.9.0.254' },
      { gateway: "Default gateway already exists on interface 'vmbr0'." },
    ],
    [
      `POST ${NET}`,
      { iface: 'vmbr2', type: 'bridge', bridge_ports: 'bond0' },
      { bridge_ports: "bond0 is already used on interface 'vmbr0'." },
    ],
    [
      `POST ${NET}`,
      { iface: 'vmbr2', type: 'bridge', bridge_ports: 'enp9s0' },
      "bridge 'vmbr2' - unable to find bridge port 'enp9s0'",
    ],
    [
      `POST ${NET}`,
      { iface: 'bond1', type: 'bond', slaves: 'enp9s0', bond_mode: 'active-backup' },
      "bond 'bond1' - unable to find slave 'enp9s0'",
    ],
    [
      `POST ${NET}`,
      { iface: 'bond1', type: 'bond', slaves: 'vmbr0' },
      "bond 'bond1' - wrong interface type on slave 'vmbr0' ('bridge' != 'eth')",
    ],
    [`POST ${NET}`, { iface: 'eth9.20', type: 'vlan' }, "vlan 'eth9.20' - unable to find parent 'eth9'"],
    [`POST ${NET}`, { iface: 'vlan20', type: 'vlan' }, 'missing vlan-raw-device option'],
    [
      `POST ${NET}`,
      { iface: 'vmbr2', type: 'OVSBridge' },
      "Open VSwitch is not installed (need package 'openvswitch-switch')",
    ],
    [
      `POST ${NET}`,
      { iface: 'vmbr2', type: 'bridge', cidr: '10.9.0.1/24', address: '10.9.0.1', netmask: '255.255.255.0' },
      { address: 'address conflicts with cidr' },
    ],
    [
      `POST ${NET}`,
      { iface: 'vmbr0.20', type: 'vlan', mtu: 9000 },
      "interface 'vmbr0.20' - mtu 9000 is bigger than 'vmbr0' - mtu 1500",
    ],
    [`POST ${NET}`, { iface: 'x', type: 'bridge' }, having({ iface: expect.anything() })],
    [`POST ${NET}`, { iface: 'vmbr2', type: 'bridge', cidr: '10.9.0.300/24' }, having({ cidr: expect.anything() })],
    [`POST ${NET}`, { iface: 'vmbr2', type: 'bridge', address: '10.9.0.1' }, having({ netmask: expect.anything() })],
    [`PUT ${NET}/vmbr7`, { type: 'bridge' }, { iface: 'interface does not exist' }],
    [`DELETE ${NET}/vmbr7`, undefined, { iface: 'interface does not exist' }],
    [`DELETE ${NET}/bond0`, undefined, "bridge 'vmbr0' - unable to find bridge port 'bond0'"],
    [`GET ${NET}/vmbr0`, undefined, having({ active: 1, bridge_ports: 'bond0' })],
  ],
  'a VLAN on a bridge, in either way of naming it': [
    [`POST ${NET}`, { iface: 'vmbr0.20', type: 'vlan', address: '10.20.0.2', netmask: '255.255.255.128' }, null],
    [
      `GET ${NET}/vmbr0.20`,
      undefined,
      having({ cidr: '10.20.0.2/25', netmask: '25', method: 'static', 'vlan-id': '20', 'vlan-raw-device': 'vmbr0' }),
    ],
    [`POST ${NET}`, { iface: 'vlan30', type: 'vlan', 'vlan-raw-device': 'bond0', cidr6: 'fd00::1/64' }, null],
    [`GET ${NET}/vlan30`, undefined, having({ families: ['inet6'], method6: 'static', cidr6: 'fd00::1/64' })],
  ],
};

describe('interfaces:', () => {
  it.each(Object.entries(STORIES))('%s', async (_name, steps) => {
    for (const [line, params, expected] of steps) {
      const outcome = await lab.done(line, params);
      if (expected instanceof RegExp) expect(outcome).toMatch(expected);
      else expect([line, outcome]).toEqual([line, expected]);
    }
  });

  it('what waits is told beside the list, as a diff', async () => {
    await lab.call(`POST ${NET}`, { iface: 'vmbr1', type: 'bridge', autostart: true, cidr: '10.20.0.1/24' });
    const changes = lab.sandbox.state.nodes.get('pve-node01')?.networkChanges;
    expect(changes?.split('\n').filter((line) => line.startsWith('+'))).toEqual([
      expect.stringMatching(/^\+\+\+ \/etc\/network\/interfaces\.new\t2026-02-23 10:00:00/),
      '+auto vmbr1',
      '+iface vmbr1 inet static',
      '+\taddress 10.20.0.1/24',
      '+\tbridge-ports none',
      '+\tbridge-stp off',
      '+\tbridge-fd 0',
      '+',
    ]);
    await lab.call(`DELETE ${NET}/vmbr1`);
    expect(lab.sandbox.state.nodes.get('pve-node01')?.networkChanges).toBeUndefined();
  });

  it('a guest starts on a bridge that is there, not on one that is to be', async () => {
    await lab.call(`POST ${NET}`, { iface: 'vmbr1', type: 'bridge' });
    await lab.done('POST /nodes/pve-node01/qemu/105/status/stop', {});
    await lab.call('PUT /nodes/pve-node01/qemu/105/config', { net1: 'virtio,bridge=vmbr1' });
    expect(await lab.done('POST /nodes/pve-node01/qemu/105/status/start', {})).toBe(
      'start failed: QEMU exited with code 1',
    );
    expect(await lab.done(`PUT ${NET}`)).toBe('OK');
    expect(await lab.done('POST /nodes/pve-node01/qemu/105/status/start', {})).toBe('OK');
  });
});

it.each([
  ['a\nb\nc\n', 'a\nb\nc\n', ''],
  ['a\nb\nc\n', 'a\nc\n', '@@ -1,3 +1,2 @@\n a\n-b\n c\n'],
  ['', 'a\n', '@@ -0,0 +1 @@\n+a\n'],
  [
    '1\n2\n3\n4\n5\n6\n7\n8\n9\n',
    '0\n2\n3\n4\n5\n6\n7\n8\nx\n',
    '@@ -1,4 +1,4 @@\n-1\n+0\n 2\n 3\n 4\n@@ -6,4 +6,4 @@\n 6\n 7\n 8\n-9\n+x\n',
  ],
])('the diff of %j and %j', (before, after, expected) => {
  expect(unifiedDiff(before, after)).toBe(expected);
});
