import type { AccessConfig } from '../access.ts';
import type { Firewall, HaState, NodeState, Row, State, TaskRecord } from '../state/model.ts';
import { makeTask } from './made-task.ts';
import type { Times } from './times.ts';

/** Users, groups, tokens, pools and who may do what. */
export function demoAccess(times: Times): AccessConfig {
  const all = { enable: 1, expire: 0 };
  return {
    users: [
      { ...all, userid: 'root@pam', email: 'admin@tli.example', 'realm-type': 'pam' },
      { ...all, userid: 'anna@pve', firstname: 'Anna', lastname: 'Keller', 'realm-type': 'pve' },
      { ...all, userid: 'ben@pve', firstname: 'Ben', comment: 'operator', 'realm-type': 'pve' },
      {
        ...all,
        userid: 'auditor@pve',
        expire: times.ago({ days: -60 }),
        comment: 'external audit',
        'realm-type': 'pve',
      },
      { ...all, userid: 'trainee@pve', enable: 0, comment: 'left in December', 'realm-type': 'pve' },
    ],
    groups: [
      { groupid: 'admins', users: ['anna@pve'], comment: 'administrators' },
      { groupid: 'operators', users: ['ben@pve'], comment: 'start, stop, back up' },
    ],
    tokens: [
      { tokenid: 'root@pam!sandbox', privsep: 0, expire: 0 },
      { tokenid: 'root@pam!monitoring', privsep: 1, expire: 0, comment: 'metrics' },
      { tokenid: 'anna@pve!ci', privsep: 1, expire: times.ago({ days: -9 }), comment: 'build pipeline' },
    ],
    roles: [{ roleid: 'Operator', privs: ['VM.Audit', 'VM.PowerMgmt', 'VM.Backup', 'VM.Console', 'VM.Snapshot'] }],
    pools: [
      { poolid: 'production', comment: 'what customers see', vms: [100, 101, 102, 105, 200, 201, 202], storage: [] },
      { poolid: 'kubernetes', comment: 'workers and their data', vms: [110, 111, 112], storage: [] },
      { poolid: 'development', comment: 'may be broken', vms: [103, 104, 203], storage: ['local-zfs'] },
    ],
    acl: [
      { path: '/', type: 'group', ugid: 'admins', roleid: 'Administrator', propagate: 1 },
      { path: '/vms', type: 'group', ugid: 'operators', roleid: 'Operator', propagate: 1 },
      { path: '/', type: 'user', ugid: 'auditor@pve', roleid: 'PVEAuditor', propagate: 1 },
      { path: '/pool/development', type: 'user', ugid: 'trainee@pve', roleid: 'PVEVMUser', propagate: 1 },
      { path: '/', type: 'token', ugid: 'root@pam!monitoring', roleid: 'PVEAuditor', propagate: 1 },
      { path: '/pool/development', type: 'token', ugid: 'anna@pve!ci', roleid: 'PVEVMAdmin', propagate: 1 },
    ],
  };
}

/** Four services under HA; with rules, as 9.x has it (8.x is shown the groups that they came from). */
export function demoHa(): HaState {
  const guests: [string, string, string][] = [
    ['vm:100', 'vm', 'ha-group1'],
    ['vm:101', 'vm', 'ha-group1'],
    ['vm:102', 'vm', 'ha-group2'],
    ['ct:200', 'ct', 'ha-group1'],
  ];
  const limits = { max_restart: 3, max_relocate: 1 };
  return {
    resources: guests.map(([sid, type]) => ({ sid, type, state: 'started', failback: 1, ...limits })),
    groups: null,
    rules: [
      rule('ha-group1', 'vm:100,vm:101,ct:200', 'pve-node01:2,pve-node02:1', 1),
      rule('ha-group2', 'vm:102', 'pve-node01:2,pve-node02:1,pve-node03:1', 2),
    ],
    services: guests.map(([sid]) => ({
      sid,
      node: 'pve-node01',
      state: 'started',
      crm_state: 'started',
      request_state: 'started',
      ...limits,
      failback: 1,
      status: `${sid} (pve-node01, started)`,
    })),
    master: { node: 'pve-node02', word: 'active', age: 4 },
    lrm: [
      { node: 'pve-node01', word: 'active', age: 3 },
      { node: 'pve-node02', word: 'idle', age: 5 },
      { node: 'pve-node03', word: 'idle', age: 2 },
    ],
    others: [{ id: 'fencing', type: 'fencing', node: 'pve-node02', status: 'armed', 'armed-state': 'armed' }],
  };
}

function rule(name: string, resources: string, nodes: string, order: number): Row {
  return { rule: name, type: 'node-affinity', resources, nodes, strict: 0, order };
}

