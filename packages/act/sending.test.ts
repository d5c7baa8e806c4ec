import type { Job, JobStep, PlanRecord } from '@pxa/contract';
import type { Fault } from '@pxa/sandbox';
import type { Store } from '@pxa/store';
import { describe, expect, test } from 'vitest';
import { cancelJob } from './begin.ts';
import { type Lab, openLab, withMethod } from './testing/lab.ts';
import { type HandMade, clone, configIs, configure, listed, person, planOf, snapshot } from './testing/plans.ts';
import { AGENT, change, later, onConfig, onStart, starting, turnOn } from './testing/trouble.ts';

/** What was kept of a job's steps, in order: where the step stands, how often it was sent, and what was said. */
interface Case {
  readonly name: string;
  readonly plan: () => PlanRecord;
  readonly faults?: readonly Fault[];
  readonly others?: (lab: Lab) => void;
  /** What others do right when a call is about to be made for the n-th time. */
  readonly onIntent?: (lab: Lab, nth: number) => void;
  readonly cancelledMs?: number;
  readonly kept: readonly string[];
  /** What the audit log has of each call. */
  readonly calls?: readonly string[];
  readonly secrets?: readonly string[];
  readonly state?: Job['state'];
}

/** Without what differs from run to run, and what each line would say again. */
const short = (text: string): string =>
  text
    .replace(/UPID:\S+/g, 'UPID')
    .replace(/127\.0\.0\.1:\d+/g, 'HERE')
    .replace(/\/nodes\/pve-node02\/(?:qemu|lxc)\/\d+/g, '…')
    .replace(/ Ask again; if it stays so, .*/, '');

const said = ({ state, sent = 0, undoing }: JobStep, text: string): string =>
  `${state} ${sent}${undoing === undefined ? '' : ' undoing'}: ${short(text)}`;

async function check({
  plan,
  faults = [],
  others,
  onIntent,
  cancelledMs,
  kept,
  calls,
  secrets = [],
  state = 'done',
}: Case): Promise<void> {
  const [written, revealed]: [string[], string[]] = [[], []];
  let intents = 0;
  const tamper = (store: Store): Store =>
    withMethod(store, 'step', async (claim, step, events, audit) => {
      await store.step(claim, step, events, audit);
      for (const { kind, text } of events) if (kind === 'step') written.push(said(step, text));
      if (step.state === 'intended' && /asked of Proxmox/.test(events[0]?.text ?? '')) onIntent?.(lab, (intents += 1));
    });
  const lab = await openLab({ tamper });
  try {
    const jobId = await lab.approved(plan());
    for (const fault of faults) lab.sandbox.faults.add(fault);
    others?.(lab);
    const deps = { store: lab.store, now: () => lab.sandbox.clock.now() };
    if (cancelledMs !== undefined) lab.after(cancelledMs, () => cancelJob(deps, jobId, person('ben')));
    const onSecret = (secret: { about: string; value: string }): void =>
      void revealed.push(`${secret.about} ${secret.value}`);
    const job = (await lab.run(jobId, { hooks: { onSecret } })) as Job; // the processes of these cases do not die
    expect(written).toEqual(kept);
    expect(job.state).toBe(state);
    expect(revealed.map((each) => each.replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/, 'UUID'))).toEqual(
      secrets,
    );
    const log = await lab.store.auditLog(0, 100);
    const results = log.filter(({ kind }) => kind === 'call.sent').map(({ data }) => short(String(data['result'])));
    if (calls !== undefined) expect(results).toEqual(calls);
    const everything = JSON.stringify([log, await lab.store.events(jobId, 0, 1_000), job]);
    for (const secret of revealed) expect(everything).not.toContain(secret.split(' ').at(-1));
  } finally {
    await lab.close();
  }
}

/** A change of the cores, that relies on something that stays as it is. */
const cores = (more: Partial<HandMade> = {}): PlanRecord =>
  planOf([
    { ...configure(AGENT, 'cores', { from: 4, to: 2 }), relies_on: [configIs(AGENT, 'name', 'build-agent')], ...more },
  ]);
const MODIFIED = 'detected modified configuration - file changed by other user? Try again.';
const token: HandMade = { call: 'POST /access/users/root@pam/token/fresh', expects: [] };

