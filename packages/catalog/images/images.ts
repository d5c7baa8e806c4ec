import {
  all,
  bytes,
  dataset,
  extracted,
  given,
  is,
  oneOf,
  type SummaryRow,
  text,
  time,
  countText,
  sizeText,
} from '../kit/index.ts';
import { systemOf, systemWords } from './systems.ts';
import { volumeRows } from '../storage/volume-rows.ts';

const kinds = ['iso', 'vztmpl', 'import'];

/** What guests are installed from: ISO images, container templates, images to import. */
export const images = dataset({
  id: 'images',
  title: 'Images',
  counted: 'count',
  weight: 5,
  nouns: [
    {
      words:
        'iso|iso image|iso file|installation image|install image|installer|install iso|installation media|boot image|cd image|dvd image',
      where: is('content', 'iso'),
      title: 'ISO images',
    },
    {
      words:
        'container template|ct template|lxc template|container image|lxc image|os template|vztmpl|appliance template|template for containers|container os template|template for (lxc|ct|cts)|lxc templates',
      where: is('content', 'vztmpl'),
      title: 'Container templates',
    },
    {
      words: 'import image|ova|importable image|cloud image',
      where: is('content', 'import'),
      title: 'Images to import',
    },
    // "alpine templates" are for containers; VMs' templates do not tell what they run.
    ...Object.entries(systemWords).map(([system, words]) => ({
      words: `(${words}) (container|ct|lxc)? template`,
      where: all(is('content', 'vztmpl'), is('os', system)),
      title: 'Container templates',
    })),
    { words: 'image|template|install source|installation source', title: 'Images', weak: true },
  ],
  rows: (reading) => volumeRows(reading, kinds, 'images'),
  columns: {
    name: given('NAME', 'name', 'text', 'text', { words: 'name|file name|file' }),
    volid: text('VOLUME', 'volid', { words: 'volume id|volid|path' }),
    content: text('CONTENT', 'content', { words: 'type|kind|content' }),
    os: extracted(
      'SYSTEM',
      'text',
      'text',
      'base',
      (data) => ({ value: systemOf(String(data['volid'] ?? '')) ?? null, keys: ['volid'] }),
      { words: 'os|system|distribution|distro|operating system', values: systemWords },
    ),
    storage: given('STORAGE', 'storage', 'text', 'text', { words: 'storage|datastore', names: 'storage' }),
    storage_id: given('STORAGE ID', 'storage_id', 'text', 'text'),
    node: given('NODE', 'node', 'text', 'text'),
    nodes: given('NODES', 'nodes', 'list', 'text', { words: 'node|host', names: 'node' }),
    shared: given('SHARED', 'shared', 'flag', 'yes_no', { yes: 'on shared storage', no: 'on local storage' }),
    format: text('FORMAT', 'format', { words: 'format|compression' }),
    size: bytes('SIZE', 'size'),
    created: time('UPLOADED', 'ctime', { words: 'created|uploaded|date|upload date|downloaded|age' }),
  },
  identity: ['name', 'storage'],
  shown: ['name', 'storage', 'nodes', 'size', 'created'],
  named: 'name',
  scopes: { storage: 'storage', node: 'nodes' },
  quantities: [{ words: 'size|space|disk space', plain: 'size', total: 'size', used: 'size' }],
  grades: [
    { words: 'big|large|huge', column: 'size', dir: 'desc' },
    { words: 'small|tiny', column: 'size', dir: 'asc' },
    { words: 'old', column: 'created', dir: 'asc' },
    { words: 'new|recent|fresh', column: 'created', dir: 'desc' },
  ],
  phrases: [
    { say: 'zstd|zst', where: oneOf('format', 'tzst') },
    { say: '(can|could)? (i|we)? (boot|install) from|bootable|to (boot|install) from|installable' },
    { say: '(that are)? (available|on hand|downloaded|in stock|present)' },
  ],
  time: 'created',
  order: [
    { column: 'name', dir: 'asc' },
    { column: 'storage', dir: 'asc' },
    { column: 'node', dir: 'asc' },
  ],
  summary,
});

function summary(rows: readonly SummaryRow[]): string {
  const size = rows.reduce((total, row) => total + (Number(row('size')) || 0), 0);
  return `${countText(rows.length, 'image')} · ${sizeText(size)}`;
}
