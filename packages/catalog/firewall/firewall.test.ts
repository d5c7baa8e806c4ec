import type { Filter, Query } from '@pxa/contract';
import { type Expected, onDemoCluster, onExampleWorld } from '../check.ts';
import { all, has, is } from '../kit/index.ts';

const firewalls = (where?: Filter, more: Partial<Query> = {}): Query => ({ dataset: 'firewalls', where, ...more });
const rules = (where?: Filter, more: Partial<Query> = {}): Query => ({ dataset: 'firewall-rules', where, ...more });

const onDemo: Record<string, [Query, Expected]> = {
  'is it on': [
    firewalls(all(is('level', 'datacenter'), is('enabled', true)), { measure: { of: 'any' } }),
    { value: 1, calls: ['/cluster/firewall/options'] },
  ],
  'of one guest': [
    firewalls(is('guest', 'qemu/104')),
    {
      rows: ['firewall/qemu/104'],
      cells: { 'firewall/qemu/104': { enabled: false, in_force: false, policy_in: 'DROP' } },
    },
  ],
  'a node has no policy of its own': [
    firewalls(is('node', 'pve-node01')),
    { cells: { 'firewall/node/pve-node01': { enabled: true, in_force: true, policy_in: null } } },
  ],
  'guests with it on': [
    { dataset: 'guests', where: has('firewall', is('enabled', true)) },
    { rows: ['qemu/101', 'qemu/102', 'lxc/200'] },
  ],
  'rules of a guest, by one call for it': [
    rules(is('guest', 'qemu/102')),
    {
      rows: ['rule/qemu/102/0'],
      cells: { 'rule/qemu/102/0': { dport: '5432', source: '10.10.20.0/24', enabled: true } },
      calls: ['/cluster/resources', '/nodes/pve-node01/qemu/102/firewall/rules'],
    },
  ],
  'open to the world': [
    rules(is('open', true)),
    { rows: ['rule/cluster/2', 'rule/group/web/0', 'rule/group/web/1'], findings: [] },
  ],
  'of the datacenter': [rules(is('level', 'datacenter')), { rows: [0, 1, 2, 3].map((pos) => `rule/cluster/${pos}`) }],
};

onDemoCluster('firewall', onDemo);

onExampleWorld('firewall', {
  'nothing was set: it is off': [
    firewalls(is('level', 'datacenter')),
    { cells: { 'firewall/cluster': { enabled: false } }, findings: ['warning firewall.off firewall/cluster'] },
  ],
});
