import {
  all,
  any,
  baseText,
  contains,
  type Phrase,
  compare,
  dataset,
  detail,
  is,
  oneOf,
  perNode,
  type SummaryRow,
  countText,
} from '../kit/index.ts';
import { columns } from './columns.ts';
import { findings } from './findings.ts';

/** The makers of most disks, by name; Proxmox tells the vendor of few, but models carry it. */
const brands: readonly Phrase[] = [
  'samsung',
  'intel',
  'micron',
  'crucial',
  'kingston',
  'seagate',
  'toshiba',
  'kioxia',
  'western digital',
  'sandisk',
  'hitachi',
  'solidigm',
].map((brand) => ({
  say: brand,
  where: any(contains('model', brand), contains('vendor', brand)),
  focus: ['model', 'health'],
}));

const unused = all(is('used', ''), is('osd', ''));

/** The physical disks of the nodes. */
export const disks = dataset({
  id: 'disks',
  title: 'Disks',
  counted: 'count',
  weight: 12,
  nouns: [
    {
      words:
        'physical disk|hard disk|hard drive|physical drive|drive|block device|smart disk|node disk|host disk|physical hard disk',
      title: 'Disks',
    },
    {
      words: 'unused disk|free disk|empty disk|spare disk|unused drive|free drive|empty drive|spare drive|blank disk',
      where: unused,
      title: 'Unused disks',
    },
    { words: 'ssd|solid state disk|solid state drive', where: oneOf('type', 'ssd', 'nvme'), title: 'SSDs' },
    { words: 'nvme|nvme disk|nvme drive', where: is('type', 'nvme'), title: 'NVMe disks' },
    { words: 'hdd|spinning disk|rotating disk|spinning drive', where: is('type', 'hdd'), title: 'HDDs' },
    {
      words: 'disk failure|drive failure|failed disk|failing disk|disk error|faulty disk|bad disk|dead disk',
      where: is('failing', true),
      title: 'Failing disks',
    },
    { words: 'disk|smart|smart status|smart health', title: 'Disks', weak: true },
  ],
  rows: perNode(
    '/nodes/{node}/disks/list',
    (node) => ({ node }),
    'disks',
    ({ data }, node) => `disk/${node}/${String(data['devpath'])}`,
  ),
  details: {
    smart: detail('/nodes/{node}/disks/smart', (row) => ({
      node: String(row.given['node']?.value ?? ''),
      disk: baseText(row, 'devpath'),
    })),
  },
  columns,
  identity: ['node', 'devpath'],
  shown: ['node', 'devpath', 'type', 'model', 'serial', 'size', 'used', 'health', 'life_left'],
  named: 'devpath',
  form: { column: 'devpath', pattern: /^\/dev\/\S+$/ },
  scopes: { node: 'node' },
  quantities: [
    { words: 'size|capacity|space', plain: 'size', total: 'size' },
    { words: 'wearout|wear|wear level', plain: 'worn', share: 'worn', used: 'worn' },
    { words: 'life|lifetime|endurance', plain: 'life_left', share: 'life_left', free: 'life_left' },
    { words: 'temperature', plain: 'temperature' },
    { words: 'power on hour|running hour', plain: 'power_on_hours' },
    { words: 'reallocated sector', plain: 'reallocated' },
    { words: 'pending sector', plain: 'pending' },
  ],
  grades: [
    {
      words:
        'close to end of life|close to its end of life|close to the end of its life|near to its end of life|close to failing',
      column: 'life_left',
      dir: 'asc',
    },
    { words: 'worn|worn out|used up', column: 'worn', dir: 'desc', where: compare('worn', '>=', 0.5) },
    { words: 'healthy', column: 'life_left', dir: 'desc', where: is('failing', false) },
    { words: 'big|large|huge', column: 'size', dir: 'desc' },
    { words: 'small|tiny', column: 'size', dir: 'asc' },
    { words: 'hot|warm', column: 'temperature', dir: 'desc' },
    { words: 'cool|cold', column: 'temperature', dir: 'asc' },
    { words: 'old', column: 'power_on_hours', dir: 'desc' },
    { words: 'new|young', column: 'power_on_hours', dir: 'asc' },
  ],
  phrases: [
    ...brands,
    {
      say: '(with|having|that have|reporting|showing)? (a)? (smart|health) (failure|failures|error|errors|problem|problems|warning|warnings)|failing|failed|failing smart|that failed smart|failed smart|bad|broken|dying|unhealthy|faulty|in bad health|(about|going|likely) to (fail|die|break)|not healthy|not passed|(with|having) (a)? (problem|problems|issue|issues)|in trouble',
      where: is('failing', true),
      focus: ['health', 'life_left', 'model', 'serial'],
    },
    {
      say: '(should|must|need to|needs to|have to|has to|to) be (replaced|swapped|exchanged)|to (replace|swap)|(need|needs|needing|require|requiring) (a)? (replacement|replacing)',
      where: any(is('failing', true), compare('worn', '>=', 0.9)),
      focus: ['health', 'life_left', 'model', 'serial'],
    },
    { say: 'passing smart|that pass smart|ok|in good health', where: is('failing', false), focus: ['health'] },
    {
      say: 'unused|free|empty|not used|not in use',
      where: unused,
      focus: ['size', 'used'],
    },
    { say: 'with reallocated sectors', where: compare('reallocated', '>', 0), focus: ['reallocated'] },
    { say: 'with pending sectors', where: compare('pending', '>', 0), focus: ['pending'] },
  ],
  order: [
    { column: 'node', dir: 'asc' },
    { column: 'devpath', dir: 'asc' },
  ],
  summary,
  findings,
});

function summary(rows: readonly SummaryRow[]): string {
  const failing = rows.filter((row) => row('failing') === true).length;
  const disks = countText(rows.length, 'disk');
  return `${disks} · ${failing === 0 ? 'none failing' : `${failing} failing`}`;
}
