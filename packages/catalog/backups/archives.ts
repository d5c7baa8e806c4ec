import { asObject, asText, asTime } from '@pxa/pve/values';
import { guestsIn } from '../guests/asked.ts';
import {
  bytes,
  type Cell,
  dataset,
  type Draft,
  extracted,
  flag,
  given,
  isUnknown,
  pointer,
  type Reading,
  type RowsReader,
  text,
  time,
  unknownCell,
} from '../kit/index.ts';
import { volumeRows } from '../storage/volume-rows.ts';

/** The archives on all storages that hold backups, each storage read once. */
const rows: RowsReader = async (reading) => {
  const found = await volumeRows(reading, ['backup'], 'backups');
  const resources = found.length > 0 ? await reading.list('/cluster/resources', {}) : undefined;
  const guests = new Map(resources?.ok ? guestsIn(resources.data).map((guest) => [guest.id, guest]) : []);
  return found.map((row) => {
    const owner = ownerOf(row);
    const guest = guests.get(String(owner.value));
    const name: Cell = guest
      ? { value: guest.name, at: pointer(guest.rec.at, 'name') }
      : unknownCell('its guest is no longer there');
    return {
      ...row,
      given: {
        ...withAge(row, reading).given,
        guest: owner,
        guest_name: name,
        orphan: {
          value: guest === undefined,
          at: `guest of the archive in the cluster: ${owner.at}, ${resources?.ok ? resources.at : owner.at}`,
        },
      },
    };
  });
};

/** The guest by the archive's own kind and number; a Proxmox Backup Server's `host` backups have none. */
function ownerOf(row: Draft): Cell {
  const rec = row.recs['base'];
  if (rec === undefined || isUnknown(rec)) return unknownCell('the archive was not read');
  const volid = asText(rec.data['volid']) ?? '';
  const subtype = asText(rec.data['subtype']);
  const named = /vzdump-(qemu|lxc)-(\d+)-/.exec(volid) ?? /backup\/(vm|ct)\/(\d+)\//.exec(volid);
  const kind = subtype ?? named?.[1];
  const vmid = asText(rec.data['vmid']) ?? named?.[2];
  const at = `${pointer(rec.at, subtype === null ? 'volid' : 'subtype')}, ${pointer(rec.at, 'vmid')}`;
  if (vmid === undefined || vmid === null) return { value: '', at };
  return { value: `${kind === 'lxc' || kind === 'ct' ? 'lxc' : 'qemu'}/${vmid}`, at };
}

function withAge(row: Draft, reading: Reading): Draft {
  const rec = row.recs['base'];
  const taken = rec === undefined || isUnknown(rec) ? null : asTime(rec.data['ctime']);
  if (taken === null || rec === undefined || isUnknown(rec)) return row;
  return {
    ...row,
    given: {
      ...row.given,
      age: { value: Math.max(0, reading.now - taken), at: `now − ctime: ${pointer(rec.at, 'ctime')}` },
    },
  };
}