/** Cluster-wide firewall: on, with a group for web servers. */
export function demoFirewall(): State['firewall'] {
  return {
    options: { enable: 1, policy_in: 'DROP', policy_out: 'ACCEPT' },
    rules: [
      { type: 'in', action: 'ACCEPT', enable: 1, macro: 'SSH', source: '+management', comment: 'administrators' },
      { type: 'in', action: 'ACCEPT', enable: 1, proto: 'tcp', dport: '8006', source: '+management' },
      { type: 'in', action: 'ACCEPT', enable: 1, macro: 'Ping' },
      { type: 'in', action: 'ACCEPT', enable: 0, macro: 'Web', comment: 'was for the migration' },
    ],
    aliases: [{ name: 'backup-server', cidr: '10.10.0.50', ipversion: 4, comment: 'NFS target' }],
    ipsets: [{ name: 'management', comment: 'where administrators sit', entries: [{ cidr: '10.10.1.0/24' }] }],
    groups: [
      {
        group: 'web',
        comment: 'HTTP and HTTPS',
        rules: [
          { type: 'in', action: 'ACCEPT', enable: 1, macro: 'HTTP' },
          { type: 'in', action: 'ACCEPT', enable: 1, macro: 'HTTPS' },
        ],
      },
    ],
  };
}

/** The firewall of guests that have one of their own, by vmid. */
export function demoGuestFirewalls(): Record<number, Firewall> {
  const empty = { aliases: [], ipsets: [] };
  const on = { enable: 1, policy_in: 'DROP' };
  return {
    101: { ...empty, options: on, rules: [{ type: 'group', action: 'web', enable: 1 }] },
    102: {
      ...empty,
      options: on,
      rules: [{ type: 'in', action: 'ACCEPT', enable: 1, proto: 'tcp', dport: '5432', source: '10.10.20.0/24' }],
    },
    200: { ...empty, options: on, rules: [{ type: 'group', action: 'web', enable: 1 }] },
  };
}

/** Two replication jobs; the second has been failing since yesterday. */
export function demoReplication(times: Times, nodes: Map<string, NodeState>): Row[] {
  const jobs: Row[] = [
    { id: '100-0', type: 'local', guest: 100, jobnum: 0, source: 'pve-node01', target: 'pve-node02', schedule: '*/15' },
    { id: '102-0', type: 'local', guest: 102, jobnum: 0, source: 'pve-node01', target: 'pve-node03', schedule: '*/30' },
  ];
  const quarter = Math.floor(times.now / 900) * 900;
  const progress: Row[] = [
    { last_sync: quarter, last_try: quarter, next_sync: quarter + 900, duration: 3.8, fail_count: 0 },
    {
      last_sync: times.ago({ hours: 27 }),
      last_try: times.ago({ minutes: 12 }),
      next_sync: times.ago({ minutes: -18 }),
      duration: 2.1,
      fail_count: 48,
      error: "command 'zfs recv -F -- rpool/data/vm-102-disk-0' failed: exit code 1",
    },
  ];
  const source = nodes.get('pve-node01');
  if (source) source.replication = jobs.map((job, index) => ({ ...job, ...progress[index], vmtype: 'qemu' }));
  return jobs;
}

/** What people did in the last days, beside the backups. */
export function demoTasks(times: Times): TaskRecord[] {
  const anna = 'anna@pve';
  const ben = 'ben@pve';
  const [one, two, three] = ['pve-node01', 'pve-node02', 'pve-node03'];
  return [
    makeTask({
      node: one,
      type: 'qmsnapshot',
      id: '101',
      user: anna,
      start: times.ago({ days: 8, hours: 3 }),
      took: 4,
    }),
    makeTask({
      node: one,
      type: 'qmsnapshot',
      id: '103',
      user: ben,
      start: times.ago({ days: 7, hours: 13 }),
      took: 3,
    }),
    makeTask({ node: one, type: 'qmreboot', id: '103', user: ben, start: times.ago({ days: 7, hours: 12 }), took: 21 }),
    makeTask({
      node: two,
      type: 'qmshutdown',
      id: '104',
      user: anna,
      start: times.ago({ days: 3, hours: 1 }),
      took: 9,
    }),
    makeTask({ node: two, type: 'vzstop', id: '203', user: ben, start: times.ago({ days: 5, hours: 6 }), took: 2 }),
    makeTask({
      node: three,
      type: 'qmigrate',
      id: '111',
      user: anna,
      start: times.ago({ days: 1, hours: 5 }),
      took: 3,
      status: 'migration aborted',
      log: () => ["ERROR: migration aborted (duration 00:00:03): can't migrate VM which uses local devices: hostpci0"],
    }),
    makeTask({
      node: two,
      type: 'qmstart',
      id: '104',
      user: ben,
      start: times.ago({ hours: 20 }),
      took: 2,
      status: 'start failed: QEMU exited with code 1',
      log: () => [
        "kvm: -drive file=/dev/zvol/rpool/data/vm-104-disk-0: Could not open '/dev/zvol/rpool/data/vm-104-disk-0'",
      ],
    }),
    ...[one, two, three].map((node) =>
      makeTask({
        node,
        type: 'aptupdate',
        start: times.at(0, '03:42:11') - 86_400,
        took: 6,
        log: () => ['starting apt-get update'],
      }),
    ),
  ];
}
