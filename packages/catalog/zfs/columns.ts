import { asText } from '@pxa/pve/values';
import {
  bytes,
  type Cell,
  type ColumnDef,
  type ColumnWords,
  computed,
  count,
  type Draft,
  extracted,
  given,
  isUnknown,
  pointer,
  type Rec,
  text,
  unknownCell,
} from '../kit/index.ts';
import { parseScan, type Scan } from './scan.ts';
import { isBad, type Vdev, vdevsOf } from './vdevs.ts';

const stateWords = {
  ONLINE: 'online|healthy|ok|fine|good',
  DEGRADED: 'degraded',
  FAULTED: 'faulted',
  SUSPENDED: 'suspended',
  UNAVAIL: 'unavailable|unavail',
};

/** What one call a node lists. */
export const listColumns: Record<string, ColumnDef> = {
  node: given('NODE', 'node', 'text', 'text', { words: 'node|host', names: 'node' }),
  name: text('POOL', 'name', { words: 'name|pool name' }),
  state: text('STATE', 'health', { words: 'state|health|status|condition', values: stateWords }),
  size: bytes('SIZE', 'size'),
  alloc: bytes('ALLOC', 'alloc', { words: 'allocated' }),
  free: bytes('FREE', 'free'),
  share: computed(
    'USED %',
    ['alloc', 'size'],
    { unit: 'fraction', formula: 'alloc / size' },
    (used: number, size: number) => (size > 0 ? used / size : null),
  ),
  frag: extracted(
    'FRAG',
    'number',
    'fraction',
    'base',
    // A pool that cannot be imported, or is too new, has none ("-").
    ({ frag }) => ({ value: Number.isFinite(Number(frag)) ? Number(frag) / 100 : null, keys: ['frag'] }),
    { words: 'fragmentation|frag' },
  ),
  dedup: count('DEDUP', 'dedup', { words: 'dedup|dedup ratio|deduplication|deduplication ratio' }),
};

/** What one further call a pool tells. */
export const detailColumns: Record<string, ColumnDef> = {
  last_scrub: fromScan('LAST SCRUB', 'time', scrubTime, {
    words:
      'last scrub|scrub|latest scrub|scrub time|scrub date|scrubbed|(date|time) of (the)? (last|latest)? scrub|last scrubbed|scrubbed last|last (get|got) scrubbed',
  }),
  scrub: fromScan('SCRUB', 'text', (scan) => scrubResult(scan), {
    words: 'scrub result|scrub state|scrub status|result of the last scrub|last scrub result',
    values: {
      clean: 'clean scrub',
      errors: 'with scrub errors',
      running: 'being scrubbed|scrubbing',
      resilvering: 'resilvering|being resilvered',
      'resilvered since': 'resilvered',
      never: 'never scrubbed',
    },
  }),
  scan: text('SCAN', 'scan', { from: 'detail', words: 'scan|resilver', absent: 'none requested' }),
  errors: text('ERRORS', 'errors', { from: 'detail', words: 'data error|known data error' }),
  status: text('STATUS TEXT', 'status', { from: 'detail', absent: '' }),
  action: text('ACTION', 'action', { from: 'detail', words: 'action|recommended action', absent: '' }),
  read_errors: fromVdevs('READ ERRORS', 'read', { words: 'read error' }),
  write_errors: fromVdevs('WRITE ERRORS', 'write', { words: 'write error' }),
  cksum_errors: fromVdevs('CKSUM ERRORS', 'cksum', { words: 'checksum error|cksum error' }),
  bad_vdevs: {
    label: 'BAD VDEVS',
    type: 'list',
    unit: 'text',
    from: ['detail'],
    uses: [],
    words: 'bad vdev|failed vdev|faulted vdev|failed device|bad device|faulty device',
    read: (row) =>
      ofDetail(row, (rec) => {
        const bad = badLeaves(rec);
        const places =
          bad.length === 0 ? [pointer(rec.at, 'children')] : bad.map(({ path }) => pointer(rec.at, ...path));
        return { value: bad.map(({ name }) => name), at: places.join(', ') };
      }),
  },
  vdevs: {
    label: 'VDEVS',
    type: 'list',
    unit: 'text',
    from: ['detail'],
    uses: [],
    words: 'vdev|device|member|layout',
    read: (row) =>
      ofDetail(row, (rec) => ({ value: leaves(rec).map(({ name }) => name), at: pointer(rec.at, 'children') })),
  },
};

/** The devices of a row's pool that are not as they should be; none where the pool could not be looked into. */
export function badVdevs(row: Draft): Vdev[] {
  const rec = row.recs['detail'];
  return rec === undefined || isUnknown(rec) ? [] : badLeaves(rec);
}

function leaves(rec: Rec): Vdev[] {
  return vdevsOf(rec.data).filter(({ leaf }) => leaf);
}

function badLeaves(rec: Rec): Vdev[] {
  return leaves(rec).filter(isBad);
}

function ofDetail(row: Draft, make: (rec: Rec) => Cell): Cell {
  const rec = row.recs['detail'];
  if (rec === undefined) return unknownCell('the pool’s detail was not read');
  return isUnknown(rec) ? unknownCell(rec.unknown) : make(rec);
}

function fromVdevs(label: string, key: 'read' | 'write' | 'cksum', words: ColumnWords): ColumnDef {
  const read = (row: Draft): Cell =>
    ofDetail(row, (rec) => {
      const counts = leaves(rec).map((vdev) => vdev[key]);
      if (counts.includes(undefined)) return unknownCell('Proxmox drops the unit of counters from 1000 on');
      const places = leaves(rec).map(({ path }) => pointer(rec.at, ...path, key));
      return { value: counts.reduce<number>((sum, each) => sum + (each ?? 0), 0), at: `sum: ${places.join(', ')}` };
    });
  return { label, type: 'number', unit: 'count', from: ['detail'], uses: [], read, ...words };
}

function fromScan(
  label: string,
  unit: 'time' | 'text',
  make: (scan: Scan) => number | string | { unknown: string },
  words: ColumnWords,
): ColumnDef {
  const read = (row: Draft): Cell =>
    ofDetail(row, (rec) => {
      const zone = row.recs['time'];
      const [timeZone, zoneAt] =
        zone === undefined || isUnknown(zone) ? ['UTC', ''] : [asText(zone.data['timezone']) ?? 'UTC', zone.at];
      const made = make(parseScan(asText(rec.data['scan']) ?? '', timeZone));
      if (typeof made === 'object') return unknownCell(made.unknown);
      const at = pointer(rec.at, 'scan');
      return { value: made, at: unit === 'time' && zoneAt ? `${at}, ${pointer(zoneAt, 'timezone')}` : at };
    });
  const from = unit === 'time' ? ['detail', 'time'] : ['detail'];
  return { label, type: unit === 'time' ? 'number' : 'text', unit, from, uses: [], read, ...words };
}

function scrubTime(scan: Scan): number | { unknown: string } {
  if (scan.kind === 'resilver')
    return { unknown: 'the pool was resilvered since, and no longer tells of its last scrub' };
  if (scan.state === 'never') return { unknown: 'it has never been scrubbed' };
  if (scan.state === 'running') return { unknown: 'a scrub is running now' };
  return scan.at ?? { unknown: 'the scan text does not tell when it was scrubbed' };
}

function scrubResult(scan: Scan): string {
  if (scan.kind === 'resilver') return scan.state === 'running' ? 'resilvering' : 'resilvered since';
  if (scan.state === 'finished') return scan.errors === 0 ? 'clean' : 'errors';
  return scan.state;
}
