import { describe, test } from 'vitest';
import type { Fault } from '@pxa/sandbox';
import { NODE2, clone, planOf, reboot, start } from './testing/plans.ts';
import type { Lab } from './testing/lab.ts';
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
  onStart,
  starting,
  turnOn,
} from './testing/trouble.ts';

const TEMPLATE = `${NODE2}/qemu/9000`;
// Whole with what is given.
const onClone = (fault: object): Fault => ({ method: 'POST', path: `/nodes/${TEMPLATE}/clone`, ...fault }) as Fault;

const FATE: Case[] = [
  {
    name: 'cut before',
    plan: starting,
    faults: [onStart({ fault: 'drop', times: 1 })],
    state: 'done',
    steps: ['done'],
    writes: 2,
  },
  {
    name: 'cut after',
    plan: starting,
    faults: [onStart({ fault: 'drop', when: 'after', times: 1 })],
    state: 'done',
    steps: ['done'],
    writes: 1,
  },
  {
    name: 'a gateway in trouble',
    plan: starting,
    faults: [onStart({ fault: 'error', status: 502, times: 1 })],
    state: 'done',
    steps: ['done'],
    writes: 2,
  },
  {
    name: 'a silent node',
    plan: starting,
    faults: [onStart({ fault: 'error', status: 596, times: 1 })],
    state: 'done',
    steps: ['done'],
    writes: 2,
  },
  ...[-600_000, 600_000].map((skewMs): Case => ({
    name: `cut after, while our clock is ${skewMs / 1_000} s ahead`,
    plan: () => planOf([reboot(MONITOR)]),
    faults: [{ fault: 'drop', method: 'POST', path: `/nodes/${MONITOR}/status/reboot`, when: 'after', times: 1 }],
    skewMs,
    state: 'done',
    steps: ['done'],
    writes: 1,
  })),
  {
    name: 'locked first, which does not count, and then cut before',
    plan: starting,
    faults: [
      onStart({ fault: 'error', status: 500, message: 'VM is locked (backup)', times: 1 }),
      onStart({ fault: 'drop', times: 1, after_s: 2 }),
    ],
    state: 'done',
    steps: ['done'],
    writes: 2,
  },
  {
    name: 'cut before, of a call that relies on nothing',
    plan: () => planOf([{ ...start(AGENT), relies_on: [] }]),
    faults: [onStart({ fault: 'drop', times: 1 })],
    state: 'failed',
    steps: ['unknown'],
    writes: 1,
  },
  {
    name: 'both of two cut after, whose tasks look the same',
    plan: () => planOf([clone(TEMPLATE, 300, { full: 0 }), clone(TEMPLATE, 301, { full: 0 })]),
    faults: [onClone({ fault: 'drop', when: 'after', times: 2 })],
    state: 'done',
    steps: ['done', 'done'],
    writes: 2,
  },
  {
    name: 'the second of two cut before, whose tasks look the same',
    plan: () => planOf([clone(TEMPLATE, 300, { full: 0 }), { ...clone(TEMPLATE, 301, { full: 0 }), after: [0] }]),
    faults: [onClone({ fault: 'drop', times: 1, after_s: 0.2 })],
    state: 'done',
    steps: ['done', 'done'],
    writes: 3,
  },
  {
    name: 'cut before, twice',
    plan: starting,
    faults: [onStart({ fault: 'drop', times: 2 })],
    state: 'failed',
    steps: ['unknown'],
    says: /no task of it was begun, though it was asked for twice\. It was not asked for again\. Look at the tasks of pve-node02 \(qmstart 104\)/,
    writes: 2,
  },
  {
    name: 'cut before, and somebody else does it',
    plan: starting,
    faults: [onStart({ fault: 'drop', times: 1 })],
    others: later(5_000, turnOn(104)),
    state: 'done',
    steps: ['done'],
    writes: 1,
  },
  {
    name: 'cut before, and the guest is removed',
    plan: starting,
    faults: [onStart({ fault: 'drop', times: 1 })],
    others: later(5_000, (at) => void at.sandbox.state.guests.delete(104)),
    state: 'failed',
    steps: ['unknown'],
    writes: 1,
  },
  {
    name: 'cut after, and two tasks look like it',
    plan: starting,
    faults: [onStart({ fault: 'drop', when: 'after', times: 1 })],
    others: (at) => void begin(at, 'root@pam!sandbox'),
    state: 'failed',
    steps: ['unknown'],
    says: /several tasks could be it/,
    writes: 1,
  },
  {
    name: "cut after, and another user's task looks like it",
    plan: starting,
    faults: [onStart({ fault: 'drop', when: 'after', times: 1 })],
    others: (at) => void begin(at, 'root@pam'),
    state: 'done',
    steps: ['done'],
    writes: 1,
  },
  {
    name: 'cut after, and its task ends with warnings',
    plan: starting,
    faults: [onStart({ fault: 'drop', times: 1 })],
    others: later(
      5_000,
      both(turnOn(104), (at) => void begin(at, 'root@pam!sandbox')),
    ),
    state: 'done',
    steps: ['done'],
    says: /1 with warnings[^]*ended with 1\. WARN: careful/,
    writes: 1,
  },
  {
    name: 'a change cut before',
    plan: () => planOf([cores()]),
    faults: [onConfig({ fault: 'drop', times: 1 })],
    state: 'done',
    steps: ['done'],
    writes: 2,
  },
  {
    name: 'a change cut after',
    plan: () => planOf([cores()]),
    faults: [onConfig({ fault: 'drop', when: 'after', times: 1 })],
    state: 'done',
    steps: ['done'],
    writes: 1,
  },
  {
    name: 'a change cut before, and somebody else makes another',
    plan: () => planOf([cores()]),
    faults: [onConfig({ fault: 'drop', times: 1 })],
    others: later(5_000, change(104, { cores: 8 })),
    state: 'failed',
    steps: ['unknown'],
    says: /neither as it was before nor as it should be after[^]*Look at what is at \/nodes\/pve-node02\/qemu\/104\/config/,
    writes: 1,
  },
  {
    name: 'a change cut after, of which nothing can be read',
    plan: () => planOf([{ ...cores(), expects: [] }]),
    faults: [onConfig({ fault: 'drop', when: 'after', times: 1 })],
    state: 'failed',
    steps: ['unknown'],
    says: /nothing that can be read shows whether it was done/,
    writes: 1,
  },
  {
    name: 'cut after, while its node is away',
    plan: starting,
    faults: [
      onStart({ fault: 'drop', when: 'after', times: 1 }),
      { fault: 'node_down', node: NODE2, after_s: 1, for_s: 60 },
    ],
    state: 'done',
    steps: ['done'],
    writes: 1,
  },
  {
    name: 'cut after, and its node stays away',
    plan: starting,
    faults: [onStart({ fault: 'drop', times: 1 }), { fault: 'node_down', node: NODE2, after_s: 1 }],
    state: 'failed',
    steps: ['unknown'],
    says: /the tasks of pve-node02 could not be read/,
    writes: 1,
  },
];

/** A task like the one that a start of 104 begins, with a warning. */
function begin(at: Lab, user: string): string {
  const run: Parameters<typeof at.sandbox.tasks.start>[0]['run'] = async (task) => {
    task.warn('careful');
    await task.wait(1_000);
  };
  return at.sandbox.tasks.start({ type: 'qmstart', id: '104', node: NODE2, user, run });
}

describe('nobody knows what became of a call:', () => {
  test.each(FATE)('$name', check);
});
