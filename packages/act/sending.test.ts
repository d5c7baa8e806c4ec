import type { PlanRecord } from '@pxa/contract';
import { ClaimLost, type Store } from '@pxa/store';
import { describe, expect, test } from 'vitest';
import { runJob } from './run.ts';
import { openLab, withMethod } from './testing/lab.ts';
import { type HandMade, clone, configIs, configure, listed, planOf, snapshot } from './testing/plans.ts';
import { AGENT, change, later, onConfig, onStart, starting, turnOn } from './testing/trouble.ts';
import { type Case, check } from './testing/written.ts';

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
    name: 'cut after, while no list of tasks can be read for a minute',
    plan: starting,
    faults: [
      onStart({ fault: 'drop', when: 'after', times: 1 }),
      { fault: 'error', status: 500, message: 'no', method: 'GET', path: '/**/tasks', for_s: 60 },
    ],
    kept: [
      'intended 1: POST …/status/start: asked of Proxmox.',
      'intended 1: It is not known whether it was done: HERE closed the connection before it had answered POST …/status/start.',
      'waiting 1: Its task was found: UPID',
      'done 1: POST …/status/start: Done: its task ended OK.',
    ],
  },
  {
    name: 'a change that is cut before, and that relies on nothing: it is not asked for again',
    plan: () => cores({ relies_on: [] }),
    faults: [onConfig({ fault: 'drop', times: 1 })],
    kept: [
      'intended 1: PUT …/config: asked of Proxmox.',
      'intended 1: It is not known whether it was done: HERE closed the connection before it had answered PUT …/config.',
      'unknown 1: PUT …/config: It is not known whether this was done (PUT …/config): it is neither as it was before nor as it should be after. It was not asked for again. Look at what is at …/config to see.',
    ],
    state: 'failed',
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

test('a process that was stopped past its hold, between what it wrote down and the request, does not send it', async () => {
  let aheadMs = 0;
  const stops = (store: Store): Store =>
    withMethod(store, 'step', async (...of) => {
      await store.step(...of);
      aheadMs = 61_000;
    });
  const lab = await openLab({ tamper: stops });
  try {
    const jobId = await lab.approved(starting());
    const now = (): number => lab.sandbox.clock.now() + aheadMs;
    const run = lab.sim.until(runJob({ ...lab.deps(lab.process()), now }, jobId));
    await expect(run).rejects.toThrow(ClaimLost);
    expect(lab.writes).toEqual([]);
    expect(await lab.store.job(jobId)).toMatchObject({ state: 'running', steps: [{ state: 'intended', sent: 1 }] });
  } finally {
    await lab.close();
  }
});
