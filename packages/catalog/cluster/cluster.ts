import { asFlag, asNumber } from '@pxa/pve/values';
import {
  type Cell,
  count,
  dataset,
  draft,
  given,
  is,
  isUnknown,
  pointer,
  type Reading,
  type Rec,
  text,
  type Unknown,
  type SummaryRow,
} from '../kit/index.ts';
import { clusterFindings } from './findings.ts';

/** The cluster as a whole: one row. A node by itself answers without a cluster record and is its own quorum. */
export const cluster = dataset({
  id: 'cluster',
  title: 'Cluster',
  counted: 'count',
  nouns: [
    {
      words:
        'cluster name|name of the cluster|cluster id|cluster quorum|quorum status|quorum state|quorum health|corosync|corosync status',
      title: 'Cluster',
    },
    { words: 'cluster|cluster status', title: 'Cluster', weak: true },
  ],
  rows: async (reading) => {
    const got = await reading.list('/cluster/status', {});
    if (!got.ok) {
      reading.lacks('the cluster’s status', got.why, got.nextStep);
      return [];
    }
    const members = got.data.filter(({ data }) => data['type'] === 'node');
    const record = got.data.find(({ data }) => data['type'] === 'cluster');
    const base = record ?? members[0];
    if (base === undefined) return [];
    const online = members.filter(({ data }) => asFlag(data['online']) === true);
    const at = members.map((member) => pointer(member.at, 'online')).join(', ');
    return [
      draft(record ? `cluster/${String(record.data['name'])}` : 'cluster', base, {
        kind: { value: record ? 'cluster' : 'standalone node', at: pointer(base.at, 'type') },
        quorate: record ? quorateOf(record) : { value: true, at: `one node, no cluster: ${pointer(base.at, 'type')}` },
        nodes: { value: members.length, at: `count of nodes: ${at}` },
        nodes_online: { value: online.length, at: `count of online nodes: ${at}` },
        offline: {
          value: members.filter((member) => !online.includes(member)).map(({ data }) => String(data['name'])),
          at: `nodes that are not online: ${at}`,
        },
      }),
    ];
  },
  details: { votes: votesOf, version: versionOf },
  columns: {
    name: text('CLUSTER', 'name', { words: 'name|cluster name' }),
    kind: given('KIND', 'kind', 'text', 'text'),
    quorate: {
      ...given('QUORUM', 'quorate', 'flag', 'yes_no', {
        words: 'quorate',
        yes: 'quorate|quorum|quorum (is)? (ok|okay|fine|established|reached|there|given|good)|in quorum|with quorum|has quorum|have quorum|having quorum|got quorum|reached quorum',
        no: 'without quorum|lost quorum|lose quorum|not quorate|inquorate|out of quorum',
      }),
    },
    nodes: given('NODES', 'nodes', 'number', 'nodes', { words: 'number of nodes|node count|size|member count' }),
    nodes_online: given('ONLINE', 'nodes_online', 'number', 'nodes', { words: 'online node count|online nodes' }),
    offline: given('OFFLINE NODES', 'offline', 'list', 'text', { words: 'offline node|missing node|lost node' }),
    config_version: count('CONFIG VERSION', 'version', { words: 'config version|corosync config version' }),
    votes: { ...count('VOTES', 'votes', { from: 'votes', words: 'vote|votes|expected votes' }) },
    rings: text('LINKS', 'rings', { from: 'votes', words: 'ring|link|corosync ring|corosync link|ring address' }),
    version: text('PVE', 'version', { from: 'version', words: 'version|pve version|proxmox version' }),
  },
  identity: ['name'],
  shown: ['name', 'quorate', 'nodes', 'nodes_online', 'offline'],
  named: 'name',
  summary: (rows: readonly SummaryRow[]) => {
    const row = rows[0];
    if (row === undefined) return '';
    const quorum = row('quorate') === true ? 'OK' : row('quorate') === false ? 'LOST' : 'unknown';
    return `Quorum: ${quorum} (${String(row('nodes_online'))}/${String(row('nodes'))} nodes)`;
  },
  phrases: [{ say: 'clustered|part of a cluster', where: is('kind', 'cluster') }],
  findings: clusterFindings,
});

function quorateOf(record: Rec): Cell {
  const value = asFlag(record.data['quorate']);
  const at = pointer(record.at, 'quorate');
  return value === null ? { value: null, at: 'unknown: Proxmox gave no quorate' } : { value, at };
}

/** Votes and link addresses stand in corosync's configuration (Sys.Audit on /). */
async function votesOf(reading: Reading): Promise<Rec | Unknown> {
  const got = await reading.list('/cluster/config/nodes', {});
  if (!got.ok) return { unknown: got.why };
  const votes = got.data.reduce((sum, { data }) => sum + (asNumber(data['quorum_votes']) ?? 1), 0);
  const rings = got.data.map(
    ({ data }) => `${String(data['node'] ?? data['name'])} ${String(data['ring0_addr'] ?? '')}`,
  );
  return { data: { votes, rings: rings.join(', ') }, at: got.at };
}

async function versionOf(reading: Reading): Promise<Rec | Unknown> {
  const got = await reading.read('/version', {});
  if (!got.ok) return { unknown: got.why };
  // The route answers one object; the facts leave its fields open.
  const rec = { data: got.data as unknown as Record<string, unknown>, at: got.at };
  return isUnknown(rec) ? { unknown: 'Proxmox gave no version' } : rec;
}
