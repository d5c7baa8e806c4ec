import type { Filter, Query } from '@pxa/contract';
import { type Expected, exampleWorld, onExampleWorld } from '../check.ts';
import { compare, has, is, not } from '../kit/index.ts';

const nodes = (where?: Filter, more: Partial<Query> = {}): Query => ({ dataset: 'nodes', where, ...more });
const [one, two, three] = ['node/pve-node01', 'node/pve-node02', 'node/pve-node03'] as const;

const cases: Record<string, [Query, Expected]> = {
  'one call tells of all, guests and storage included': [
    nodes(),
    {
      rows: [one, two, three],
      calls: ['/cluster/resources'],
      cells: {
        [two]: { status: 'online', maxcpu: 16, maxmem: 103079215104, storage: 'local-zfs', storage_share: 0.91 },
      },
      findings: [`warning node.memory_high ${two}`, `warning node.storage_full ${two}`],
    },
  ],
  'over 60% of their memory': [nodes(compare('mem_share', '>', 0.6)), { rows: [one, two] }],
  'the kernel': [
    nodes(is('node', 'pve-node01'), { focus: ['kernel', 'version', 'cpu_model', 'load1'] }),
    {
      cells: {
        [one]: {
          kernel: '6.8.12-9-pve',
          version: '8.4.1',
          cpu_model: 'Intel(R) Xeon(R) E-2388G CPU @ 3.20GHz',
          load1: 2.61,
        },
      },
      calls: ['/cluster/resources', '/nodes/pve-node01/status'],
    },
  ],
  'time zone, subscription and services': [
    nodes(is('node', 'pve-node03'), { focus: ['timezone', 'subscription', 'services', 'services_failed'] }),
    {
      cells: {
        [three]: {
          timezone: 'Europe/Zurich',
          subscription: '',
          services: ['pveproxy', 'corosync'],
          services_failed: [],
        },
      },
    },
  ],
  'what guests have been given': [
    nodes(is('node', 'pve-node02'), { focus: ['guests', 'guests_running', 'vcpus_allocated', 'mem_allocated'] }),
    { cells: { [two]: { guests: 4, guests_running: 3, vcpus_allocated: 12, mem_allocated: 40802189312 } } },
  ],
  'the node of a guest': [nodes({ op: 'in', column: 'guest_ids', values: ['qemu/108'] }), { rows: [three] }],
  'system services of one node': [
    { dataset: 'services', where: is('node', 'pve-node02') },
    {
      rows: ['service/pve-node02/pveproxy', 'service/pve-node02/corosync'],
      calls: ['/cluster/resources', '/nodes/pve-node02/services'],
    },
  ],
  'with a degraded ZFS pool': [nodes(has('zfs', not(is('state', 'ONLINE')))), { rows: [two] }],
  'without pending updates': [nodes(not(has('updates'))), { rows: [three] }],
  'with stopped guests': [nodes(has('guests', is('status', 'stopped')), { measure: { of: 'count' } }), { value: 3 }],
};

onExampleWorld('nodes', cases);

/** The example cluster with a node that has installed a newer kernel than it runs. */
function waitingForReboot(): Record<string, unknown> {
  const world = structuredClone(exampleWorld() ?? {});
  const { nodes: read } = world as { nodes?: Record<string, Record<string, unknown>> };
  const installed = { CurrentState: 'Installed' };
  Object.assign(read?.['pve-node01'] ?? {}, {
    apt_versions: [
      { Package: 'proxmox-ve', OldVersion: '8.4.0', RunningKernel: '6.8.12-9-pve', ...installed },
      { Package: 'proxmox-kernel-6.8.12-9-pve-signed', OldVersion: '6.8.12-9', ...installed },
      { Package: 'proxmox-kernel-6.8.12-11-pve-signed', OldVersion: '6.8.12-11', ...installed },
    ],
  });
  return world;
}

onExampleWorld(
  'a newer kernel is installed',
  {
    'than the one that runs': [
      nodes(is('node', 'pve-node01'), { focus: ['newest_kernel', 'reboot_needed'] }),
      {
        cells: { [one]: { newest_kernel: '6.8.12-11', reboot_needed: true } },
        findings: [`info node.reboot_needed ${one}`],
      },
    ],
  },
  { world: waitingForReboot() },
);
