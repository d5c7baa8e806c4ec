import type { NodeStorage, Row, StoragePool, Volume } from '../state/model.ts';
import { volumeBytes } from '../load.ts';
import { InvalidWorld, type Part } from './check.ts';
import { loadSeries } from './load-guests.ts';

/** The space behind each storage: by its id where nodes share it, else by node and id. */
export type Pools = Map<string, StoragePool>;

const DERIVED = new Set(
  'storage type content active enabled shared total used avail used_fraction id node disk maxdisk status plugintype'.split(
    ' ',
  ),
);

/** The storages of one node, from its own list, else from /cluster/resources. */
export function loadStorages(source: {
  name: string;
  whole: Part;
  listed: ReadonlyMap<string, Part[]>;
  pools: Pools;
}): Map<string, NodeStorage> {
  const storages = new Map<string, NodeStorage>();
  const own = source.whole.at('storage');
  const rows = own.absent ? (source.listed.get(source.name) ?? []) : own.list();
  for (const row of rows) {
    const id = row.at('storage').text();
    if (id === undefined) throw new InvalidWorld(`${row.path}.storage`, 'the id of the storage');
    storages.set(id, loadStorage(id, row, source));
  }
  return storages;
}

function loadStorage(id: string, row: Part, source: { name: string; whole: Part; pools: Pools }): NodeStorage {
  const rrd = storageSeries(source.whole.at('storage_rrd').at(id));
  const active = row.at('active').flag() ?? (row.at('status').text() === 'unknown' ? 0 : 1);
  const rest = Object.entries(row.row()).filter(([field]) => !DERIVED.has(field));
  return {
    active,
    enabled: row.at('enabled').flag() ?? 1,
    pool: joinPool(id, row, rrd, source),
    extra: rest.length === 0 ? undefined : Object.fromEntries(rest),
    rrd,
  };
}

/** The space behind a storage; for a shared one what this node's reads add to what the other nodes' told. */
function joinPool(
  id: string,
  row: Part,
  rrd: Record<string, Row[]> | undefined,
  { name, whole, pools }: { name: string; whole: Part; pools: Pools },
): StoragePool {
  const key = row.at('shared').flag() === 1 ? id : `${name}/${id}`;
  const pool = pools.get(key) ?? { total: 0, base: 0, growthPerDay: 0, volumes: [] };
  const told = row.at('used').number() ?? row.at('disk').number() ?? 0;
  const used = pool.total > 0 ? pool.base + volumeBytes(pool) : told;
  const known = new Set(pool.volumes.map(({ volid }) => volid));
  const volumes = whole.at('content').at(id).list().map(volume);
  pool.volumes = [...pool.volumes, ...volumes.filter(({ volid }) => !known.has(volid))];
  if (pool.total === 0) pool.total = row.at('total').number() ?? row.at('maxdisk').number() ?? 0;
  pool.base = used - volumeBytes(pool);
  if (pool.growthPerDay === 0) pool.growthPerDay = growth(rrd);
  pools.set(key, pool);
  return pool;
}

/** The storages that /cluster/resources lists, by node. */
export function listedStorages(resources: Part): Map<string, Part[]> {
  const rows = resources.list().filter((row) => row.at('type').text() === 'storage');
  return Map.groupBy(rows, (row) => row.at('node').text() ?? '');
}

function volume(part: Part): Volume {
  const volid = part.at('volid').text();
  if (volid === undefined) throw new InvalidWorld(`${part.path}.volid`, 'the id of the volume');
  const { vmid, used, ...row } = part.row();
  const owner = part.at('vmid').number();
  return {
    ...row,
    volid,
    content: part.at('content').text() ?? '',
    format: part.at('format').text() ?? 'raw',
    size: part.at('size').number() ?? 0,
    ...(vmid === undefined || owner === undefined ? {} : { vmid: owner }),
    ...(used === undefined || used === null ? {} : { used: part.at('used').number() ?? 0 }),
  };
}

/** A bare list holds the last week; otherwise series by timeframe. */
function storageSeries(part: Part): Record<string, Row[]> | undefined {
  return Array.isArray(part.value) ? { week: part.rows() } : loadSeries(part);
}

/** Bytes a day over the longest series that was read. */
function growth(rrd: Record<string, Row[]> | undefined): number {
  const longest = ['year', 'month', 'week', 'day'].map((key) => rrd?.[key]).find((rows) => rows && rows.length > 1);
  const filled = longest?.filter((row) => typeof row['used'] === 'number' && typeof row['time'] === 'number') ?? [];
  const [first, last] = [filled[0], filled[filled.length - 1]];
  if (!first || !last || first === last) return 0;
  const days = (Number(last['time']) - Number(first['time'])) / 86400;
  return days <= 0 ? 0 : (Number(last['used']) - Number(first['used'])) / days;
}
