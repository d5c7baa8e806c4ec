import {
  all,
  bytes,
  type ColumnDef,
  compare,
  computed,
  contains,
  dataset,
  detail,
  flag,
  given,
  is,
  list,
  type RowsReader,
  type SummaryRow,
  text,
  baseText,
  countText,
  percentText,
  sizeText,
} from '../kit/index.ts';
import { findings } from './findings.ts';
import { growthColumns, historyOf } from './growth-columns.ts';
import { askedPlaces, placeRow } from './places.ts';

const rows: RowsReader = async (reading) => (await askedPlaces(reading)).map(placeRow);

const gone = (data: Readonly<Record<string, unknown>>): string | undefined =>
  data['status'] === 'available' ? undefined : `${String(data['storage'])} does not answer on ${String(data['node'])}`;

const holds = (content: string) => is('content', content);

/** The cluster's storages; one that nodes share is one row. */
export const storage = dataset({
  id: 'storage',
  title: 'Storages',
  counted: 'count',
  entity: 'storage',
  weight: 12,
  nouns: [
    { words: 'storage|storage pool|datastore|data store|storage backend|storage target', title: 'Storages' },
    { words: 'backup storage|backup target', where: holds('backup'), title: 'Storages for backups' },
    { words: 'iso storage|image storage', where: holds('iso'), title: 'Storages for ISO images' },
    { words: 'nfs share|nfs storage|nfs mount', where: is('type', 'nfs'), title: 'NFS storages' },
    { words: 'smb share|cifs share|windows share', where: is('type', 'cifs'), title: 'SMB storages' },
    { words: 'shared storage|network storage|network share', where: is('shared', true), title: 'Shared storages' },
    { words: 'volume store|disk space|storage space|space', title: 'Storages', weak: true },
  ],
  rows,
  details: {
    history: historyOf,
    config: detail('/storage/{storage}', (row) => ({ storage: baseText(row, 'storage') })),
  },
  columns: {
    storage: text('STORAGE', 'storage', { words: 'name|storage name|storage id', names: 'storage' }),
    node: given('NODE', 'node', 'text', 'text'),
    nodes: given('NODES', 'nodes', 'list', 'text', { words: 'node|host', names: 'node' }),
    type: text('TYPE', 'plugintype', {
      words: 'type|kind|storage type|backend|plugin type|plugin',
      values: {
        dir: 'directory|dir|folder',
        zfspool: 'zfs|zfspool|zfs pool',
        nfs: 'nfs',
        cifs: 'cifs|smb|samba',
        lvm: 'lvm',
        lvmthin: 'lvm thin|lvmthin|thin lvm|thin pool',
        btrfs: 'btrfs',
        rbd: 'ceph|rbd|ceph rbd',
        cephfs: 'cephfs',
        pbs: 'pbs|proxmox backup server',
        iscsi: 'iscsi',
      },
    }),
    content: list('CONTENT', 'content', {
      words: 'content|content type|allowed content|hold|holds|can hold|can be stored|allowed',
      absent: [],
    }),
    shared: flag('SHARED', 'shared', {
      words: 'shared',
      absent: false,
      yes: 'shared|shared between nodes|shared by all nodes|available on all nodes',
      no: 'not shared|unshared|node local',
    }),
    status: givenFirst(
      'status',
      text('STATUS', 'status', {
        words: 'status|state|availability',
        values: {
          available: 'available|online|active|reachable|up|mounted|working',
          unknown: 'unknown|unavailable|offline|inactive|unreachable|down|broken',
        },
      }),
    ),
    disk: bytes('USED', 'disk', { why: gone }),
    maxdisk: bytes('SIZE', 'maxdisk', { why: gone }),
    free: computed('FREE', ['maxdisk', 'disk'], { unit: 'bytes', formula: 'maxdisk − disk' }, free),
    share: computed('USED %', ['disk', 'maxdisk'], { unit: 'fraction', formula: 'disk / maxdisk' }, share),
    path: text('PATH', 'path', { from: 'config', words: 'path|mount point|directory path' }),
    server: text('SERVER', 'server', {
      from: 'config',
      words: 'server|server of|nfs server|nfs server of|server address|address|host name',
    }),
    export: text('EXPORT', 'export', { from: 'config', words: 'export|nfs export|share name' }),
    zpool: text('POOL', 'pool', { from: 'config', words: 'zfs pool|ceph pool|backing pool' }),
    prune: text('RETENTION', 'prune-backups', {
      from: 'config',
      words: 'retention|prune setting|backup retention|prune backups|keep setting',
    }),
    ...growthColumns,
  },
  identity: ['storage', 'nodes'],
  shown: ['storage', 'nodes', 'type', 'content', 'shared', 'status', 'disk', 'maxdisk', 'free', 'share'],
  named: 'storage',
  scopes: { storage: 'storage', node: 'nodes' },
  quantities: [
    { words: 'size|total capacity', plain: 'maxdisk', total: 'maxdisk' },
    {
      words:
        'space|disk space|storage space|usage|use|utilization|utilisation|capacity|storage capacity|storage usage|room',
      plain: 'disk',
      used: 'disk',
      total: 'maxdisk',
      share: 'share',
      free: 'free',
    },
    { words: 'growth|growth rate|daily growth|grow', plain: 'growth' },
    // The only one that is a share by itself: "less than 20% used", "20% free", with no word for what.
    { words: 'fill level|fill|fullness', plain: 'share', used: 'share', share: 'share' },
  ],
  grades: [
    {
      words: 'close to full|close to being full|near to full|near to being full|close to running out of space',
      column: 'share',
      dir: 'desc',
    },
    { words: 'full', column: 'share', dir: 'desc', where: compare('share', '>=', 0.9) },
    { words: 'empty', column: 'share', dir: 'asc' },
    { words: 'big|large|huge', column: 'maxdisk', dir: 'desc' },
    { words: 'small|tiny', column: 'maxdisk', dir: 'asc' },
    { words: 'roomy|free', column: 'free', dir: 'desc' },
    { words: 'fast growing|quickly growing|fast|quick', column: 'growth', dir: 'desc' },
  ],
  phrases: [
    holding('backup', '(backup|backups|vzdump)'),
    holding('iso', '(iso|isos|iso image|iso images)'),
    holding('images', '(disk image|disk images|vm disk|vm disks|virtual disk|virtual disks)'),
    holding(
      'rootdir',
      '(container|containers|container disk|container disks|container root disk|container root disks|root disks of containers|ct volume|ct volumes|rootdir)',
    ),
    holding('vztmpl', '(container template|container templates|ct template|ct templates|lxc template|lxc templates)'),
    holding('snippets', '(snippet|snippets)'),
    {
      say: 'almost full|nearly full|running out of space|low on space|running low',
      where: compare('share', '>=', 0.85),
    },
    {
      say: '(are|is|still|that|which)? growing|(that|which) grow',
      where: compare('growth', '>', 0),
      focus: ['growth', 'full_at'],
    },
    { say: 'local zfs', where: all(is('type', 'zfspool'), is('shared', false)) },
    { say: 'on zfs|zfs based', where: contains('type', 'zfs') },
  ],
  due: {
    column: 'full_at',
    verbs: 'fill|fill up|filling up|running full|run full|run out|run out of space|be full|become full|get full',
  },
  relations: {
    volumes: { dataset: 'volumes', ours: 'id', theirs: 'storage_id' },
    images: { dataset: 'images', ours: 'id', theirs: 'storage_id' },
  },
  order: [
    { column: 'storage', dir: 'asc' },
    { column: 'node', dir: 'asc' },
  ],
  summary,
  findings,
});

