import { dataset, flag, listOf, text, time } from '../kit/index.ts';
import { managerFindings } from './findings.ts';

/** The HA manager's own parts: quorum, the master (CRM), each node's local resource manager (LRM), fencing (9.2). */
export const managers = dataset({
  id: 'ha-managers',
  title: 'HA managers',
  counted: 'count',
  nouns: [
    {
      words:
        'ha manager|ha manager status|crm|lrm|ha master|ha daemon|local resource manager|cluster resource manager|ha component|ha quorum',
      title: 'HA managers',
    },
    { words: 'master|manager', title: 'HA managers', weak: true },
  ],
  rows: listOf('/cluster/ha/status/current', {}, 'HA managers', ({ data }) =>
    data['type'] === 'service' ? undefined : `ha/${String(data['id'])}`,
  ),
  columns: {
    kind: text('PART', 'type', {
      words: 'part|kind|type',
      values: { quorum: 'quorum', master: 'master|crm', lrm: 'lrm|local resource manager', fencing: 'fencing' },
    }),
    node: text('NODE', 'node', { words: 'node|host', names: 'node', absent: '' }),
    report: text('STATUS', 'status', { words: 'status|state|report' }),
    seen: time('LAST SEEN', 'timestamp', { words: 'last seen|timestamp|last report' }),
    quorate: flag('QUORATE', 'quorate', { words: 'quorate' }),
    armed: text('FENCING', 'armed-state', {
      words: 'armed state',
      absent: '',
      values: { armed: 'armed|fencing armed', disarmed: 'disarmed|fencing disarmed' },
    }),
  },
  identity: ['kind', 'node'],
  shown: ['kind', 'node', 'report', 'seen'],
  scopes: { node: 'node' },
  order: [{ column: 'node', dir: 'asc' }],
  findings: managerFindings,
});
