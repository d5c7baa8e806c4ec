import type { Sandbox } from '@pxa/sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, NotInFacts, type Session } from './index.ts';
import { LAB_SECRET, ROOT_TOKEN, connectTo, startLab } from './testing/lab.ts';

let lab: Sandbox;
let cluster: Cluster;
let waits: number[];

beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.close());
afterEach(async () => {
  lab.faults.clear();
  await cluster.close();
});

function open(auth = ROOT_TOKEN): Session {
  waits = [];
  cluster = connectTo(lab, auth, { waits });
  return cluster.session();
}

/** The statuses of a session's calls. */
const statuses = ({ calls }: Session): number[] => calls.map(({ status }) => status);
const NARROW = { kind: 'token', tokenId: 'anna@pve!narrow', secret: LAB_SECRET } as const;

describe('what goes wrong', () => {
  interface Case {
    name: string;
    path: string;
    fault?: Parameters<Sandbox['faults']['add']>[0];
    auth?: typeof NARROW;
    problem: object;
    /** The statuses of the calls that were made. */
    calls: number[];
  }
  const CASES: Case[] = [
    {
      name: 'no privilege',
      path: '/nodes/pve2/status',
      auth: NARROW,
      problem: { kind: 'forbidden', missing: { path: '/nodes/pve2', privileges: ['Sys.Audit'] } },
      calls: [403],
    },
    { name: 'an unknown node', path: '/nodes/nope/status', problem: { kind: 'not_found' }, calls: [500] },
    { name: 'an unknown guest', path: '/nodes/pve1/qemu/999/config', problem: { kind: 'not_found' }, calls: [500] },
    {
      name: 'an unknown task',
      path: '/nodes/pve1/tasks/UPID:pve1:000019CE:03CAFC4E:6968D3C0:vzdump::root@pam:/status',
      problem: { kind: 'not_found', errors: { upid: 'no such task' } },
      calls: [400],
    },
    {
      name: 'a node that is down',
      path: '/nodes/pve2/status',
      fault: { fault: 'node_down', node: 'pve2' },
      problem: { kind: 'node_unreachable', status: 595 },
      calls: [595, 595],
    },
    {
      name: 'a hang behind the proxy',
      path: '/nodes/pve2/status',
      fault: { fault: 'hang' },
      problem: { kind: 'node_unreachable', status: 596 },
      calls: [596, 596, 596],
    },
    {
      name: 'an error of Proxmox',
      path: '/version',
      fault: { fault: 'error', status: 500, message: 'got timeout' },
      problem: { kind: 'server', status: 500 },
      calls: [500],
    },
    {
      name: 'a gateway in trouble',
      path: '/version',
      fault: { fault: 'error', status: 503 },
      problem: { kind: 'server', status: 503 },
      calls: [503, 503, 503],
    },
    {
      name: 'connections that are cut',
      path: '/version',
      fault: { fault: 'drop' },
      problem: { kind: 'unreachable', status: 0 },
      calls: [0, 0, 0],
    },
    { name: 'no such path', path: '/nodes/pve1/nonsense', problem: { kind: 'invalid', status: 0 }, calls: [] },
    {
      name: 'no such parameter',
      path: '/version?verbose=1',
      problem: { kind: 'invalid', message: expect.stringContaining('no parameter verbose') },
      calls: [],
    },
    {
      name: 'a value that Proxmox would refuse',
      path: '/cluster/resources?type=cow',
      problem: { kind: 'invalid', errors: { type: expect.stringContaining('enumeration') } },
      calls: [],
    },
    {
      name: 'a path out of its place',
      path: '/nodes/..%2f..%2faccess/status',
      problem: { kind: 'invalid' },
      calls: [],
    },
  ];
  test.each(CASES)('$name', async ({ path, fault, auth, problem, calls }) => {
    if (fault !== undefined) lab.faults.add(fault);
    const session = open(auth);
    expect(await session.reader.getRaw(path)).toMatchObject({ ok: false, problem, call: calls.length - 1 });
    expect(statuses(session)).toEqual(calls);
  });
});

test.each([
  ['gateway', { fault: 'error', status: 502, times: 2 }, [502, 502, 200], [200, 400]],
  ['connection', { fault: 'drop', times: 1 }, [0, 200], [200]],
] as const)('a passing trouble of the %s costs an attempt, not the answer', async (_what, fault, calls, waited) => {
  const session = open();
  lab.faults.add(fault);
  expect(await session.reader.get('/version', {})).toMatchObject({ ok: true, call: calls.length - 1 });
  expect(statuses(session)).toEqual(calls);
  expect(waits).toEqual(waited);
});

test('a node that is down is still asked each time, but only once', async () => {
  lab.faults.add({ fault: 'node_down', node: 'pve2' });
  const session = open();
  for (let i = 0; i < 3; i++) await session.reader.get('/nodes/{node}/status', { node: 'pve2' });
  expect(statuses(session)).toEqual([595, 595, 595, 595]);
  lab.faults.clear();
  expect(await session.reader.get('/nodes/{node}/status', { node: 'pve2' })).toMatchObject({ ok: true });
});