const SENT: Case[] = [
  {
    name: 'a call with a task',
    plan: starting,
    kept: [
      'intended 1: POST …/status/start: asked of Proxmox.',
      'waiting 1: A task began: UPID',
      'done 1: POST …/status/start: Done: its task ended OK.',
    ],
    calls: ['A task began: UPID'],
  },
  {
    name: 'a call without one',
    plan: () => cores(),
    kept: ['intended 1: PUT …/config: asked of Proxmox.', 'done 1: PUT …/config: Done.'],
    calls: ['accepted'],
  },
];

const REFUSED: Case[] = [
  {
    name: 'by a lock, which does not count as sent',
    plan: starting,
    faults: [onStart({ fault: 'error', status: 500, message: 'VM is locked (backup)', times: 2 })],
    kept: [
      'intended 1: POST …/status/start: asked of Proxmox.',
      'pending 0: Nothing was done: POST …/status/start at HERE answered 500: VM is locked (backup)',
      'intended 1: POST …/status/start: asked of Proxmox.',
      'pending 0: Nothing was done: POST …/status/start at HERE answered 500: VM is locked (backup)',
      'intended 1: POST …/status/start: asked of Proxmox.',
      'waiting 1: A task began: UPID',
      'done 1: POST …/status/start: Done: its task ended OK.',
    ],
  },
  {
    name: 'by the digest, at the first time: it has drifted, even where it is as it should be',
    plan: () => cores(),
    faults: [onConfig({ fault: 'error', status: 500, message: MODIFIED, times: 1 })],
    onIntent: change(104, { cores: 2 }),
    kept: [
      'intended 1: PUT …/config: asked of Proxmox.',
      'skipped 1: PUT …/config: Nothing was done: the configuration has been changed by somebody else meanwhile.',
    ],
    state: 'drifted',
  },
  {
    name: 'by the digest, at the second time, since the first request came through after all',
    plan: () => cores(),
    faults: [
      onConfig({ fault: 'drop', times: 1 }),
      onConfig({ fault: 'error', status: 500, message: MODIFIED, times: 1, after_s: 60 }),
    ],
    onIntent: (lab, nth) => nth === 2 && change(104, { cores: 2 })(lab),
    kept: [
      'intended 1: PUT …/config: asked of Proxmox.',
      'intended 1: It is not known whether it was done: HERE closed the connection before it had answered PUT …/config.',
      'intended 1: It was not done: nothing of it is to be seen. It is asked for once more.',
      'intended 2: PUT …/config: asked of Proxmox.',
      'done 2: PUT …/config: Done: the first request had come through after all.',
    ],
  },
  {
    name: 'by the digest, at the second time, since somebody else changed it',
    plan: () => cores(),
    faults: [
      onConfig({ fault: 'drop', times: 1 }),
      onConfig({ fault: 'error', status: 500, message: MODIFIED, times: 1, after_s: 60 }),
    ],
    kept: [
      'intended 1: PUT …/config: asked of Proxmox.',
      'intended 1: It is not known whether it was done: HERE closed the connection before it had answered PUT …/config.',
      'intended 1: It was not done: nothing of it is to be seen. It is asked for once more.',
      'intended 2: PUT …/config: asked of Proxmox.',
      'skipped 2: PUT …/config: Nothing was done: the configuration has been changed by somebody else meanwhile.',
    ],
    state: 'drifted',
  },
  {
    name: 'for good',
    plan: starting,
    faults: [onStart({ fault: 'error', status: 500, message: 'no' })],
    kept: [
      'intended 1: POST …/status/start: asked of Proxmox.',
      'failed 1: POST …/status/start: Refused: POST …/status/start at HERE answered 500: no',
    ],
    state: 'failed',
  },
];

