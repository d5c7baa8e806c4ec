import { allRoutes } from '@pxa/pve/facts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firewallWrites } from './behaviours/firewall-writes.ts';
import { startChanging, type Changing } from './testing/changing.ts';

let lab: Changing;
beforeEach(async () => {
  lab = await startChanging();
});
afterEach(() => lab.sandbox.close());

type Step = [line: string, params: object | undefined, expected: unknown];

const having = (row: object): unknown => expect.objectContaining(row);
const holding = (row: object): unknown => expect.arrayContaining([having(row)]);
const CHANGED = 'detected modified configuration - file changed by other user? Try again.';
const OPEN = { type: 'in', action: 'ACCEPT', proto: 'tcp' };

/** The same at every level. */
function anyLevel(base: string): Step[] {
  const [first, second] = [
    { ...OPEN, dport: '8080', comment: 'first' },
    { ...OPEN, dport: '9090', comment: 'second', enable: 1 },
  ];
  return [
    [`POST ${base}/rules`, first, null],
    [`POST ${base}/rules`, { ...second, pos: 7 }, null],
    [`GET ${base}/rules/0`, undefined, having({ ...second, pos: 0 })],
    [`GET ${base}/rules/1`, undefined, having({ ...first, pos: 1, enable: 0 })],
    [`PUT ${base}/rules/0`, { moveto: 2 }, null],
    [`GET ${base}/rules/0`, undefined, having(first)],
    [`PUT ${base}/rules/0`, { enable: 1, delete: 'comment', source: '10.0.0.0/8', log: 'info' }, null],
    [`GET ${base}/rules/0`, undefined, having({ enable: 1, source: '10.0.0.0/8', ipversion: 4, log: 'info' })],
    [`PUT ${base}/rules/0`, { delete: 'action' }, { delete: "unable to delete required property 'action'" }],
    [`PUT ${base}/rules/0`, { delete: 'colour' }, { delete: "no such property ('colour')" }],
    [`PUT ${base}/rules/0`, { enable: 0, digest: 'a'.repeat(40) }, CHANGED],
    [`PUT ${base}/rules/99`, { enable: 0 }, 'no rule at position 99'],
    [`DELETE ${base}/rules/0?digest=${'a'.repeat(40)}`, undefined, CHANGED],
    [`DELETE ${base}/rules/0`, undefined, null],
    [`DELETE ${base}/rules/99`, undefined, 'no rule at position 99'],
    [`PUT ${base}/options`, { enable: 1 }, null],
    [`GET ${base}/options`, undefined, having({ enable: 1 })],
    [`PUT ${base}/options`, { delete: 'enable' }, null],
    [`GET ${base}/options`, undefined, expect.not.objectContaining({ enable: expect.anything() })],
    [`PUT ${base}/options`, { delete: 'speed' }, { delete: "no such option 'speed'" }],
    [`PUT ${base}/options`, { enable: 1, digest: 'a'.repeat(40) }, CHANGED],
  ];
}

