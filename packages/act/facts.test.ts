import type { Fact } from '@pxa/contract';
import { type Cluster, connect } from '@pxa/pve';
import { type Sandbox, SandboxClock, startSandbox } from '@pxa/sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { changedInWords, checkFacts, differsInWords, unreadableInWords, valueAt } from './facts.ts';
import { fits } from './same-value.ts';
import { NODE1, NODE2, NOW_MS, configIs, listed, statusIs } from './testing/plans.ts';

let sandbox: Sandbox;
let cluster: Cluster;
/** May read nothing but the status of node 1's guests. */
let narrow: Cluster;

beforeAll(async () => {
  sandbox = await startSandbox({
    clock: new SandboxClock(NOW_MS, 0),
    passwords: { 'blind@pve': 'blind-secret' },
  });
  sandbox.state.access = {
    ...sandbox.state.access,
    users: [...sandbox.state.access.users, { userid: 'blind@pve', enable: 1, expire: 0 }],
  };
  const common = {
    url: sandbox.url,
    tls: { fingerprint: sandbox.fingerprint },
    now: () => sandbox.clock.now(),
    random: () => 1,
    sleep: () => Promise.resolve(),
  };
  cluster = connect({ ...common, auth: { kind: 'token', tokenId: sandbox.tokenId, secret: sandbox.tokenSecret } });
  narrow = connect({ ...common, auth: { kind: 'password', username: 'blind@pve', password: 'blind-secret' } });
});
afterAll(async () => {
  await cluster.close();
  await narrow.close();
  await sandbox.close();
});
afterEach(() => sandbox.faults.clear());

describe('a value as Proxmox writes it is what a fact says', () => {
  type Row = [value: unknown, is: Fact['is'], key: string, how: Fact['how'] | '', fits: boolean];
  const ROWS: Row[] = [
    ['stopped', 'stopped', 'status', '', true],
    ['running', 'stopped', 'status', '', false],
    ['512', 512, 'memory', '', true],
    [512, '512', 'memory', '', true],
    ['0.50', '0.5', 'cpulimit', '', true],
    ['512', 511, 'memory', '', false],
    [1, true, 'onboot', '', true],
    ['1', true, 'onboot', '', true],
    [undefined, false, 'onboot', '', true],
    [0, false, 'onboot', '', true],
    [undefined, true, 'onboot', '', false],
    [undefined, 0, 'onboot', '', false],
    [undefined, null, 'lock', '', true],
    ['', null, 'lock', '', true],
    [0, null, 'onboot', '', false],
    ['a;b', 'b;a', 'tags', '', true],
    ['a;b', 'b,a', 'tags', '', true],
    ['a;b;c', 'b;a', 'tags', '', false],
    [
      'virtio=BC:24:11:00:00:01,bridge=vmbr0,firewall=1',
      'virtio=bc:24:11:00:00:01,firewall=on,bridge=vmbr0',
      'net0',
      '',
      true,
    ],
    ['virtio=BC:24:11:00:00:01,bridge=vmbr0', 'virtio=BC:24:11:00:00:01,bridge=vmbr1', 'net0', '', false],
    ['local:vm-1-disk-0,size=32G,discard=on', 'file=local:vm-1-disk-0,discard=1,size=32G', 'scsi0', '', true],
    ['order=scsi0;net0', 'order=net0;scsi0', 'boot', '', false],
    ['8.8.8.8 1.1.1.1', '1.1.1.1 8.8.8.8', 'nameserver', '', false],
    ['virtio=BC:24:11:00:00:01,bridge=vmbr0', 'bridge=vmbr0', 'net0', 'parts', true],
    ['virtio=BC:24:11:00:00:01,bridge=vmbr0', 'bridge=vmbr0,tag=5', 'net0', 'parts', false],
    [undefined, 'bridge=vmbr0', 'net0', 'parts', false],
    ['anything', null, 'net0', 'known', true],
    [undefined, null, 'net0', 'known', false],
    ['running', 'stopped', 'status', 'not', true],
    ['stopped', 'stopped', 'status', 'not', false],
    [undefined, 'x', 'name', 'not', true],
    [['a', 'b'], 'b,a', 'nodes', '', true],
    [90, 3600, 'uptime', 'less', true],
    ['90', 3600, 'uptime', 'less', true],
    [3600, 3600, 'uptime', 'less', false],
    [undefined, 3600, 'uptime', 'less', false],
    ['soon', 3600, 'uptime', 'less', false],
    [3601, 3600, 'last_sync', 'more', true],
    [3600, 3600, 'last_sync', 'more', false],
    [null, 3600, 'last_sync', 'more', false],
  ];
  test.each(ROWS)('%j is %j as %s %s: %s', (value, is, key, how, expected) => {
    expect(fits(value, { at: [key], is, ...(how === '' ? {} : { how }) })).toBe(expected);
  });
});

