import { asList, asText } from '@pxa/pve/values';
import { baseText, type ColumnDef, type DetailReader, pointer, type Rec, worked } from '../kit/index.ts';

/** The storages that stand on a pool, from the one list of their definitions. */
export const storagesOf: DetailReader = async (reading, row) => {
  const got = await reading.list('/storage', {});
  if (!got.ok) return { unknown: got.why };
  const [pool, node] = [baseText(row, 'name'), String(row.given['node']?.value ?? '')];
  const on = got.data.filter((storage) => standsOn(storage, pool, node));
  const at = on.length > 0 ? on.map((storage) => pointer(storage.at, 'storage')).join(', ') : got.at;
  return { data: { storages: { value: on.map(({ data }) => asText(data['storage']) ?? ''), at } }, at };
};

/** By its pool or data set, or as a directory where the pool is mounted unless told otherwise (`/POOL`). */
function standsOn({ data }: Rec, pool: string, node: string): boolean {
  const nodes = asList(data['nodes']);
  if (nodes.length > 0 && !nodes.includes(node)) return false;
  const place = data['type'] === 'zfspool' ? asText(data['pool']) : asText(data['path'])?.replace(/^\//, '');
  return place === pool || place?.startsWith(`${pool}/`) === true;
}

/** A column of ZFS pools: a pool is also known by the storages on it. */
export const storagesColumn: ColumnDef = worked('STORAGES', 'storages', 'storages', 'list', 'text', {
  words: 'storage|datastore',
  names: 'storage',
});
