import type { Job, PlanRecord } from '@pxa/contract';
import type { Fault } from '@pxa/sandbox';
import { afterEach, describe, expect, test } from 'vitest';
import { type Lab, type LabOptions, openLab } from './testing/lab.ts';
import {
  NODE1,
  NODE2,
  clone,
  configIs,
  configure,
  destroy,
  migrate,
  planOf,
  snapshot,
  start,
  statusIs,
  stop,
} from './testing/plans.ts';

let lab: Lab;
afterEach(() => lab.close());

const AGENT = `${NODE2}/qemu/104`;
const MONITOR = `${NODE1}/qemu/105`;
const START = `/nodes/${AGENT}/status/start`;
const CONFIG = `/nodes/${AGENT}/config`;

/** Something goes wrong, or somebody else is at work; and how the job ends. */
interface Case {
  readonly name: string;
  readonly plan: () => PlanRecord;
  readonly options?: LabOptions;
  readonly faults?: readonly Fault[];
  /** What others do, before the job is carried out or while it is. */
  readonly others?: (lab: Lab) => void;
  readonly state: Job['state'];
  readonly steps: readonly string[];
  readonly says?: RegExp;
  /** How many writes Proxmox took, or may have taken. */
  readonly writes: number;
}

/** Changes a guest's configuration past everybody, as another administrator would. */
function change(vmid: number, changes: Record<string, string | number | undefined>): (lab: Lab) => void {
  return ({ sandbox }) => {
    const guest = sandbox.state.guests.get(vmid);
    if (guest === undefined) throw new Error(`there is no guest ${vmid}`);
    const entries = Object.entries({ ...guest.config, ...changes });
    guest.config = Object.fromEntries(
      entries.filter((entry): entry is [string, string | number] => entry[1] !== undefined),
    );
  };
}

const turnOn =
  (vmid: number) =>
  (at: Lab): void => {
    const guest = at.sandbox.state.guests.get(vmid);
    if (guest !== undefined) guest.status = 'running';
  };

const later =
  (ms: number, work: (lab: Lab) => void) =>
  (at: Lab): void =>
    at.after(ms, async () => work(at));
const both =
  (...works: ((lab: Lab) => void)[]) =>
  (at: Lab): void =>
    works.forEach((work) => work(at));

const onStart = (fault: object): Fault => ({ method: 'POST', path: START, ...fault }) as Fault;
const onConfig = (fault: object): Fault => ({ method: 'PUT', path: CONFIG, ...fault }) as Fault;
const cores = (digest?: string) =>
  configure(AGENT, 'cores', { from: 4, to: 2, ...(digest === undefined ? {} : { digest }) });
const starting = (): PlanRecord => planOf([start(AGENT)]);

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
    says: /is nothing, and was stopped/,
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
    others: later(5_000, (at) => void begin(at, 'root@pam!sandbox')),
    state: 'failed',
    steps: ['unknown'],
    says: /several tasks could be it/,
    writes: 1,
  },
  {
    name: "cut after, and another user's task looks like it",
    plan: starting,
    faults: [onStart({ fault: 'drop', when: 'after', times: 1 })],
    others: later(5_000, (at) => void begin(at, 'root@pam')),
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
  ['what was planned on is no longer so:', DRIFTED],
  ['a lock is waited for:', LOCKED],
  ['nobody knows what became of a call:', FATE],
  ['a call is refused', REFUSED],
  ['a task is lost sight of:', LOST],
])('%s', (_what, cases) => {
  test.each(cases)('$name', async ({ plan, options, faults = [], others, state, steps, says = /./, writes }) => {
    lab = await openLab(options);
    const jobId = await lab.approved(plan());
    for (const fault of faults) lab.sandbox.faults.add(fault);
    others?.(lab);
    const job = (await lab.run(jobId)) as Job;
    const found = { state: job.state, steps: job.steps.map((step) => step.state), writes: lab.writes.length };
    const { result } = job;
    expect({ ...found, result }).toEqual({ state, steps, writes, result });
    expect(job.result).toMatch(says);
    if (state === 'done') expect(job.proof).toMatchObject({ outcome: 'verified', differs: [] });
  });
});
