import type { GuestPlan } from './made-guest.ts';
import { chain } from './made-snapshots.ts';
import type { Times } from './times.ts';

const DAY = 86_400;
const HOUR = 3600;
/** As long as node01 and what was started with it. */
const UP = 14 * DAY + 6 * HOUR;

/** The demo cluster's containers. */
export function demoContainers(times: Times): GuestPlan[] {
  return [
    {
      vmid: 200,
      name: 'nginx-proxy',
      node: 'pve-node01',
      cores: 2,
      memory: 2,
      disk: 8,
      uptime: UP,
      cpu: 0.3,
      used: 0.5,
      rootUsed: 2.6,
      tags: 'env-production;web',
      address: '10.10.20.5',
      vlan: 20,
      config: { onboot: 1, startup: 'order=4' },
      snapshots: chain({ name: 'clean', snaptime: times.ago({ days: 210 }), description: 'freshly set up' }),
    },
    {
      vmid: 201,
      name: 'pihole-primary',
      node: 'pve-node01',
      cores: 1,
      memory: 0.5,
      disk: 4,
      uptime: UP,
      cpu: 0.1,
      used: 0.125,
      rootUsed: 1.4,
      tags: 'dns;env-production',
      address: '10.10.10.53',
      vlan: 10,
      config: { onboot: 1, startup: 'order=1' },
    },
    {
      vmid: 202,
      name: 'unbound-dns',
      node: 'pve-node02',
      cores: 1,
      memory: 0.5,
      disk: 4,
      uptime: 41 * DAY + 3 * HOUR,
      cpu: 0.1,
      used: 96 / 1024,
      rootUsed: 0.9,
      tags: 'dns;env-production',
      address: '10.10.10.54',
      vlan: 10,
      config: { onboot: 1 },
    },
    {
      vmid: 203,
      name: 'dev-sandbox',
      node: 'pve-node02',
      cores: 2,
      memory: 4,
      disk: 20,
      uptime: 0,
      tags: 'env-development',
      vlan: 40,
      config: { ostype: 'ubuntu', features: 'nesting=1' },
    },
    {
      vmid: 204,
      name: 'wazuh-agent-ct',
      node: 'pve-node03',
      cores: 2,
      memory: 1,
      disk: 12,
      uptime: 20 * DAY + 22 * HOUR,
      cpu: 0.4,
      used: 0.375,
      rootUsed: 5.1,
      tags: 'env-production;security',
      address: '10.10.10.60',
      vlan: 10,
      config: { onboot: 1 },
    },
  ];
}
