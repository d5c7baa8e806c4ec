import { dataset, type Gathered, given, is, isNot } from '../kit/index.ts';

/** What a check of everything looks at. Each is a question of its own, and shares its reads with the others. */
const areas: readonly Gathered[] = [
  { area: 'cluster', query: { dataset: 'cluster' } },
  { area: 'nodes', query: { dataset: 'nodes' } },
  { area: 'guests', query: { dataset: 'guests', where: is('template', false) } },
  { area: 'storage', query: { dataset: 'storage' } },
  { area: 'ZFS pools', query: { dataset: 'zfs' } },
  { area: 'disks', query: { dataset: 'disks' } },
  { area: 'HA', query: { dataset: 'ha' } },
  { area: 'backup jobs', query: { dataset: 'backup-jobs' } },
  { area: 'replication', query: { dataset: 'replication' } },
  { area: 'certificates', query: { dataset: 'certificates' } },
  { area: 'updates', query: { dataset: 'updates' } },
];

/** The state of everything: one row an area, and what was found there. */
export const health = dataset({
  id: 'health',
  title: 'Health of the cluster',
  counted: 'count',
  weight: 9,
  nouns: [
    {
      words:
        'health|health check|overview|cluster health|health of (the|my|our)? cluster|cluster status|status of (the|my|our)? cluster|cluster overview|status report|report|summary|cluster summary|system status|overall status|how (is|are) (the|my|our)? (cluster|things|everything|datacenter|proxmox) (doing|going|running)?',
      title: 'Health of the cluster',
    },
    { words: 'status|state|condition', title: 'Health of the cluster', weak: true },
    {
      words: 'problem|issue|alert|finding|trouble|concern|warning|anomaly|red flag',
      where: isNot('state', 'ok'),
      title: 'Problems',
    },
  ],
  rows: () => Promise.resolve([]),
  gathers: areas,
  columns: {
    area: given('AREA', 'area', 'text', 'text', { words: 'area' }),
    state: given('STATE', 'state', 'text', 'text', {
      words: 'state|health state',
      values: {
        ok: 'ok|fine|healthy|alright|good|in order|in good shape|okay|well|all right|working|up and running|green',
      },
    }),
    looked_at: given('LOOKED AT', 'looked_at', 'number', 'count'),
    critical: given('CRITICAL', 'critical', 'number', 'count'),
    warning: given('WARNING', 'warning', 'number', 'count'),
    info: given('INFO', 'info', 'number', 'count'),
  },
  identity: ['area'],
  shown: ['area', 'state', 'looked_at', 'critical', 'warning', 'info'],
  phrases: [
    {
      say: 'wrong|broken|bad|unhealthy|not ok|need (my|our)? attention|needing (my|our)? attention|require (my|our)? attention|worry about|to worry about|going wrong|look at|worrying|off|worth knowing|(what|which things|anything|something|everything) (is|are|seems|looks) (broken|wrong|bad|failing|unhealthy)|(should|must|need to|have to) worry about',
      where: isNot('state', 'ok'),
      not: is('state', 'ok'),
    },
  ],
  summary: (rows) => {
    const sum = (column: string): number => rows.reduce((total, row) => total + Number(row(column) ?? 0), 0);
    return `${rows.length} areas · ${sum('critical')} critical · ${sum('warning')} warnings`;
  },
});
