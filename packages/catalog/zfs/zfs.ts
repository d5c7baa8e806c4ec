import {
  all,
  any,
  baseText,
  compare,
  dataset,
  detail,
  is,
  isNot,
  known,
  not,
  oneOf,
  perNode,
  type SummaryRow,
  countText,
} from '../kit/index.ts';
import { detailColumns, listColumns } from './columns.ts';
import { findings } from './findings.ts';
import { storagesColumn, storagesOf } from './storages.ts';

const nodeOf = (row: { given: Record<string, { value: unknown }> }): string => String(row.given['node']?.value ?? '');

/** The ZFS pools of the nodes. */
export const zfs = dataset({
  id: 'zfs',
  title: 'ZFS Pool Status',
  counted: 'count',
  weight: 4,
  nouns: [
    { words: 'zfs pool|zpool|zfs|zfs storage pool', title: 'ZFS pools' },
    { words: 'pool', title: 'ZFS pools', weak: true },
    {
      words: 'zfs error|zfs problem|zpool error|zfs issue|zpool problem|zfs failure',
      where: any(isNot('state', 'ONLINE'), known('bad_vdevs'), isNot('errors', 'No known data errors')),
      title: 'ZFS pools in trouble',
    },
    { words: 'zfs health|zfs status|zpool status|zfs state|zpool health', title: 'ZFS Pool Status' },
  ],
  rows: perNode(
    '/nodes/{node}/disks/zfs',
    (node) => ({ node }),
    'ZFS pools',
    ({ data }, node) => `zfs/${node}/${String(data['name'])}`,
  ),
  details: {
    detail: detail('/nodes/{node}/disks/zfs/{name}', (row) => ({ node: nodeOf(row), name: baseText(row, 'name') })),
    storages: storagesOf,
    time: detail('/nodes/{node}/time', (row) => ({ node: nodeOf(row) })),
  },
  columns: { ...listColumns, ...detailColumns, storages: storagesColumn },
  identity: ['node', 'name'],
  shown: ['node', 'name', 'state', 'size', 'alloc', 'frag', 'last_scrub', 'scrub'],
  named: 'name',
  // What Proxmox's installer calls the pool of the root file system.
  form: { column: 'name', pattern: /^rpool$/i },
  scopes: { node: 'node', storage: 'storages' },
  quantities: [
    { words: 'size', plain: 'size', total: 'size' },
    {
      words: 'space|usage|use|capacity|storage|disk space|storage space|utilization',
      plain: 'alloc',
      used: 'alloc',
      total: 'size',
      share: 'share',
      free: 'free',
    },
    // The first that is a share by itself: "less than 30% free", with no word for what.
    { words: 'fill level|fill', plain: 'share', used: 'share', share: 'share' },
    { words: 'fragmentation|frag', plain: 'frag', share: 'frag' },
    { words: 'read error', plain: 'read_errors' },
    { words: 'write error', plain: 'write_errors' },
    { words: 'checksum error|cksum error', plain: 'cksum_errors' },
    { words: 'dedup ratio|dedup|deduplication', plain: 'dedup' },
  ],
  grades: [
    { words: 'close to full|close to being full', column: 'share', dir: 'desc' },
    { words: 'full', column: 'share', dir: 'desc', where: compare('share', '>=', 0.9) },
    { words: 'empty', column: 'share', dir: 'asc' },
    { words: 'big|large', column: 'size', dir: 'desc' },
    { words: 'small', column: 'size', dir: 'asc' },
    { words: 'fragmented', column: 'frag', dir: 'desc', where: compare('frag', '>=', 0.3) },
  ],
  phrases: [
    // Only ZFS pools have these, so that they say what an unknown name is the name of: "fragmentation of rpool".
    { say: 'fragmentation|frag', focus: ['frag'] },
    { say: '(last|latest|date of the last|time of the last)? scrub', focus: ['last_scrub'] },
    {
      say: 'unhealthy|broken|faulty|defective|sick|bad|not healthy|not online|not ok|in trouble|with problems|with a problem|having problems|failing|failed',
      where: isNot('state', 'ONLINE'),
    },
    {
      say: '(with|having|showing|that have)? (any)? (vdev|device|disk|io|i/o)? errors',
      where: any(known('bad_vdevs'), isNot('errors', 'No known data errors')),
      not: all(not(known('bad_vdevs')), is('errors', 'No known data errors')),
      focus: ['state', 'bad_vdevs', 'read_errors', 'write_errors', 'cksum_errors', 'errors'],
    },
    {
      say: '(with|having)? (high|bad|heavy) fragmentation|(highly|badly|heavily) fragmented',
      where: compare('frag', '>=', 0.3),
      focus: ['frag'],
    },
    {
      say: '(with|having|showing|that have) read errors',
      where: compare('read_errors', '>', 0),
      focus: ['bad_vdevs', 'read_errors'],
    },
    {
      say: '(with|having|showing|that have) write errors',
      where: compare('write_errors', '>', 0),
      focus: ['bad_vdevs', 'write_errors'],
    },
    {
      say: '(with|having|showing|that have) (checksum|cksum) errors',
      where: compare('cksum_errors', '>', 0),
      focus: ['bad_vdevs', 'cksum_errors'],
    },
    {
      say: '(with|having) (known)? data errors',
      where: isNot('errors', 'No known data errors'),
      focus: ['errors'],
    },
    { say: 'never scrubbed|without a scrub', where: is('scrub', 'never'), focus: ['scrub'] },
    {
      say: 'whose last scrub (failed|found errors)|with scrub errors|failed scrub',
      where: is('scrub', 'errors'),
      focus: ['last_scrub', 'scrub'],
    },
    { say: 'scrubbed', where: not(is('scrub', 'never')), focus: ['last_scrub', 'scrub'] },
    {
      say: '(did|has|have|get|got|been)? (finish|finished|end|ended|complete|completed)',
      focus: ['last_scrub', 'scrub'],
    },
    { say: 'damaged', where: oneOf('state', 'DEGRADED', 'FAULTED', 'SUSPENDED', 'UNAVAIL') },
  ],
  time: 'last_scrub',
  order: [
    { column: 'node', dir: 'asc' },
    { column: 'name', dir: 'asc' },
  ],
  summary,
  findings,
});

function summary(rows: readonly SummaryRow[]): string {
  const healthy = rows.filter((row) => row('state') === 'ONLINE').length;
  const pools = countText(rows.length, 'pool');
  return healthy === rows.length ? `${pools} · all ONLINE` : `${pools} · ${rows.length - healthy} not ONLINE`;
}