const STORIES: Record<string, Step[]> = {
  'the cluster': anyLevel('/cluster/firewall'),
  'a node': anyLevel('/nodes/pve-node02/firewall'),
  'a VM': anyLevel('/nodes/pve-node01/qemu/103/firewall'),
  'a container': anyLevel('/nodes/pve-node01/lxc/201/firewall'),
  'a security group': [
    ['POST /cluster/firewall/groups', { group: 'db', comment: 'databases' }, null],
    ['POST /cluster/firewall/groups', { group: 'db' }, { group: "Security group 'db' already exists" }],
    ['POST /cluster/firewall/groups/db', { ...OPEN, dport: '5432', enable: 1 }, null],
    ['GET /cluster/firewall/groups/db', undefined, [having({ dport: '5432', pos: 0 })]],
    ['POST /cluster/firewall/groups/db', { type: 'group', action: 'web' }, { type: 'security groups not allowed' }],
    [
      'POST /cluster/firewall/groups/db',
      { ...OPEN, iface: 'vmbr0' },
      { type: 'parameter -i not allowed for this rule type' },
    ],
    ['DELETE /cluster/firewall/groups/db', undefined, "Security group 'db' is not empty"],
    ['POST /cluster/firewall/groups', { group: 'data', rename: 'db', comment: 'all' }, null],
    ['GET /cluster/firewall/groups', undefined, holding({ group: 'data', comment: 'all' })],
    [
      'POST /cluster/firewall/groups',
      { group: 'web', rename: 'data' },
      { group: "Security group 'web' does already exist" },
    ],
    ['POST /cluster/firewall/groups', { group: 'xx', rename: 'db' }, { group: "Security group 'db' does not exist" }],
    ['POST /nodes/pve-node01/qemu/103/firewall/rules', { type: 'group', action: 'data', iface: 'net0' }, null],
    ['PUT /cluster/firewall/groups/data/0', { dport: '5433' }, null],
    ['DELETE /cluster/firewall/groups/data/0', undefined, null],
    ['DELETE /cluster/firewall/groups/data', undefined, null],
    ['DELETE /cluster/firewall/groups/data', undefined, "no such security group 'data'"],
  ],
  aliases: [
    ['POST /cluster/firewall/aliases', { name: 'office', cidr: '192.0.2.0/24', comment: 'Bern' }, null],
    [
      'POST /cluster/firewall/aliases',
      { name: 'Office', cidr: '192.0.2.1' },
      { name: "alias 'Office' already exists" },
    ],
    ['GET /cluster/firewall/aliases/OFFICE', undefined, having({ name: 'office', ipversion: 4, comment: 'Bern' })],
    ['PUT /cluster/firewall/aliases/office', { cidr: '2001:db8::/32', rename: 'branch' }, null],
    ['GET /cluster/firewall/aliases', undefined, holding({ name: 'branch', cidr: '2001:db8::/32', ipversion: 6 })],
    [
      'PUT /cluster/firewall/aliases/branch',
      { cidr: '10.0.0.1', rename: 'backup-server' },
      { name: "alias 'backup-server' already exists" },
    ],
    ['PUT /cluster/firewall/aliases/none', { cidr: '10.0.0.1' }, { name: 'no such alias' }],
    ['PUT /cluster/firewall/aliases/branch', { cidr: '10.0.0.1', digest: 'a'.repeat(40) }, CHANGED],
    ['DELETE /cluster/firewall/aliases/branch', undefined, null],
    ['GET /cluster/firewall/aliases/branch', undefined, { name: 'no such alias' }],
    ['POST /nodes/pve-node01/qemu/103/firewall/aliases', { name: 'own', cidr: '10.0.0.9' }, null],
    ['GET /nodes/pve-node01/qemu/103/firewall/refs?type=alias', undefined, holding({ ref: 'guest/own' })],
  ],
  'sets of addresses': [
    ['POST /cluster/firewall/ipset', { name: 'blocked' }, null],
    ['POST /cluster/firewall/ipset', { name: 'blocked' }, { name: "IPSet 'blocked' already exists" }],
    ['POST /cluster/firewall/ipset/blocked', { cidr: '198.51.100.0/24', comment: 'scanners' }, null],
    ['POST /cluster/firewall/ipset/blocked', { cidr: '198.51.100.7', nomatch: true }, null],
    [
      'POST /cluster/firewall/ipset/blocked',
      { cidr: '198.51.100.7' },
      { cidr: "address '198.51.100.7' already exists" },
    ],
    ['POST /cluster/firewall/ipset/blocked', { cidr: 'nothing' }, "no such alias 'nothing'"],
    ['POST /cluster/firewall/ipset/blocked', { cidr: 'backup-server' }, null],
    ['GET /cluster/firewall/ipset/blocked', undefined, holding({ cidr: '198.51.100.7', nomatch: 1 })],
    ['PUT /cluster/firewall/ipset/blocked/198.51.100.7', { comment: 'us' }, null],
    ['GET /cluster/firewall/ipset/blocked/198.51.100.7', undefined, having({ comment: 'us' })],
    ['PUT /cluster/firewall/ipset/blocked/198.51.100.8', { comment: 'us' }, { cidr: 'no such IPSet entry' }],
    ['DELETE /cluster/firewall/ipset/blocked', undefined, "IPSet 'blocked' is not empty"],
    ['POST /cluster/firewall/ipset', { name: 'shut-out', rename: 'blocked', comment: 'all' }, null],
    ['GET /cluster/firewall/ipset/shut-out/198.51.100.0%2F24', undefined, having({ comment: 'scanners' })],
    ['PUT /cluster/firewall/ipset/shut-out/198.51.100.0%2F24', { comment: 'bots' }, null],
    ['DELETE /cluster/firewall/ipset/shut-out/198.51.100.0/24', undefined, null],
    ['DELETE /cluster/firewall/ipset/shut-out/198.51.100.0%2F24', undefined, null],
    ['DELETE /cluster/firewall/ipset/shut-out/198.51.100.7', undefined, null],
    ['DELETE /cluster/firewall/ipset/shut-out?force=1', undefined, null],
    ['DELETE /cluster/firewall/ipset/shut-out', undefined, "no such IPSet 'shut-out'"],
  ],
  'what a rule must not be': [
    ['POST /cluster/firewall/rules', { type: 'in', action: 'LOG' }, { action: "unknown action 'LOG'" }],
    ['POST /cluster/firewall/rules', { type: 'forward', action: 'REJECT' }, { action: "unknown action 'REJECT'" }],
    [
      'POST /cluster/firewall/rules',
      { type: 'in', action: 'ACCEPT', dport: '80' },
      { proto: "missing property - 'dport' requires this property" },
    ],
    [
      'POST /cluster/firewall/rules',
      { type: 'in', action: 'ACCEPT', proto: 'gre', dport: '80' },
      { dport: "protocol 'gre' does not support ports" },
    ],
    [
      'POST /cluster/firewall/rules',
      { type: 'in', action: 'ACCEPT', macro: 'Nothing' },
      { macro: "unknown macro 'Nothing'" },
    ],
    [
      'POST /cluster/firewall/rules',
      { ...OPEN, macro: 'HTTP', dport: '81' },
      { dport: "parameter 'dport' already define in macro (value = '80')" },
    ],
    ['POST /cluster/firewall/rules', { ...OPEN, source: '+nobody' }, { source: "no such ipset 'nobody'" }],
    ['POST /cluster/firewall/rules', { ...OPEN, source: 'nobody' }, { source: "no such alias 'nobody'" }],
    [
      'POST /cluster/firewall/rules',
      { ...OPEN, source: '10.0.0.1', dest: '2001:db8::1' },
      { dest: 'detected mixed ipv4/ipv6 addresses in rule' },
    ],
    [
      'POST /cluster/firewall/rules',
      { ...OPEN, 'icmp-type': 'echo-request' },
      { proto: "missing property - 'icmp-type' requires this property" },
    ],
    ['POST /cluster/firewall/rules', { ...OPEN, dport: '99999' }, having({ dport: expect.anything() })],
    ['POST /cluster/firewall/rules', { type: 'in' }, having({ action: expect.anything() })],
    [
      'POST /nodes/pve-node01/qemu/103/firewall/rules',
      { ...OPEN, iface: 'vmbr0' },
      { iface: "value does not match the regex pattern 'net\\d+'" },
    ],
    ['POST /nodes/pve-node01/qemu/999/firewall/rules', OPEN, /does not exist$/],
    ['POST /cluster/firewall/rules', { type: 'in', action: 'ACCEPT', macro: 'ssh', source: '+dc/management' }, null],
    ['GET /cluster/firewall/rules/0', undefined, having({ macro: 'SSH', source: '+dc/management' })],
  ],
};

describe('the firewall of', () => {
  it.each(Object.entries(STORIES))('%s', async (_name, steps) => {
    for (const [line, params, expected] of steps) {
      const outcome = await lab.call(line, params);
      if (expected instanceof RegExp) expect(outcome).toMatch(expected);
      else expect([line, outcome]).toEqual([line, expected]);
    }
  });

  it('has routes that there are, and all of them but those of virtual networks', () => {
    const routes = allRoutes().filter((id) => /^(?:POST|PUT|DELETE) .*\/firewall\//.test(id) && !id.includes('{vnet}'));
    expect(Object.keys(firewallWrites).sort()).toEqual([...routes].sort());
  });
});
