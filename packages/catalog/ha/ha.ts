import {
  type Cell,
  count,
  dataset,
  type Draft,
  flag,
  given,
  is,
  isUnknown,
  oneOf,
  type SummaryRow,
  text,
  unknownCell,
} from '../kit/index.ts';
import { haFindings } from './findings.ts';
import { configOf, haRows, placementOf } from './rows.ts';

/** The guests that the HA manager keeps running. */
export const ha = dataset({
  id: 'ha',
  title: 'HA resources',
  counted: 'count',
  nouns: [
    {
      words:
        'ha resource|ha service|ha managed resource|ha managed service|ha managed guest|high availability resource|high availability service|ha guest|ha entry|configured ha (resource|service)|(resource|service) (managed|controlled|watched) by (the)? ha (manager)?',
      title: 'HA resources',
    },
    {
      words:
        'ha|ha status|ha state|cluster ha status|cluster ha|high availability|high availability status|ha health|ha overview',
      title: 'HA resources',
    },
    { words: 'resource', title: 'HA resources', weak: true },
  ],
  rows: haRows,
  details: { config: configOf, placement: placementOf },
  columns: {
    sid: text('SID', 'sid', { words: 'sid|service id|resource id' }),
    state: text('STATE', 'state', {
      words: 'state|status|ha state',
      values: {
        started: 'started|running|up|active',
        stopped: 'stopped|down',
        error: 'error|in error|in error state|failed|broken|faulty|erroneous',
        fence: 'fenced|fence|being fenced|fencing',
        recovery: 'recovery|recovering|in recovery|being recovered',
        migrate: 'migrating|migrate',
        relocate: 'relocating|relocate',
        freeze: 'frozen|freeze',
        disabled: 'disabled',
        ignored: 'ignored',
        queued: 'queued|waiting',
      },
    }),
    crm_state: text('CRM STATE', 'crm_state', { words: 'crm state|manager state' }),
    request_state: text('WANTED', 'request_state', {
      words: 'requested state|request state|wanted state|desired state|target state',
    }),
    node: text('NODE', 'node', { words: 'node|host', names: 'node' }),
    group: {
      label: 'GROUP',
      type: 'text',
      unit: 'text',
      from: ['placement'],
      uses: [],
      words: 'group|ha group|rule|ha rule',
      read: groupOf,
    },
    max_restart: count('MAX_RESTART', 'max_restart', {
      words: 'max restart|restart limit|maximum restarts',
      absent: 1,
    }),
    max_relocate: count('MAX_RELOCATE', 'max_relocate', {
      words: 'max relocate|relocation limit|maximum relocations',
      absent: 1,
    }),
    failback: flag('FAILBACK', 'failback', { from: 'config', words: 'failback', absent: true }),
    comment: text('COMMENT', 'comment', { from: 'config', words: 'comment|note', absent: '' }),
    report: text('REPORT', 'status', { words: 'report|status text|last transition' }),
    lrm: given('LRM', 'lrm', 'text', 'text', { words: 'lrm|local resource manager' }),
    guest: given('GUEST ID', 'guest', 'text', 'text', { words: 'guest', names: 'guest' }),
    vmid: given('VMID', 'vmid', 'number', 'count', { words: 'vmid|id' }),
    cluster: given('CLUSTER', 'cluster', 'text', 'text'),
    quorum: given('QUORUM', 'quorum', 'text', 'text', { words: 'quorum' }),
  },
  identity: ['sid'],
  shown: ['sid', 'state', 'node', 'group', 'max_restart', 'max_relocate'],
  named: 'sid',
  scopes: { node: 'node', guest: 'guest' },
  phrases: [
    {
      say: 'in trouble|with (a)? problem|not healthy|unhealthy|not ok',
      where: oneOf('state', 'error', 'fence', 'recovery'),
      focus: ['state', 'report'],
    },
    { say: 'healthy|fine|ok|okay', where: is('state', 'started'), focus: ['state'] },
  ],
  order: [{ column: 'sid', dir: 'asc' }],
  summary,
  findings: haFindings,
});

function groupOf(row: Draft): Cell {
  const rec = row.recs['placement'];
  if (rec === undefined) return unknownCell('its placement was not read');
  if (isUnknown(rec)) return unknownCell(rec.unknown);
  const names = Array.isArray(rec.data['names']) ? rec.data['names'].map(String) : [];
  return { value: names.length > 0 ? names.join(', ') : 'none', at: rec.at };
}

function summary(rows: readonly SummaryRow[]): string {
  const of = (...states: string[]): number => rows.filter((row) => states.includes(String(row('state')))).length;
  const first = rows[0];
  const head =
    first !== undefined && first('cluster') !== null
      ? [`Cluster ${String(first('cluster'))}`, `quorum ${String(first('quorum'))}`]
      : [];
  const active = rows.length - of('error', 'fence', 'disabled', 'ignored', 'stopped');
  const parts = [
    `${active} HA resource${active === 1 ? '' : 's'} active`,
    `${of('fence')} fenced`,
    `${of('error')} in error state`,
  ];
  return [...head, ...parts].join(' · ');
}
