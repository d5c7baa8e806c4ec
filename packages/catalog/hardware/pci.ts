import { asText } from '@pxa/pve/values';
import {
  type Cell,
  dataset,
  type Draft,
  extracted,
  flag,
  given,
  is,
  isUnknown,
  known,
  not,
  oneOf,
  perNode,
  text,
  unknownCell,
} from '../kit/index.ts';
import { kindOf } from './kinds.ts';
import { usersOf } from './users.ts';

/** The nodes' PCI devices, as Proxmox lists them: without memory, bridges and processors. */
export const pci = dataset({
  id: 'pci',
  title: 'PCI devices',
  counted: 'count',
  nouns: [
    { words: 'pci device|pcie device|pci card|pcie card|pci|hardware device', title: 'PCI devices' },
    {
      words:
        'gpu|graphics card|graphic card|video card|graphics adapter|graphics processor|vga card|accelerator|accelerator card|graphics accelerator|display adapter',
      where: oneOf('kind', 'gpu', 'accelerator'),
      title: 'GPUs',
    },
    {
      words: 'hba|storage controller|raid controller|sas controller',
      where: is('kind', 'storage controller'),
      title: 'Storage controllers',
    },
    {
      words: 'network controller|ethernet controller|physical nic',
      where: is('kind', 'network'),
      title: 'Network controllers',
    },
    { words: 'usb controller', where: is('kind', 'usb controller'), title: 'USB controllers' },
    { words: 'nvme controller', where: is('kind', 'nvme'), title: 'NVMe controllers' },
    { words: 'device|card|hardware', title: 'PCI devices', weak: true },
  ],
  rows: perNode(
    '/nodes/{node}/hardware/pci',
    (node) => ({ node }),
    'PCI devices',
    ({ data }, node) => `pci/${node}/${String(data['id'])}`,
  ),
  details: { users: usersOf },
  columns: {
    node: given('NODE', 'node', 'text', 'text', { words: 'node|host', names: 'node' }),
    address: text('ID', 'id', { words: 'id|pci id|address|pci address|slot' }),
    kind: extracted(
      'KIND',
      'text',
      'text',
      'base',
      (data) => ({
        value: kindOf(asText(data['class']) ?? '', asText(data['vendor']) ?? ''),
        keys: ['class', 'vendor'],
      }),
      { words: 'kind|type|class' },
    ),
    vendor: text('VENDOR', 'vendor_name', { words: 'vendor|manufacturer|maker|brand' }),
    device: text('DEVICE', 'device_name', { words: 'name|device|device name|model' }),
    vendor_id: text('VENDOR ID', 'vendor', { words: 'vendor id' }),
    device_id: text('DEVICE ID', 'device', { words: 'device id' }),
    class: text('CLASS', 'class', { words: 'class code|pci class' }),
    iommugroup: extracted(
      'IOMMU GROUP',
      'number',
      'count',
      'base',
      ({ iommugroup }) => {
        const group = Number(iommugroup ?? -1);
        // -1 is Proxmox's word for none: the IOMMU is off.
        return group < 0
          ? unknownCell('it is in no IOMMU group: the IOMMU is off on this node')
          : { value: group, keys: ['iommugroup'] };
      },
      { words: 'iommu group|iommu' },
    ),
    mdev: flag('MEDIATED', 'mdev', {
      absent: false,
      words: 'mediated device|vgpu|mdev',
      yes: 'with mediated devices|with vgpu|vgpu capable',
    }),
    guests: {
      label: 'PASSED TO',
      type: 'list',
      unit: 'text',
      from: ['users'],
      uses: [],
      words: 'guest|vm|used by|passed to|passed through to',
      names: 'guest',
      read: passedTo,
    },
  },
  identity: ['node', 'address'],
  shown: ['node', 'address', 'kind', 'vendor', 'device', 'iommugroup'],
  named: 'device',
  form: { column: 'address', pattern: /^([\da-f]{4}:)?[\da-f]{2}:[\da-f]{2}\.[\da-f]$/i },
  scopes: { node: 'node', guest: 'guests' },
  grades: [],
  phrases: [
    {
      say: 'in use|passed through|used by (a)? (vm|guest)|assigned',
      where: known('guests'),
      focus: ['device', 'guests'],
    },
    {
      say: 'free|unused|not in use|available|not passed through|unassigned|not assigned',
      where: not(known('guests')),
      focus: ['device', 'guests'],
    },
    { say: 'nvidia', where: is('vendor_id', '0x10de') },
    { say: 'amd', where: oneOf('vendor_id', '0x1002', '0x1022') },
    { say: 'intel', where: is('vendor_id', '0x8086') },
    { say: 'with (an)? iommu group|in an iommu group', where: known('iommugroup') },
  ],
  order: [
    { column: 'node', dir: 'asc' },
    { column: 'address', dir: 'asc' },
  ],
});

function passedTo(row: Draft): Cell {
  const rec = row.recs['users'];
  if (rec === undefined) return unknownCell('the guests’ configurations were not read');
  if (isUnknown(rec)) return unknownCell(rec.unknown);
  const guests = Array.isArray(rec.data['guests']) ? rec.data['guests'].map(String) : [];
  return { value: guests, at: asText(rec.data['places']) ?? rec.at };
}
