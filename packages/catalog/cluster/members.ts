import {
  count,
  dataset,
  flag,
  listOf,
  type Reading,
  type Rec,
  text,
  type Draft,
  type Unknown,
  baseText,
  type SummaryRow,
} from '../kit/index.ts';
import { memberFindings } from './findings.ts';

/** The nodes as corosync's membership has them. */
export const members = dataset({
  id: 'cluster-members',
  title: 'Cluster members',
  counted: 'nodes',
  entity: 'node',
  nouns: [
    { words: 'cluster member|membership|cluster membership|corosync member|corosync node', title: 'Cluster members' },
    { words: 'member', title: 'Cluster members', weak: true },
  ],
  rows: listOf('/cluster/status', {}, 'cluster members', ({ data }) =>
    data['type'] === 'node' ? `node/${String(data['name'])}` : undefined,
  ),
  details: { corosync: corosyncOf },
  columns: {
    name: text('NODE', 'name', { words: 'name', names: 'node' }),
    online: flag('ONLINE', 'online', {
      words: 'online',
      yes: 'online|up|reachable|present|in the cluster',
      no: 'offline|down|missing|unreachable|gone',
    }),
    nodeid: count('NODE ID', 'nodeid', { words: 'node id|nodeid|corosync id' }),
    ip: text('ADDRESS', 'ip', { words: 'ip|ip address|address' }),
    local: flag('ASKED', 'local', { absent: false }),
    level: text('SUBSCRIPTION LEVEL', 'level', { words: 'subscription level|level', absent: 'none' }),
    votes: count('VOTES', 'quorum_votes', { from: 'corosync', words: 'vote|quorum vote', absent: 1 }),
    ring0: text('LINK 0', 'ring0_addr', {
      from: 'corosync',
      words: 'ring|ring 0|link|link 0|ring address|corosync address',
    }),
    ring1: text('LINK 1', 'ring1_addr', { from: 'corosync', words: 'ring 1|link 1|second link', absent: 'none' }),
  },
  identity: ['name'],
  shown: ['name', 'online', 'nodeid', 'ip'],
  named: 'name',
  scopes: { node: 'name' },
  order: [{ column: 'nodeid', dir: 'asc' }],
  summary: (rows: readonly SummaryRow[]) =>
    `${rows.filter((row) => row('online') === true).length} of ${rows.length} online`,
  findings: memberFindings,
});

async function corosyncOf(reading: Reading, row: Draft): Promise<Rec | Unknown> {
  const got = await reading.list('/cluster/config/nodes', {});
  if (!got.ok) return { unknown: got.why };
  const name = baseText(row, 'name');
  return (
    got.data.find(({ data }) => data['node'] === name || data['name'] === name) ?? {
      unknown: `corosync’s configuration does not name ${name}`,
    }
  );
}
