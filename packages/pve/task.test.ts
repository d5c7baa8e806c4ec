import { type Sandbox, SandboxClock } from '@pxa/sandbox';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Cluster } from './index.ts';
import { type FollowOptions, type Followed, type LogLine, endOf, followTask } from './task.ts';
import { LAB_NOW_MS, connectTo, startLab } from './testing/lab.ts';

let lab: Sandbox;
let clock: SandboxClock;
let cluster: Cluster;

beforeEach(async () => {
  clock = new SandboxClock(LAB_NOW_MS, 0);
  lab = await startLab({ clock });
  cluster = connectTo(lab);
});
afterEach(async () => {
  await cluster.close();
  await lab.close();
});

type Work = Parameters<Sandbox['tasks']['start']>[0]['run'];

function start(run: Work, node = 'pve1'): string {
  return lab.tasks.start({ type: 'qmstart', id: '100', node, user: 'root@pam', run });
}

/** Follows a task in the sandbox's time: waiting lets that time pass. */
function follow(upid: string, options: Partial<FollowOptions> = {}): Promise<Followed> {
  return followTask(cluster.session().reader, upid, {
    now: () => clock.now(),
    sleep: async (ms) => {
      await clock.advance(ms);
      await new Promise((resolve) => setImmediate(resolve)); // The task's own work goes on in between.
    },
    timeoutMs: 600_000,
    ...options,
  });
}

const ENDS: [name: string, run: Work, end: object][] = [
  [
    'OK',
    async (task) => {
      task.log('a');
      await task.wait(3_000);
      task.log('b');
    },
    { kind: 'ok' },
  ],
  ['at once', () => undefined, { kind: 'ok' }],
  [
    'warnings',
    async (task) => {
      task.warn('careful');
      await task.wait(1_000);
      task.warn('again');
    },
    { kind: 'warnings', count: 2 },
  ],
  [
    'error',
    async (task) => {
      await task.wait(1_000);
      throw new Error('start failed: QEMU exited with code 1');
    },
    { kind: 'error', text: 'start failed: QEMU exited with code 1' },
  ],
];

test.each(ENDS)('a task that ends with %s', async (_name, run, end) => {
  const told: LogLine[] = [];
  const followed = await follow(start(run), { onLine: (line) => told.push(line) });
  expect(followed.end).toEqual(end);
  expect(followed.lines).toEqual(told);
  expect(followed.lines.map(({ n }) => n)).toEqual(told.map((_line, i) => i + 1));
  expect(followed.lines.at(-1)?.text).toMatch(/^TASK /);
  expect(followed.nextLine).toBe(told.length + 1);
});

test('a task on another node', async () => {
  const followed = await follow(start(async (task) => task.wait(5_000), 'pve2'));
  expect(followed.end).toEqual({ kind: 'ok' });
});

describe('a long log', () => {
  const LINES = 1_700;
  const talk: Work = async (task) => {
    for (let i = 1; i <= LINES; i++) {
      task.log(`line ${i}`);
      if (i % 600 === 0) await task.wait(2_000);
    }
  };

  test('is read whole, page by page, each line once', async () => {
    const { lines } = await follow(start(talk));
    expect(lines.map(({ n }) => n)).toEqual(Array.from({ length: LINES + 1 }, (_, i) => i + 1));
  });

  test('is read from a line on', async () => {
    const { lines, nextLine } = await follow(start(talk), { fromLine: 1_695 });
    expect(lines.map(({ n }) => n)).toEqual([1695, 1696, 1697, 1698, 1699, 1700, 1701]);
    expect(nextLine).toBe(1702);
  });

  test('is read as far as was wanted', async () => {
    const { lines, end } = await follow(start(talk), { maxLines: 7 });
    expect(lines).toHaveLength(7);
    expect(end).toEqual({ kind: 'ok' });
  });
});

describe('a task that is not followed to its end', () => {
  const forever: Work = (task) => task.wait(10 * 3_600_000);

  test('since it takes too long', async () => {
    const begun = clock.now();
    const { end } = await follow(start(forever), { timeoutMs: 60_000 });
    expect(end).toEqual({ kind: 'not_followed', why: 'time_limit' });
    expect(clock.now() - begun).toBeLessThanOrEqual(60_000);
  });

  test('since nobody wants to know any more', async () => {
    const controller = new AbortController();
    const sleep = (): Promise<void> => Promise.resolve(controller.abort());
    const { end } = await follow(start(forever), { sleep, signal: controller.signal });
    expect(end).toEqual({ kind: 'not_followed', why: 'cancelled' });
  });

  test('since there is no such task', async () => {
    const { end } = await follow('UPID:pve1:000019CE:03CAFC4E:6968D3C0:vzdump::root@pam:');
    expect(end).toMatchObject({ kind: 'not_followed', why: 'unreadable', problem: { kind: 'not_found' } });
  });

  test('since its node stays away', async () => {
    const upid = start(forever, 'pve2');
    lab.faults.add({ fault: 'node_down', node: 'pve2' });
    const { end } = await follow(upid);
    expect(end).toMatchObject({ kind: 'not_followed', why: 'unreadable', problem: { kind: 'node_unreachable' } });
  });
});

test('a node that is away for a while does not end the following', async () => {
  const upid = start((task) => task.wait(60_000), 'pve2');
  lab.faults.add({ fault: 'node_down', node: 'pve2', for_s: 10 });
  expect((await follow(upid)).end).toEqual({ kind: 'ok' });
});

test('what is no UPID is a bug of ours', async () => {
  await expect(follow('UPID:nonsense')).rejects.toThrow(TypeError);
});

test.each([
  ['OK', { kind: 'ok' }],
  ['WARNINGS: 3', { kind: 'warnings', count: 3 }],
  ['unexpected status', { kind: 'unexpected' }],
  [null, { kind: 'unexpected' }],
  ['job errors', { kind: 'error', text: 'job errors' }],
  ['received interrupt', { kind: 'error', text: 'received interrupt' }],
])('exit status %j', (status, end) => {
  expect(endOf(status)).toEqual(end);
});
