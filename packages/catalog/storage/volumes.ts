import {
  type Cell,
  type ColumnDef,
  compare,
  computed,
  bytes,
  dataset,
  type Draft,
  flag,
  given,
  is,
  isUnknown,
  oneOf,
  pointer,
  type SummaryRow,
  text,
  time,
  unknownCell,
  worked,
  countText,
  sizeText,
} from '../kit/index.ts';
import { recText } from '../guests/rows.ts';
import { holderOf } from './holders.ts';
import { volumeRows } from './volume-rows.ts';

const kinds = ['images', 'rootdir', 'iso', 'vztmpl', 'backup', 'snippets', 'import'];
const disks = oneOf('content', 'images', 'rootdir');

/** Everything that stands on storages: disks of guests, images, templates, archives. */
export const volumes = dataset({
  id: 'volumes',
  title: 'Volumes',
  counted: 'count',
  weight: 8,
  nouns: [
    {
      words:
        'volume|storage volume|storage content|content of (the)? storage|what is stored|what is stored on|what is kept on|stored thing|thing stored|everything stored|stored file|stored volume',
      title: 'Volumes',
    },
    { words: 'disk image|disk volume|guest disk image|vm disk image|guest volume', where: disks, title: 'Disk images' },
    {
      words: '(orphaned|orphan|stray|leftover|abandoned) (virtual|vm|guest)? disk',
      where: is('orphan', true),
      title: 'Orphaned disk images',
    },
    { words: 'snippet', where: is('content', 'snippets'), title: 'Snippets' },
    { words: 'content|file|item', title: 'Volumes', weak: true },
    { words: 'image', where: disks, title: 'Disk images', weak: true },
  ],
  rows: (reading) => volumeRows(reading, kinds, 'volumes'),
  details: { holder: holderOf },
  columns: {
    volid: text('VOLUME', 'volid', { words: 'volume id|volid|path' }),
    name: given('NAME', 'name', 'text', 'text', { words: 'name|file name|volume name' }),
    storage: given('STORAGE', 'storage', 'text', 'text', { words: 'storage|datastore', names: 'storage' }),
    storage_id: given('STORAGE ID', 'storage_id', 'text', 'text'),
    storage_type: given('STORAGE TYPE', 'storage_type', 'text', 'text', { words: 'storage type' }),
    node: given('NODE', 'node', 'text', 'text'),
    nodes: given('NODES', 'nodes', 'list', 'text', { words: 'node|host', names: 'node' }),
    shared: given('SHARED', 'shared', 'flag', 'yes_no', { yes: 'on shared storage', no: 'on local storage' }),
    content: text('CONTENT', 'content', {
      words: 'content|content type|type|kind',
      values: {
        images: 'vm disk|virtual machine disk',
        rootdir: 'container volume|container disk|ct volume',
        iso: 'iso|iso image',
        vztmpl: 'container template|ct template',
        backup: 'backup|archive',
      },
    }),
    format: text('FORMAT', 'format', {
      words: 'format|image format|disk format',
      values: { raw: 'raw', qcow2: 'qcow2|qcow', vmdk: 'vmdk', subvol: 'subvol|subvolume' },
    }),
    size: bytes('SIZE', 'size'),
    used: bytes('USED', 'used'),
    created: time('CREATED', 'ctime', { words: 'created|creation date|creation time|date|age' }),
    vmid: text('VMID', 'vmid', { words: 'owner|vmid|guest id' }),
    guest: ownerColumn(),
    parent: text('BASE', 'parent', { words: 'base|base volume|base image|parent', absent: '' }),
    notes: text('NOTES', 'notes', { words: 'note|comment', absent: '' }),
    protected: flag('PROTECTED', 'protected', { absent: false, yes: 'protected', no: 'unprotected' }),
    use: worked('USE', 'holder', 'use', 'text', 'text', { words: 'use|usage state' }),
    held_by: worked('HELD BY', 'holder', 'key', 'text', 'text', { words: 'held by|attached as' }),
    orphan: computed(
      'ORPHANED',
      ['use'],
      {
        unit: 'yes_no',
        type: 'flag',
        formula: 'use',
        yes: 'orphaned|orphan|stray|leftover|forgotten|abandoned|left over|without an owner|without owner|that no guest uses|no longer used by any guest|not used by any guest',
      },
      (use: string) => use === 'orphaned' || use === 'left over',
    ),
  },
  identity: ['volid', 'nodes'],
  shown: ['volid', 'nodes', 'content', 'format', 'size', 'vmid', 'created'],
  named: 'name',
  scopes: { storage: 'storage', node: 'nodes', guest: 'guest' },
  quantities: [{ words: 'size|space|disk space|storage space', plain: 'size', total: 'size', used: 'size' }],
  grades: [
    { words: 'big|large|huge', column: 'size', dir: 'desc' },
    { words: 'small|tiny', column: 'size', dir: 'asc' },
    { words: 'old', column: 'created', dir: 'asc' },
    { words: 'new|recent', column: 'created', dir: 'desc' },
  ],
  phrases: [
    {
      say: 'unused|unattached|not attached|detached|not in use',
      where: oneOf('use', 'detached', 'left over', 'orphaned'),
      focus: ['size', 'vmid', 'use'],
    },
    { say: 'attached|in use', where: is('use', 'attached'), focus: ['size', 'vmid', 'held_by'] },
    { say: 'replicated|replica', where: is('use', 'replica'), focus: ['size', 'vmid', 'held_by'] },
    { say: 'linked clone|cloned', where: compare('parent', '!=', ''), focus: ['parent', 'size'] },
  ],
  time: 'created',
  order: [
    { column: 'storage', dir: 'asc' },
    { column: 'node', dir: 'asc' },
    { column: 'volid', dir: 'asc' },
  ],
  summary,
  findings: [
    {
      code: 'volume.orphaned',
      severity: 'info',
      when: 'focused',
      needs: ['use', 'volid', 'vmid', 'node'],
      check: (value) => {
        const use = value('use');
        if (use !== 'orphaned' && use !== 'left over') return undefined;
        const why =
          use === 'orphaned' ? `there is no guest ${String(value('vmid'))}` : 'its owner does not refer to it';
        return {
          text: `${String(value('volid'))} on ${String(value('node'))} takes space, but ${why}.`,
          next_step: 'Make sure that nothing needs it, then remove it.',
        };
      },
    },
  ],
});