test('a person may write a path in several ways', async () => {
  const { reader, calls } = open();
  for (const path of ['/version', 'version', '/api2/json/version', ' /version ', 'api2/json/version']) {
    expect(await reader.getRaw(path)).toMatchObject({ ok: true });
  }
  expect(await reader.getRaw('/cluster/resources?type=node')).toMatchObject({ ok: true });
  expect(await reader.getRaw('/cluster/resources', { type: 'node' })).toMatchObject({ ok: true });
  expect(calls.at(-1)?.path).toBe('/api2/json/cluster/resources?type=node');
});

test('a call that the facts do not know is a bug of ours, and says so', async () => {
  const { reader, calls } = open();
  // @ts-expect-error no such route
  await expect(reader.get('/nonsense', {})).rejects.toThrow(NotInFacts);
  // @ts-expect-error no such parameter
  await expect(reader.get('/version', { verbose: 1 })).rejects.toThrow(NotInFacts);
  // @ts-expect-error a parameter of the path is missing
  await expect(reader.get('/nodes/{node}/status', {})).rejects.toThrow(NotInFacts);
  // @ts-expect-error the reader knows no way to write
  expect([reader.post, reader.put, reader.delete, reader.write]).toEqual([undefined, undefined, undefined, undefined]);
  // A value, however, may have come from the cluster itself.
  const read = await reader.get('/nodes/{node}/status', { node: 'pve1/qemu' });
  expect(read).toMatchObject({
    ok: false,
    problem: { kind: 'invalid', errors: { node: expect.any(String) } },
    call: -1,
  });
  expect(calls).toEqual([]);
});

test('what a password is in a query is not shown', async () => {
  const { reader, calls } = open();
  await reader.get('/nodes/{node}/scan/cifs', { node: 'pve1', server: 'nas', username: 'me', password: 'hunter22' });
  expect(calls[0]?.path).toContain('password=hidden');
  expect(JSON.stringify(calls)).not.toContain('hunter22');
});

describe('reads in flight at the same moment', () => {
  test('share one request where they are the same, and each session has it among its calls', async () => {
    const one = open();
    const told: string[] = [];
    const other = cluster.session({ onCall: (call) => told.push(call.path) });
    lab.faults.add({ fault: 'error', status: 500, message: 'only once', times: 1 });
    const results = await Promise.all([
      one.reader.get('/version', {}),
      one.reader.get('/version', {}),
      other.reader.getRaw('/version'),
    ]);
    expect(results.map((result) => result.ok)).toEqual([false, false, false]);
    expect(results.map((result) => result.call)).toEqual([0, 1, 0]);
    expect([statuses(one), statuses(other)]).toEqual([[500, 500], [500]]);
    expect(told).toEqual(['/api2/json/version']);
    // Afterwards nothing is remembered.
    expect(await one.reader.get('/version', {})).toMatchObject({ ok: true });
  });

  test('do not share where they differ', async () => {
    const { reader } = open();
    lab.faults.add({ fault: 'error', status: 500, times: 1 });
    const results = await Promise.all([
      reader.getRaw('/cluster/resources'),
      reader.getRaw('/cluster/resources?type=vm'),
    ]);
    expect(results.map((result) => result.ok)).toEqual([false, true]);
  });

  test('keep the order in which they were asked for', async () => {
    const session = open();
    const paths = [
      '/version',
      '/nodes',
      '/cluster/status',
      '/cluster/resources',
      '/access/roles',
      '/pools',
      '/storage',
      '/access/users',
    ] as const;
    await Promise.all(paths.map((path) => session.reader.getRaw(path)));
    expect(session.calls.map((call) => call.path)).toEqual(paths.map((path) => `/api2/json${path}`));
  });
});

describe('a session that is cancelled', () => {
  test('ends at once, and only for itself', async () => {
    lab.faults.add({ fault: 'hang', path: '/version', times: 1 });
    const controller = new AbortController();
    open();
    const mine = cluster.session({ signal: controller.signal });
    const others = cluster.session();
    const reading = mine.reader.get('/version', {}, { timeoutMs: 300 });
    const shared = others.reader.get('/version', {}, { timeoutMs: 300 });
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    expect(await reading).toMatchObject({ ok: false, problem: { kind: 'cancelled' } });
    expect(mine.calls).toMatchObject([{ status: 0, error: 'cancelled' }]);
    expect(await shared).toMatchObject({ ok: false, problem: { kind: 'timeout' } });
    expect(await mine.reader.get('/version', {})).toMatchObject({
      ok: false,
      problem: { kind: 'cancelled' },
      call: -1,
    });
  });

  test('as is every session when the cluster is closed', async () => {
    lab.faults.add({ fault: 'hang' });
    const { reader } = open();
    const reading = reader.get('/version', {});
    await new Promise((resolve) => setImmediate(resolve));
    await cluster.close();
    expect(await reading).toMatchObject({ ok: false, problem: { kind: 'cancelled' } });
    expect(await reader.get('/nodes', {})).toMatchObject({ ok: false, problem: { kind: 'cancelled' } });
  });
});