const UNKNOWN: Case[] = [
  {
    name: 'cut before, asked for again',
    plan: starting,
    faults: [onStart({ fault: 'drop', times: 1 })],
    kept: [
      'intended 1: POST …/status/start: asked of Proxmox.',
      'intended 1: It is not known whether it was done: HERE closed the connection before it had answered POST …/status/start.',
      'intended 1: It was not done: no task of it was begun. It is asked for once more.',
      'intended 2: POST …/status/start: asked of Proxmox.',
      'waiting 2: A task began: UPID',
      'done 2: POST …/status/start: Done: its task ended OK.',
    ],
  },
  {
    name: 'cut after, its task found',
    plan: starting,
    faults: [onStart({ fault: 'drop', when: 'after', times: 1 })],
    kept: [
      'intended 1: POST …/status/start: asked of Proxmox.',
      'intended 1: It is not known whether it was done: HERE closed the connection before it had answered POST …/status/start.',
      'waiting 1: Its task was found: UPID',
      'done 1: POST …/status/start: Done: its task ended OK.',
    ],
  },
  {
    name: 'a change cut before, and made by somebody else while it is looked for',
    plan: () => cores(),
    faults: [onConfig({ fault: 'drop', times: 1 })],
    others: later(5_000, change(104, { cores: 2 })),
    kept: [
      'intended 1: PUT …/config: asked of Proxmox.',
      'intended 1: It is not known whether it was done: HERE closed the connection before it had answered PUT …/config.',
      'done 1: PUT …/config: Done: there was no answer, but a fresh read shows it.',
    ],
  },
  {
    name: 'cut before, and made by somebody else',
    plan: starting,
    faults: [onStart({ fault: 'drop', times: 1 })],
    others: later(5_000, turnOn(104)),
    kept: [
      'intended 1: POST …/status/start: asked of Proxmox.',
      'intended 1: It is not known whether it was done: HERE closed the connection before it had answered POST …/status/start.',
      'done 1: POST …/status/start: Done: there was no answer, but a fresh read shows it.',
    ],
  },
  {
    name: 'cut before, and the job is cancelled while it is looked for: it is not asked for again',
    plan: starting,
    faults: [onStart({ fault: 'drop', times: 1 })],
    cancelledMs: 20_000,
    kept: [
      'intended 1: POST …/status/start: asked of Proxmox.',
      'intended 1: It is not known whether it was done: HERE closed the connection before it had answered POST …/status/start.',
      'skipped 1: POST …/status/start: Not done: no task of it was begun, and the job was cancelled.',
    ],
    state: 'cancelled',
  },
  {
    name: 'an undo that is cut before, of a step that was cut before: each counts by itself',
    plan: () =>
      planOf([
        snapshot(AGENT, 'first'),
        { ...clone(AGENT, 105), relies_on: [listed(104, 'vmid', 104)], expects: [], after: [0] },
      ]),
    faults: [
      { fault: 'drop', method: 'POST', path: `/nodes/${AGENT}/snapshot`, times: 1 },
      { fault: 'drop', method: 'DELETE', path: `/nodes/${AGENT}/snapshot/first`, times: 1 },
    ],
    kept: [
      'intended 1: POST …/snapshot: asked of Proxmox.',
      'intended 1: It is not known whether it was done: HERE closed the connection before it had answered POST …/snapshot.',
      'intended 1: It was not done: no task of it was begun. It is asked for once more.',
      'intended 2: POST …/snapshot: asked of Proxmox.',
      'waiting 2: A task began: UPID',
      'done 2: POST …/snapshot: Done: its task ended OK.',
      'intended 1: POST …/clone: asked of Proxmox.',
      "failed 1: POST …/clone: Refused: POST …/clone at HERE answered 500: unable to create VM 105 - VM 105 already exists on node 'pve-node01'",
      'intended 1 undoing: DELETE …/snapshot/first: asked of Proxmox.',
      'intended 1 undoing: It is not known whether it was done: HERE closed the connection before it had answered DELETE …/snapshot/first.',
      'intended 1 undoing: It was not done: no task of it was begun. It is asked for once more.',
      'intended 2 undoing: DELETE …/snapshot/first: asked of Proxmox.',
      'waiting 2 undoing: A task began: UPID',
      'undone 2 undoing: DELETE …/snapshot/first: Done: its task ended OK.',
    ],
    state: 'failed',
  },
];

const SECRET: Case[] = [
  {
    name: 'of a new token is handed to who waits for it, and kept nowhere',
    plan: () => planOf([token]),
    kept: [
      'intended 1: POST /access/users/root@pam/token/fresh: asked of Proxmox.',
      'done 1: POST /access/users/root@pam/token/fresh: Done.',
    ],
    secrets: ['Secret of token root@pam!fresh UUID'],
  },
  {
    name: 'is in no other answer',
    plan: () => planOf([{ call: 'POST /pools', params: { poolid: 'fresh' } }]),
    kept: ['intended 1: POST /pools: asked of Proxmox.', 'done 1: POST /pools: Done.'],
  },
];

describe.each([
  ['what is kept of', SENT],
  ['a call is refused', REFUSED],
  ['nobody knows what became of a call', UNKNOWN],
  ['a secret', SECRET],
])('%s', (_what, cases) => {
  test.each(cases)('$name', check);
});