/** As Proxmox lists it, which may name a path and a user several times. */
const ACL = [
  { path: '/', type: 'user', ugid: 'ben@pve', roleid: 'PVEAuditor', propagate: 0 },
  { path: '/', type: 'user', ugid: 'ben@pve', roleid: 'PVEAdmin', propagate: 1 },
  { path: '/pool/a,b', type: 'user', ugid: 'ben@pve', roleid: 'NoAccess', propagate: 1 },
];

test.each<[data: unknown, at: string[], value: unknown]>([
  [{ a: { b: 1 } }, ['a', 'b'], 1],
  [{ a: null }, ['a', 'b'], undefined],
  [[{ vmid: 104, name: 'x' }], ['[vmid=104]', 'name'], 'x'],
  [[{ vmid: '104', name: 'x' }], ['[vmid=104]', 'name'], 'x'],
  [[{ vmid: 105 }], ['[vmid=104]', 'name'], undefined],
  [{ data: [{ volid: 'a:b=c' }] }, ['data', '[volid=a:b=c]', 'volid'], 'a:b=c'],
  [ACL, ['[path=/]', '[ugid=ben@pve]', 'roleid'], 'PVEAuditor'],
  [ACL, ['[path=/]', '[ugid=ben@pve]', '[roleid=PVEAdmin]', 'propagate'], 1],
  [ACL, ['[path=/vms]', '[ugid=ben@pve]', 'roleid'], undefined],
  [ACL, ['[path=/]', '[nobody=1]', 'roleid'], undefined],
  [{ of: ACL }, ['of', '[path=/pool/a,b]', '[ugid=ben@pve]', 'roleid'], 'NoAccess'],
  [[{ ctime: 5 }, { ctime: '9', volid: 'new' }], ['[ctime>5]', 'volid'], 'new'],
  [[{ ctime: 5 }, { ctime: 'x' }, {}], ['[ctime>5]', 'volid'], undefined],
  [[{ a: 1 }], ['[constructor=x]'], undefined],
  [['x', 'y'], ['1'], 'y'],
  ['text', ['length'], undefined],
  [{}, ['__proto__'], undefined],
])('%j at %j is %j', (data, at, value) => {
  expect(valueAt(data, at)).toEqual(value);
});

