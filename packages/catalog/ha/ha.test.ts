import type { Query } from '@pxa/contract';
import { type Expected, exampleWorld, onDemoCluster, onExampleWorld } from '../check.ts';
import { has, is } from '../kit/index.ts';

const cases: Record<string, [Query, Expected]> = {
  'all resources': [
    { dataset: 'ha' },
    {
      rows: ['ha/vm:100', 'ha/vm:103', 'ha/ct:201'],
      cells: {
        'ha/vm:100': { state: 'started', node: 'pve-node01', group: 'all-nodes', max_restart: 1, max_relocate: 1 },
      },
      calls: ['/cluster/ha/status/current', '/cluster/status', '/cluster/ha/resources'],
      findings: [],
    },
  ],
  'of one guest': [{ dataset: 'ha', where: is('guest', 'lxc/201') }, { rows: ['ha/ct:201'] }],
  'none in error': [{ dataset: 'ha', where: is('state', 'error'), measure: { of: 'any' } }, { value: 0 }],
  'groups, before there were rules': [
    { dataset: 'ha-rules' },
    {
      rows: ['ha-rule/all-nodes'],
      cells: { 'ha-rule/all-nodes': { kind: 'group', resources: ['vm:100', 'vm:103', 'ct:201'], enabled: true } },
    },
  ],
  'guests under HA': [
    { dataset: 'guests', where: has('ha'), columns: ['vmid'] },
    { rows: ['qemu/100', 'qemu/103', 'lxc/201'] },
  ],
};

onExampleWorld('ha', cases);

/** The example cluster with one resource that could not be started, and a node's manager that has gone silent. */
function troubled(): Record<string, unknown> {
  const world = structuredClone(exampleWorld() ?? {});
  const { cluster } = world as { cluster?: { ha_status?: Record<string, unknown>[] } };
  for (const row of cluster?.ha_status ?? []) {
    if (row['sid'] === 'vm:103') {
      Object.assign(row, { state: 'error', crm_state: 'error', status: 'vm:103 (pve-node02, error)' });
    }
  }
  return world;
}

onExampleWorld(
  'HA in trouble',
  {
    'an error is told with the last transition': [
      { dataset: 'ha', where: is('state', 'error') },
      { rows: ['ha/vm:103'], findings: ['critical ha.service_state ha/vm:103'] },
    ],
  },
  { world: troubled() },
);

onDemoCluster('HA of 9.x', {
  'rules stand where groups did': [
    { dataset: 'ha' },
    {
      rows: ['ha/vm:100', 'ha/vm:101', 'ha/vm:102', 'ha/ct:200'],
      cells: { 'ha/vm:102': { group: 'ha-group2', max_restart: 3, max_relocate: 1 } },
      calls: ['/cluster/ha/status/current', '/cluster/status', '/cluster/ha/resources', '/cluster/ha/rules'],
    },
  ],
  'rules with their guests': [
    { dataset: 'ha-rules' },
    {
      rows: ['ha-rule/ha-group1', 'ha-rule/ha-group2'],
      cells: { 'ha-rule/ha-group2': { kind: 'node-affinity', resources: ['vm:102'], enabled: true } },
      calls: ['/cluster/ha/rules'],
    },
  ],
});
