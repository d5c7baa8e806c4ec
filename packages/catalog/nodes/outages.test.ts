import type { Query } from '@pxa/contract';
import { type Expected, onDemoCluster } from '../check.ts';
import { is } from '../kit/index.ts';

const gone = 'node/pve-node03';

const nodeDown: Record<string, [Query, Expected]> = {
  'an offline node is told, and its last figures make no findings': [
    { dataset: 'nodes' },
    { findings: [`critical node.offline ${gone}`], cells: { [gone]: { status: 'offline' } } },
  ],
  'what only it knows is unknown, with the reason': [
    { dataset: 'nodes', where: is('node', 'pve-node03'), focus: ['kernel'] },
    { cells: { [gone]: { kernel: null } } },
  ],
  'the cluster has quorum without it': [
    { dataset: 'cluster' },
    {
      cells: { 'cluster/tli-prod-cluster': { quorate: true, nodes_online: 2, offline: ['pve-node03'] } },
      findings: [`critical cluster.node_offline ${gone}`],
    },
  ],
  'its tasks are named as lacking': [
    { dataset: 'tasks', measure: { of: 'count' } },
    { lacks: ['tasks of pve-node03: node pve-node03 is offline'] },
  ],
  'its certificates, too': [
    { dataset: 'certificates', measure: { of: 'count' } },
    { value: 4, lacks: ['certificates of pve-node03: node pve-node03 is offline'] },
  ],
  'a job’s runs on the others are told': [
    { dataset: 'backup-jobs', where: is('id', 'backup-01') },
    { cells: { 'backup-job/backup-01': { outcome: 'OK (7/7 runs)' } }, lacks: ['backup runs of pve-node03'] },
  ],
};

const noQuorum: Record<string, [Query, Expected]> = {
  'no quorum': [{ dataset: 'cluster' }, { findings: ['critical cluster.no_quorum cluster/tli-prod-cluster'] }],
  'no quorum for HA': [
    { dataset: 'ha-managers', where: is('kind', 'quorum') },
    { findings: ['critical ha.no_quorum ha/quorum'] },
  ],
};

const withheld: Record<string, [Query, Expected]> = {
  'figures of nodes are unknown, with the privilege': [
    { dataset: 'nodes', columns: ['node', 'mem', 'cpu'] },
    { cells: { 'node/pve-node01': { mem: null, cpu: null } }, findings: [] },
  ],
  'tasks of others are named as hidden': [
    { dataset: 'tasks', measure: { of: 'count' } },
    { lacks: ['tasks of others on pve-node01: needs Sys.Audit on /nodes/pve-node01'] },
  ],
  'backup runs, too': [
    { dataset: 'backup-runs', measure: { of: 'count' } },
    { lacks: ['backup runs of others on pve-node02: needs Sys.Audit on /nodes/pve-node02'] },
  ],
  'users that are not shown': [{ dataset: 'users' }, { rows: [], lacks: ['other users: needs Sys.Audit on /access'] }],
  'the cluster’s status': [{ dataset: 'cluster' }, { rows: [], lacks: ['(/, Sys.Audit)'] }],
};

const revoked = ['Sys.Audit', 'User.Modify'].map((privilege) => ({
  fault: 'revoked_privilege' as const,
  privilege,
}));

onDemoCluster('a node down', nodeDown, { faults: [{ fault: 'node_down', node: 'pve-node03' }] });
onDemoCluster('no quorum', noQuorum, { faults: [{ fault: 'no_quorum' }] });
onDemoCluster('withheld privileges', withheld, { faults: revoked });