describe('facts of the cluster', () => {
  const AGENT = `${NODE2}/qemu/104`;
  const GONE = `${NODE2}/qemu/999`;
  const waiting = (node: string, is: Fact['is']): Fact => ({
    about: `changes of the network of ${node}`,
    read: { path: `/nodes/${node}/network`, params: {} },
    at: ['changes'],
    beside: true,
    is,
  });
  type Check = [name: string, facts: Fact[], holds: boolean | 'unknown', says?: RegExp];
  const CHECKS: Check[] = [
    ['none', [], true],
    ['that hold', [statusIs(AGENT, 'stopped'), configIs(AGENT, 'cores', 4), configIs(AGENT, 'lock', null)], true],
    [
      'one that does not',
      [statusIs(AGENT, 'running'), configIs(AGENT, 'cores', 4)],
      false,
      /is stopped, and should be running/,
    ],
    ['of a guest that is not there', [statusIs(GONE, 'stopped')], false, /is gone, and should be stopped/],
    ['that a guest is not there', [configIs(GONE, 'name', null), listed(999, 'vmid', null)], true],
    ['of a guest on another node', [statusIs(`${NODE1}/qemu/104`, 'stopped')], false],
    ['of the list', [listed(104, 'node', NODE2), listed(104, 'status', 'stopped'), listed(104, 'lock', null)], true],
    ['that a guest is not there, which is', [listed(104, 'vmid', null)], false, /is 104, and should be nothing/],
    [
      'of what stands beside the data',
      [waiting(`${NODE1}`, null), { ...waiting(NODE1, ''), at: ['data'], is: null }],
      true,
    ],
    [
      'of what waits in a network',
      [{ ...waiting(NODE1, null), how: 'known' }],
      false,
      /is nothing, and should be there/,
    ],
    [
      'of a call that does not exist',
      [{ ...statusIs(AGENT, 'x'), read: { path: '/nonsense', params: {} } }],
      'unknown',
    ],
  ];
  test.each(CHECKS)('%s', async (_name, facts, holds, says = /./) => {
    const found = await checkFacts(cluster.session().reader, facts);
    expect(found.holds).toBe(holds);
    if (found.holds === false) expect(found.differs.map(differsInWords).join()).toMatch(says);
  });

  test('each read is made once, however many facts it tells', async () => {
    const session = cluster.session();
    const facts = [statusIs(AGENT, 'stopped'), configIs(AGENT, 'cores', 4), configIs(AGENT, 'name', 'build-agent')];
    await checkFacts(session.reader, [...facts, listed(104, 'node', NODE2), listed(100, 'node', NODE1)]);
    expect(session.calls.map(({ path }) => path).toSorted()).toEqual([
      '/api2/json/cluster/resources',
      '/api2/json/nodes/pve-node02/qemu/104/config',
      '/api2/json/nodes/pve-node02/qemu/104/status/current',
    ]);
  });

  test('what is out of reach is unknown, never absent', async () => {
    sandbox.faults.add({ fault: 'node_down', node: NODE2 });
    const found = await checkFacts(cluster.session().reader, [configIs(AGENT, 'lock', null), statusIs(GONE, 'x')]);
    expect(found.holds).toBe('unknown');
    if (found.holds === 'unknown') expect(found.unknown.map(unreadableInWords).join()).toMatch(/could not be read: /);
  });

  test('the status of a guest whose node does not report is unknown', async () => {
    sandbox.faults.add({ fault: 'node_down', node: NODE2 });
    await sandbox.clock.advance(60_000);
    const found = await checkFacts(cluster.session().reader, [listed(104, 'status', 'stopped')]);
    expect(found.holds).not.toBe(false);
  });

  test.each([
    ['a list that leaves it out', listed(104, 'vmid', null)],
    ['a list that leaves it out, asked for more', listed(104, 'node', NODE2)],
    ['a refused read', configIs(AGENT, 'lock', null)],
  ])('what is withheld is unknown: %s', async (_name, fact) => {
    expect((await checkFacts(narrow.session().reader, [fact])).holds).toBe('unknown');
  });

  test('one that differs decides, whatever could not be read', async () => {
    const facts = [statusIs(AGENT, 'running'), { ...statusIs(AGENT, 'x'), read: { path: '/nonsense', params: {} } }];
    const found = await checkFacts(cluster.session().reader, facts);
    expect(found.holds === false && found.differs.map(changedInWords)).toEqual([
      'status of pve-node02/qemu/104 is stopped, and was running when it was planned',
    ]);
  });
});