/** Backup archives on the storages. */
export const backups = dataset({
  id: 'backups',
  title: 'Backups',
  counted: 'count',
  weight: 4,
  nouns: [
    {
      words:
        'backup|backup archive|archived backup|backup file|vzdump archive|backup copy|stored backup|existing backup|vzdump backup|dump',
      title: 'Backups',
    },
    { words: 'archive', title: 'Backups', weak: true },
  ],
  rows,
  columns: {
    volid: text('VOLUME', 'volid', { words: 'volume|volume id|volid' }),
    name: given('FILE', 'name', 'text', 'text', { words: 'file|file name|filename|name|archive' }),
    guest: given('GUEST ID', 'guest', 'text', 'text', { names: 'guest' }),
    vmid: { ...bytes('VMID', 'vmid', { words: 'vmid|guest id|vm id' }), unit: 'count' },
    guest_name: given('GUEST', 'guest_name', 'text', 'text', { words: 'guest|vm|guest name' }),
    kind: text('KIND', 'subtype', {
      words: 'kind|type',
      values: { qemu: 'of vms|of virtual machines', lxc: 'of containers|of cts' },
    }),
    taken: time('TAKEN', 'ctime', { words: 'date|time|taken|made|created|when|backup time|backup date|age' }),
    age: given('AGE', 'age', 'number', 'seconds', { words: 'age' }),
    size: bytes('SIZE', 'size', { words: 'size' }),
    storage: given('STORAGE', 'storage', 'text', 'text', { words: 'storage|location|where', names: 'storage' }),
    nodes: given('NODES', 'nodes', 'list', 'text', { words: 'node', names: 'node' }),
    format: text('FORMAT', 'format', { words: 'format' }),
    notes: text('NOTES', 'notes', { words: 'note|comment|description', absent: '' }),
    protected: flag('PROTECTED', 'protected', {
      absent: false,
      words: 'protection',
      yes: 'protected|protected from deletion|delete protected|protected against pruning',
      no: 'unprotected|not protected',
    }),
    verified: extracted(
      'VERIFIED',
      'text',
      'text',
      'base',
      (data) => ({ value: asText(asObject(data['verification'])?.['state']) ?? 'no', keys: ['verification'] }),
      {
        words: 'verification|verification state|verify state',
        values: {
          ok: 'verified|verified ok',
          failed: 'with failed verification|failed verification|corrupt|verification failed',
          no: 'not verified|unverified',
        },
      },
    ),
    encrypted: extracted(
      'ENCRYPTED',
      'flag',
      'yes_no',
      'base',
      (data) => ({ value: asText(data['encrypted']) !== null, keys: ['encrypted'] }),
      {
        words: 'encryption',
        yes: 'encrypted',
        no: 'unencrypted|not encrypted',
      },
    ),
    orphan: given('GUEST GONE', 'orphan', 'flag', 'yes_no', {
      yes: 'of guests that no longer exist|of deleted guests|without a guest|orphaned|orphan|of removed guests|of deleted vms',
    }),
  },
  identity: ['vmid', 'guest_name', 'taken'],
  shown: ['vmid', 'guest_name', 'taken', 'age', 'size', 'storage', 'notes', 'protected'],
  named: 'name',
  scopes: { guest: 'guest', storage: 'storage', node: 'nodes' },
  relations: { guests: { dataset: 'guests', ours: 'guest', theirs: 'id' } },
  time: 'taken',
  quantities: [
    { words: 'size|backup size|backup space|space|disk space', plain: 'size', used: 'size', total: 'size' },
    { words: 'age|aged', plain: 'age' },
  ],
  grades: [
    { words: 'big|large|huge', column: 'size', dir: 'desc' },
    { words: 'small|tiny', column: 'size', dir: 'asc' },
    { words: 'new|recent|last|late|fresh', column: 'taken', dir: 'desc' },
    { words: 'old', column: 'taken', dir: 'asc' },
  ],
  phrases: [
    { say: 'backed up|(been)? (made|taken|done|stored|kept)', where: { op: 'known', column: 'taken' } },
    { say: 'with (a)? (note|notes|comment)', where: { op: 'known', column: 'notes' }, focus: ['notes'] },
  ],
  order: [
    { column: 'taken', dir: 'desc' },
    { column: 'vmid', dir: 'asc' },
  ],
  summary: (all) => {
    const total = all.reduce((sum, row) => sum + (Number(row('size')) || 0), 0);
    const guests = new Set(all.map((row) => row('vmid'))).size;
    const size = all.some((row) => row('size') !== null) ? ` · ${(total / 1024 ** 3).toFixed(1)} GB` : '';
    return `${all.length} backup${all.length === 1 ? '' : 's'} of ${guests} guest${guests === 1 ? '' : 's'}${size}`;
  },
  findings: [
    {
      code: 'backup.verification_failed',
      severity: 'critical',
      when: 'focused',
      needs: ['verified', 'volid'],
      check: (value) =>
        value('verified') === 'failed'
          ? {
              text: `Backup ${String(value('volid'))} failed its verification: it cannot be trusted to restore.`,
              next_step: 'Make a new backup of the guest, and check the disks of the backup server.',
            }
          : undefined,
    },
  ],
});