/** The guest that a volume belongs to, as its row id; ISO images and the like belong to none. */
function ownerColumn(): ColumnDef {
  const read = (row: Draft): Cell => {
    const base = row.recs['base'];
    if (base === undefined || isUnknown(base)) return unknownCell('it was not listed');
    const vmid = recText(row, 'base', 'vmid');
    if (vmid === '') return unknownCell('it belongs to no guest');
    const type = typeOf(base.data);
    return type === undefined
      ? unknownCell('Proxmox does not tell what kind of guest owns it')
      : { value: `${type}/${vmid}`, at: `${pointer(base.at, 'content')}, ${pointer(base.at, 'vmid')}` };
  };
  return { label: 'GUEST', type: 'text', unit: 'text', from: ['base'], uses: [], words: 'guest', names: 'guest', read };
}

/** Containers' disks are `rootdir`, VMs' are `images`; archives say it as `subtype` or in their name. */
function typeOf(data: Readonly<Record<string, unknown>>): string | undefined {
  if (data['content'] === 'rootdir') return 'lxc';
  if (data['content'] === 'images') return 'qemu';
  if (data['subtype'] === 'qemu' || data['subtype'] === 'lxc') return data['subtype'];
  return /vzdump-(qemu|lxc)-/.exec(String(data['volid']))?.[1];
}

function summary(rows: readonly SummaryRow[]): string {
  const size = rows.reduce((total, row) => total + (Number(row('size')) || 0), 0);
  return `${countText(rows.length, 'volume')} · ${sizeText(size)}`;
}
