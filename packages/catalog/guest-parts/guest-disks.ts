import {
  all,
  dataset,
  given,
  is,
  isNot,
  not,
  oneOf,
  type SummaryRow,
  countText,
  sizeText,
  type Draft,
  type Reading,
} from '../kit/index.ts';
import { partsOfGuests } from './asked-guests.ts';
import { disksOf } from './disk-rows.ts';
import { byGuest, guestColumns, guestScopes } from './guest-columns.ts';

const isDrive = oneOf('kind', 'cdrom', 'cloud-init');

/** The virtual disks of guests: what their configurations attach, and what has been detached and not removed. */
export const guestDisks = dataset({
  id: 'guest-disks',
  title: 'Guest disks',
  counted: 'count',
  weight: 6,
  nouns: [
    {
      words:
        'guest disk|virtual disk|vm disk|virtual hard disk|attached disk|disk of a guest|disk of a vm|container disk|virtual drive',
      title: 'Guest disks',
    },
    {
      words: 'mount point|mountpoint|container mount',
      where: oneOf('kind', 'mount point', 'bind mount'),
      title: 'Mount points',
    },
    { words: 'bind mount', where: is('kind', 'bind mount'), title: 'Bind mounts' },
    {
      words: 'unused disk|detached disk|unused guest disk|unused vm disk|unused virtual disk|detached volume',
      where: is('kind', 'unused'),
      title: 'Unused disks',
    },
    {
      words: 'cd drive|cdrom|cd rom|dvd drive|optical drive|cdrom drive|virtual cd',
      where: is('kind', 'cdrom'),
      title: 'CD drives',
    },
    {
      words: 'cloud init drive|cloudinit drive|cloud init disk',
      where: is('kind', 'cloud-init'),
      title: 'Cloud-init drives',
    },
    ...['virtio', 'scsi', 'sata', 'ide'].map((bus) => ({
      words: `${bus} (disk|drive)`,
      where: is('bus', bus),
      title: `${bus} disks`,
    })),
    ...['raw', 'qcow2', 'vmdk'].map((format) => ({
      words: `${format} (disk|image|drive)`,
      where: is('format', format),
      title: `${format} disks`,
      weak: true,
    })),
    { words: 'efi disk', where: is('kind', 'efi'), title: 'EFI disks' },
    { words: 'tpm|tpm state|tpm disk', where: is('kind', 'tpm'), title: 'TPM states' },
    { words: 'disk|hard disk|drive|hard drive', title: 'Guest disks', weak: true },
  ],
  rows: (reading) =>
    partsOfGuests(reading, 'disks', (config, guest) => disksOf(config, guest).filter((row) => counts(reading, row))),
  columns: {
    ...guestColumns,
    key: given('DISK', 'key', 'text', 'text', { words: 'name|disk name|disk id|slot' }),
    kind: given('KIND', 'kind', 'text', 'text', { words: 'kind|type' }),
    bus: given('BUS', 'bus', 'text', 'text', {
      words: 'bus',
      values: { scsi: 'scsi', virtio: 'virtio|virtio block', sata: 'sata', ide: 'ide' },
    }),
    volume: given('VOLUME', 'volume', 'text', 'text', { words: 'volume|image|volume id|file' }),
    storage: given('STORAGE', 'storage', 'text', 'text', { words: 'storage|datastore', names: 'storage' }),
    size: given('SIZE', 'size', 'number', 'bytes', { words: 'size' }),
    format: given('FORMAT', 'format', 'text', 'text', {
      words: 'format',
      values: { qcow2: 'qcow2', raw: 'raw', vmdk: 'vmdk' },
    }),
    cache: given('CACHE', 'cache', 'text', 'text', {
      words: 'cache|cache mode',
      values: { writeback: 'writeback|write back', writethrough: 'writethrough|write through', unsafe: 'unsafe cache' },
    }),
    mountpoint: given('MOUNTED AT', 'mountpoint', 'text', 'text', { words: 'mount path|mounted at|path' }),
    ssd: given('SSD', 'ssd', 'flag', 'yes_no', {
      words: 'ssd emulation|ssd flag',
      yes: 'with ssd emulation|ssd emulation',
    }),
    discard: given('DISCARD', 'discard', 'flag', 'yes_no', {
      words: 'discard|trim',
      yes: 'with discard|with trim|discard enabled',
      no: 'without discard|without trim|with discard off',
    }),
    iothread: given('IO THREAD', 'iothread', 'flag', 'yes_no', {
      words: 'iothread|io thread',
      yes: 'with iothread|with io thread|with an io thread',
      no: 'without iothread|without io thread|without an io thread',
    }),
    readonly: given('READ ONLY', 'readonly', 'flag', 'yes_no', { yes: 'read only' }),
    replicate: given('REPLICATED', 'replicate', 'flag', 'yes_no', { no: 'left out of replication|not replicated' }),
    backup: given('IN BACKUPS', 'backup', 'flag', 'yes_no', {
      words: 'backup flag|backup',
      yes: 'in backups|included in backups|included in the backup|backed up',
      no: 'not in backups|excluded from backups|excluded from backup|excluded from the backup|left out of backups|not backed up|without backup',
    }),
    limited: given('I/O LIMIT', 'limited', 'flag', 'yes_no', {
      yes: 'with an io limit|with io limits|throttled|rate limited',
    }),
    config: given('SETTING', 'config', 'text', 'text', { words: 'setting|option' }),
  },
  identity: ['vmid', 'guest_name', 'key'],
  shown: ['vmid', 'guest_name', 'key', 'kind', 'storage', 'volume', 'size', 'backup'],
  named: 'key',
  scopes: { ...guestScopes, storage: 'storage' },
  unless: [{ mentions: ['cd', 'cdrom', 'dvd', 'optical', 'iso', 'cloudinit', 'cloud'], where: not(isDrive) }],
  quantities: [{ words: 'size|space|disk space|storage space|disk size', plain: 'size', total: 'size', used: 'size' }],
  grades: [
    { words: 'big|large|huge', column: 'size', dir: 'desc' },
    { words: 'small|tiny', column: 'size', dir: 'asc' },
  ],
  phrases: [
    { say: 'stored|kept', focus: ['storage'] },
    { say: 'unused|detached|unattached|not attached', where: is('kind', 'unused'), focus: ['kind', 'volume', 'size'] },
    { say: '(with|using)? write back cache', where: is('cache', 'writeback'), focus: ['cache'] },
    { say: '(with|using) (a)? cache', where: all(isNot('cache', 'none'), isNot('cache', '')), focus: ['cache'] },
  ],
  order: [...byGuest, { column: 'key', dir: 'asc' }],
  summary,
});

/**
 * Whether a part is a disk to those who do not look at kinds ("guests with more than one disk"): drives, EFI disks and
 * the like are not, though the latter stand on storages, too.
 */
function counts(reading: Reading, row: Draft): boolean {
  if (reading.wants('kind')) return true;
  const kind = String(row.given['kind']?.value);
  if (reading.wants('storage') || reading.wants('volume')) return !['cdrom', 'cloud-init', 'unused'].includes(kind);
  return ['disk', 'root disk', 'mount point', 'bind mount'].includes(kind);
}

function summary(rows: readonly SummaryRow[]): string {
  const size = rows.reduce((total, row) => total + (Number(row('size')) || 0), 0);
  return `${countText(rows.length, 'disk')} · ${sizeText(size)} allocated`;
}
