import { describe, test } from 'vitest';
import { configIs, planOf, snapshot, start, statusIs, stop } from './testing/plans.ts';
import {
  AGENT,
  type Case,
  MONITOR,
  both,
  change,
  check,
  cores,
  later,
  onConfig,
  starting,
  turnOn,
} from './testing/trouble.ts';

const DRIFTED: Case[] = [
  {
    name: 'the guest has been started by somebody else',
    plan: starting,
    others: turnOn(104),
    state: 'drifted',
    steps: ['skipped'],
    says: /status of pve-node02\/qemu\/104 is running, and was stopped when it was planned[^]*Ask for it again|Ask for it again[^]*is running, and was stopped/,
    writes: 0,
  },
  {
    name: 'the guest is gone',
    plan: starting,
    others: (at) => void at.sandbox.state.guests.delete(104),
    state: 'drifted',
    steps: ['skipped'],
    says: /is gone, and was stopped/,
    writes: 0,
  },
  {
    name: 'what was begun goes on to its end, and nothing more is begun',
    plan: () => planOf([{ ...snapshot(MONITOR, 'before'), undo: [] }, start(AGENT), { ...stop(MONITOR), after: [0] }]),
    others: turnOn(104),
    state: 'drifted',
    steps: ['done', 'skipped', 'skipped'],
    says: /Done, and left so: POST .*105\/snapshot[^]*Not begun: POST .*105\/status\/stop/,
    writes: 1,
  },
  {
    name: 'one of many, the others go on',
    plan: () => planOf([start(AGENT), stop(MONITOR)], { on_failure: 'go_on' }),
    others: turnOn(104),
    state: 'drifted',
    steps: ['skipped', 'done'],
    writes: 1,
  },
  {
    name: 'refused by the digest',
    plan: () => planOf([{ ...cores('0'.repeat(40)), relies_on: [configIs(AGENT, 'cores', 4)] }]),
    state: 'drifted',
    steps: ['skipped'],
    says: /changed by somebody else/,
    writes: 0,
  },
];

const LOCKED: Case[] = [
  {
    name: 'until a backup has ended, and then done',
    plan: starting,
    others: both(change(104, { lock: 'backup' }), later(60_000, change(104, { lock: undefined }))),
    state: 'done',
    steps: ['done'],
    writes: 1,
  },
  {
    name: 'refused in the task, and then done',
    plan: () => planOf([{ ...start(AGENT), relies_on: [statusIs(AGENT, 'stopped')] }]),
    others: both(change(104, { lock: 'backup' }), later(20_000, change(104, { lock: undefined }))),
    state: 'done',
    steps: ['done'],
    writes: 4,
  },
  {
    name: 'refused at once, and then done',
    plan: () => planOf([cores()]),
    others: both(change(104, { lock: 'backup' }), later(20_000, change(104, { lock: undefined }))),
    state: 'done',
    steps: ['done'],
    writes: 1,
  },
  {
    name: 'by the cluster, and then done',
    plan: () => planOf([cores()]),
    faults: [
      onConfig({ fault: 'error', status: 500, message: "cfs-lock 'file-x' error: got lock request timeout", times: 3 }),
    ],
    state: 'done',
    steps: ['done'],
    writes: 1,
  },
  {
    name: 'for longer than the step may take',
    plan: () => planOf([{ ...start(AGENT), limit_seconds: 120 }]),
    others: change(104, { lock: 'backup' }),
    state: 'failed',
    steps: ['failed'],
    says: /Nothing was done within 2 minutes: lock of .*104 is backup/,
    writes: 0,
  },
  {
    name: 'and when it is let go, the guest is another',
    plan: starting,
    others: both(change(104, { lock: 'backup' }), later(30_000, both(change(104, { lock: undefined }), turnOn(104)))),
    state: 'drifted',
    steps: ['skipped'],
    writes: 0,
  },
];

describe.each([
  ['what was planned on is no longer so:', DRIFTED],
  ['a lock is waited for:', LOCKED],
])('%s', (_what, cases) => {
  test.each(cases)('$name', check);
});
