import { dataset, given, pointer, type RowsReader } from '../kit/index.ts';
import { askedPlaces } from '../storage/places.ts';
import { timeColumn, usage } from './columns.ts';
import { sampleRows, seriesFor } from './samples.ts';

/** How full the storages that the question is about have been: one call a storage, shared ones once. */
const rows: RowsReader = async (reading) => {
  const series = seriesFor(reading);
  const lists = await reading.each(await askedPlaces(reading), async ({ id, storage, node, nodes, rec, recs }) => {
    const got = await reading.list('/nodes/{node}/storage/{storage}/rrddata', { node, storage, ...series });
    return sampleRows(reading, id, `${storage} on ${node}`, got, {
      storage: { value: storage, at: pointer(rec.at, 'storage') },
      storage_id: { value: id, at: pointer(rec.at, 'id') },
      node: { value: node, at: pointer(rec.at, 'node') },
      nodes: { value: [...nodes], at: recs.map(({ at }) => pointer(at, 'node')).join(', ') },
    });
  });
  return lists.flat();
};

/** How full storages have been over time: one row a sample. */
export const storageHistory = dataset({
  id: 'storage-history',
  title: 'Storage history',
  counted: 'count',
  nouns: [
    { words: 'storage history|storage usage history|storage trend|storage usage over time', title: 'Storage history' },
    {
      words: 'history|trend|graph|chart|curve|course|usage history|usage over time|development',
      title: 'Storage history',
      weak: true,
    },
  ],
  rows,
  columns: {
    time: timeColumn,
    storage: given('STORAGE', 'storage', 'text', 'text', { names: 'storage', words: 'storage' }),
    storage_id: given('STORAGE ID', 'storage_id', 'text', 'text'),
    node: given('NODE', 'node', 'text', 'text'),
    nodes: given('NODES', 'nodes', 'list', 'text', { names: 'node' }),
    ...usage('USED', { used: 'used', total: 'total' }, { used: 'used', total: 'total' }),
  },
  identity: ['storage', 'node', 'time'],
  shown: ['storage', 'node', 'time', 'used', 'total'],
  scopes: { storage: 'storage', node: 'nodes' },
  time: 'time',
  quantities: [
    {
      words: 'usage|space|disk space|storage|storage space|storage usage|used space',
      plain: 'used',
      used: 'used',
      total: 'total',
      share: 'used_share',
    },
  ],
  order: [
    { column: 'storage', dir: 'asc' },
    { column: 'node', dir: 'asc' },
    { column: 'time', dir: 'asc' },
  ],
});