/** A column that the list's reader may know better than the record: the storage of a node that is gone. */
function givenFirst(key: string, column: ColumnDef): ColumnDef {
  return { ...column, read: (row, cell) => row.given[key] ?? column.read(row, cell) };
}

function holding(content: string, what: string): { say: string; where: ReturnType<typeof is>; focus: string[] } {
  const verbs =
    '(can|may|could)? (hold|holds|holding|store|stores|storing|take|takes|accept|accepts|allow|allows|keep|contain)';
  return {
    say: `${verbs} ${what}|for ${what}|usable for ${what}|(can|could|may|should) (i|we|one|you)? (put|store|upload|place|save|keep) ${what}`,
    where: holds(content),
    focus: ['content'],
  };
}

function free(total: number, used: number): number {
  return total - used;
}

function share(used: number, total: number): number | null {
  return total > 0 ? used / total : null;
}

function summary(found: readonly SummaryRow[]): string {
  const sum = (column: string): number => found.reduce((total, row) => total + (Number(row(column)) || 0), 0);
  const [used, total] = [sum('disk'), sum('maxdisk')];
  const count = countText(found.length, 'storage');
  return total > 0 ? `${count} · ${sizeText(used)} of ${sizeText(total)} in use (${percentText(used / total)})` : count;
}
