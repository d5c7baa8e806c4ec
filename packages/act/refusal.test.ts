import { describe, test } from 'vitest';
import { NODE2, clone, destroy, migrate, planOf, start, stop } from './testing/plans.ts';
import { AGENT, type Case, MONITOR, check, later, onStart, starting, turnOn } from './testing/trouble.ts';

const REFUSED: Case[] = [
  {
    name: 'unreachable for a while',
    plan: starting,
    faults: [onStart({ fault: 'error', status: 595, times: 3 })],
    state: 'done',
    steps: ['done'],
    writes: 1,
  },
  {
    name: 'with a ticket that has run out, which is got anew',
    plan: starting,
    faults: [onStart({ fault: 'error', status: 401, times: 1 })],
    state: 'done',
    steps: ['done'],
    writes: 1,
  },
  {
    name: 'for a reason',
    plan: starting,
    faults: [onStart({ fault: 'error', status: 500, message: 'no' })],
    state: 'failed',
    steps: ['failed'],
    says: /Refused: .* 500: no/,
    writes: 0,
  },
  {
    name: 'for a privilege',
    plan: starting,
    faults: [{ fault: 'revoked_privilege', privilege: 'VM.PowerMgmt' }],
    state: 'failed',
    steps: ['failed'],
    says: /Give the API token root@pam!sandbox a role with VM\.PowerMgmt/,
    writes: 0,
  },
  {
    name: 'for quorum',
    plan: starting,
    faults: [{ fault: 'no_quorum' }],
    state: 'failed',
    steps: ['failed'],
    says: /quorum/,
    writes: 0,
  },
  {
    name: 'since what it relies on cannot be read',
    plan: starting,
    faults: [{ fault: 'node_down', node: NODE2 }],
    state: 'failed',
    steps: ['failed'],
    says: /Nothing was sent, since what it relies on could not be read: status of/,
    writes: 0,
  },
  {
    name: 'since its task fails',
    plan: () => planOf([{ ...migrate(MONITOR, NODE2), params: { target: NODE2, online: 1 } }]),
    state: 'failed',
    steps: ['failed'],
    says: /Its task failed: migration aborted\..*can't live migrate attached local disks/,
    writes: 1,
  },
  {
    name: 'one of several: those after it are not begun, those beside it go on',
    plan: () =>
      planOf([{ ...start(AGENT), relies_on: [] }, { ...destroy(AGENT), after: [0] }, stop(MONITOR)], {
        on_failure: 'go_on',
      }),
    others: turnOn(104),
    state: 'failed',
    steps: ['failed', 'skipped', 'done'],
    says: /Failed: 1 of 3 steps done\.[^]*already running[^]*Not begun: DELETE/,
    writes: 2,
  },
];

const LOST: Case[] = [
  {
    name: 'its node is away for a while',
    plan: () => planOf([clone(AGENT, 300)]),
    faults: [{ fault: 'node_down', node: NODE2, after_s: 5, for_s: 120 }],
    state: 'done',
    steps: ['done'],
    writes: 1,
  },
  {
    name: 'its node stays away, and another one knows how it ended',
    plan: () => planOf([clone(AGENT, 300)]),
    faults: [{ fault: 'node_down', node: NODE2, after_s: 5 }],
    state: 'done',
    steps: ['done'],
    writes: 1,
  },
  {
    name: 'its node stays away, and nobody else knows',
    plan: starting,
    faults: [{ fault: 'node_down', node: NODE2, after_s: 1 }],
    state: 'failed',
    steps: ['unknown'],
    says: /its task cannot be read any more[^]*Look at the task UPID:pve-node02:/,
    writes: 1,
  },
  {
    name: 'the token is taken away',
    plan: () => planOf([clone(AGENT, 300)]),
    others: later(5_000, ({ sandbox }) => void (sandbox.state.access = { ...sandbox.state.access, tokens: [] })),
    state: 'failed',
    steps: ['unknown'],
    says: /its task cannot be read any more.*401/,
    writes: 1,
  },
  {
    name: 'it takes longer than it may',
    plan: () => planOf([{ ...clone(AGENT, 300), limit_seconds: 60 }]),
    state: 'failed',
    steps: ['unknown'],
    says: /still runs after 60 seconds, and was left alone/,
    writes: 1,
  },
];

describe.each([
  ['a call is refused', REFUSED],
  ['a task is lost sight of:', LOST],
])('%s', (_what, cases) => {
  test.each(cases)('$name', check);
});
