import type { Filter, Query } from '@pxa/contract';
import { type Expected, onExampleWorld } from '../check.ts';
import { all, compare, contains, has, is, known, not, oneOf } from '../kit/index.ts';

const localZfs = 'storage/pve-node02/local-zfs';
const GiB = 1024 ** 3;

const storages = (where?: Filter, more: Partial<Query> = {}): Query => ({ dataset: 'storage', where, ...more });
const volumes = (where?: Filter, more: Partial<Query> = {}): Query => ({ dataset: 'volumes', where, ...more });

const cases: Record<string, [Query, Expected]> = {
  'one call lists all, shared ones once': [
    storages(),
    {
      rows: [
        ...['pve-node01', 'pve-node02', 'pve-node03'].flatMap((node) => [
          `storage/${node}/local`,
          `storage/${node}/local-zfs`,
        ]),
        'storage/pve-node01/nas',
        'storage/pve-node01/shared-vm',
      ],
      calls: ['/cluster/resources'],
      findings: [`warning storage.high ${localZfs}`],
      cells: { 'storage/pve-node01/nas': { nodes: ['pve-node01', 'pve-node02', 'pve-node03'], share: 0.7875 } },
    },
  ],
  'the fullest': [storages(undefined, { order: [{ column: 'share', dir: 'desc' }], limit: 1 }), { rows: [localZfs] }],
  'over 70% full': [storages(compare('share', '>', 0.7)), { rows: [localZfs, 'storage/pve-node01/nas'] }],
  'free space on nas': [
    storages(is('storage', 'nas'), { focus: ['free'] }),
    { cells: { 'storage/pve-node01/nas': { free: 1869169767219 } }, calls: ['/cluster/resources'] },
  ],
  'of a node, shared ones too': [
    storages(all(is('nodes', 'pve-node02'), is('content', 'backup'))),
    { rows: ['storage/pve-node02/local', 'storage/pve-node01/nas'] },
  ],
  'server and export of a network storage': [
    storages(is('storage', 'nas'), { focus: ['server', 'export'] }),
    { cells: { 'storage/pve-node01/nas': { server: '10.0.0.5', export: '/volume1/pve' } } },
  ],
  'when it will be full': [
    storages(is('storage', 'nas'), { focus: ['full_at', 'growth'] }),
    { rows: ['storage/pve-node01/nas'], findings: ['warning storage.filling storage/pve-node01/nas'] },
  ],
  'storages with a disk of guest 103': [
    storages(has('volumes', all(is('vmid', '103'), is('content', 'images')))),
    { rows: ['storage/pve-node01/shared-vm'] },
  ],
  'storages without ISO images': [
    storages(all(is('content', 'iso'), not(has('images', is('content', 'iso'))))),
    { rows: ['storage/pve-node02/local', 'storage/pve-node03/local'] },
  ],
  'volumes of a guest, on the storages that have it': [
    volumes(is('guest', 'qemu/100')),
    {
      rows: [
        'volume/pve-node01/local-zfs:vm-100-disk-1',
        'volume/pve-node01/local-zfs:vm-100-disk-2',
        'volume/shared-vm:vm-100-disk-0',
        ...['2025_11_19', '2025_11_18', '2025_11_17', '2025_11_11'].map(
          (day) => `backup/nas:backup/vzdump-qemu-100-${day}-21_00_00.vma.zst`,
        ),
      ],
    },
  ],
  'disk images on one storage': [
    volumes(all(is('storage', 'shared-vm'), oneOf('content', 'images', 'rootdir'))),
    {
      calls: ['/cluster/resources', '/nodes/pve-node01/storage/shared-vm/content'],
      cells: { 'volume/shared-vm:vm-103-disk-1': { size: 500 * GiB, vmid: '103' } },
    },
  ],
  'by a part of the name': [
    volumes(all(is('content', 'iso'), contains('name', 'virtio'))),
    { rows: ['volume/nas:iso/virtio-win-0.1.266.iso'] },
  ],
  'attached as': [
    volumes(all(is('guest', 'qemu/103'), is('content', 'images')), { focus: ['use', 'held_by'] }),
    { cells: { 'volume/shared-vm:vm-103-disk-1': { use: 'attached', held_by: 'scsi1' } } },
  ],
  'nothing is orphaned': [volumes(is('orphan', true)), { rows: [] }],
  'with a date': [
    volumes(all(known('created'), is('content', 'vztmpl'), is('storage', 'nas'))),
    {
      rows: ['volume/nas:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst'],
    },
  ],
};

onExampleWorld('storage', cases);
