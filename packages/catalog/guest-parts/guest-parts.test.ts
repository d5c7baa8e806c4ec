import type { Filter, Query } from '@pxa/contract';
import { type Expected, onExampleWorld } from '../check.ts';
import { all, has, is, not, oneOf } from '../kit/index.ts';

const GiB = 1024 ** 3;
const from =
  (dataset: string) =>
  (where?: Filter, more: Partial<Query> = {}): Query => ({ dataset, where, ...more });
const [disks, nics, addresses, config, guests] = [
  from('guest-disks'),
  from('guest-nics'),
  from('guest-addresses'),
  from('guest-config'),
  from('guests'),
] as const;

const cases: Record<string, [Query, Expected]> = {
  'disks of a VM, by one call for it': [
    disks(all(is('guest', 'qemu/100'), not(oneOf('kind', 'cdrom', 'cloud-init')))),
    {
      rows: ['qemu/100/efidisk0', 'qemu/100/scsi0', 'qemu/100/tpmstate0'],
      cells: {
        'qemu/100/scsi0': { volume: 'shared-vm:vm-100-disk-0', size: 80 * GiB, storage: 'shared-vm', backup: true },
        'qemu/100/tpmstate0': { kind: 'tpm', size: 4 * 1024 ** 2 },
      },
      calls: ['/cluster/resources', '/nodes/pve-node01/qemu/100/config'],
    },
  ],
  'a container’s mount points are not in backups': [
    disks(is('guest', 'lxc/202')),
    {
      rows: ['lxc/202/rootfs', 'lxc/202/mp0'],
      cells: {
        'lxc/202/rootfs': { backup: true, kind: 'root disk' },
        'lxc/202/mp0': { backup: false, size: 50 * GiB },
      },
    },
  ],
  'CD drives': [
    disks(all(is('kind', 'cdrom'), is('template', false))),
    { rows: ['qemu/100/ide2'], cells: { 'qemu/100/ide2': { storage: 'nas' } } },
  ],
  'how much is allocated on a storage': [
    disks(all(is('storage', 'shared-vm'), is('template', false)), { measure: { of: 'sum', column: 'size' } }),
    { value: (80 + 200 + 500 + 64 + 8) * GiB },
  ],
  'guests with a disk on a storage': [
    guests(has('disks', is('storage', 'shared-vm'))),
    { rows: ['qemu/100', 'qemu/103', 'qemu/105', 'qemu/9001', 'lxc/201'] },
  ],
  'guests with more than one disk, drives aside': [
    guests({ op: 'has', relation: 'disks', count: { is: '>', number: 1 } }),
    { rows: ['qemu/103', 'lxc/202'] },
  ],
  'VMs with a TPM': [guests(has('disks', is('kind', 'tpm'))), { rows: ['qemu/100'] }],
  'network cards of a VM': [
    nics(is('guest', 'qemu/101')),
    {
      rows: ['qemu/101/net0'],
      cells: {
        'qemu/101/net0': {
          model: 'virtio',
          mac: 'BC:24:11:0A:00:65',
          bridge: 'vmbr0',
          vlan: '20',
          firewall: true,
          ip: '',
        },
      },
    },
  ],
  'network cards in a VLAN': [
    nics(is('vlan', 20)),
    {
      rows: ['qemu/101/net0', 'qemu/102/net0', 'lxc/201/net0'],
      cells: { 'lxc/201/net0': { model: 'veth', ip: '10.0.20.5/24' } },
    },
  ],
  'addresses of all containers': [
    addresses(is('guest_type', 'lxc')),
    {
      rows: ['lxc/200/ip/10.0.0.53', 'lxc/201/ip/10.0.20.5', 'lxc/202/ip/10.0.0.102'],
      lacks: ['addresses of mqtt-broker (204): it is not running'],
    },
  ],
  'configuration of a guest': [
    config(all(is('guest', 'lxc/203'), is('key', 'memory'))),
    { rows: ['lxc/203/config/memory'], cells: { 'lxc/203/config/memory': { value: '1024' } } },
  ],
};

onExampleWorld('guest parts', cases);
