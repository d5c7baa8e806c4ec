import type { PlanRecord } from '@pxa/contract';
import type { Fault } from '@pxa/sandbox';
import { verifyAuditLog } from '@pxa/store';
import { expect } from 'vitest';
import { cancelJob } from '../begin.ts';
import { type Lab, openLab } from './lab.ts';
import {
  NODE1,
  NODE2,
  clone,
  configure,
  destroy,
  listed,
  person,
  planOf,
  reboot,
  snapshot,
  start,
  stop,
} from './plans.ts';
import type { Death, Process } from './sim.ts';

/** A job, and what is so in the end, however often the processes that carry it out die. */
export interface Story {
  readonly name: string;
  readonly plan: (lab: Lab) => Promise<PlanRecord> | PlanRecord;
  readonly faults?: readonly Fault[];
  /** When somebody cancels the job, after its beginning. */
  readonly cancelledMs?: number;
  /** Only each so many-th step is tried: most are looks at a task that goes on. */
  readonly every?: number;
  readonly ends: { readonly state: string; readonly steps: readonly string[] };
  /** The tasks that Proxmox was made to begin. */
  readonly tasks: readonly string[];
  /** Something of the cluster, and what it is afterwards. */
  readonly cluster: (lab: Lab) => unknown;
  readonly is: unknown;
}

const AGENT = `${NODE2}/qemu/104`;
const MONITOR = `${NODE1}/qemu/105`;
const TEMPLATE = `${NODE2}/qemu/9000`;
const COPY = `${NODE2}/qemu/300`;

const guest = (lab: Lab, vmid: number) => lab.sandbox.state.guests.get(vmid);

/** As a plan reads it. */
async function digestOf(lab: Lab, at: string): Promise<string> {
  const config = await lab.read(`/nodes/${at}/config`);
  // A configuration always has one.
  return (config as { digest: string }).digest;
}

export const stories: readonly Story[] = [
  {
    name: 'a start',
    plan: () => planOf([start(AGENT)]),
    ends: { state: 'done', steps: ['done'] },
    tasks: ['qmstart'],
    cluster: (lab) => guest(lab, 104)?.status,
    is: 'running',
  },
  {
    name: 'a reboot, which leaves no trace but its task',
    plan: () => planOf([reboot(MONITOR)]),
    ends: { state: 'done', steps: ['done'] },
    tasks: ['qmreboot', 'qmstart'],
    cluster: (lab) => guest(lab, 105)?.status,
    is: 'running',
  },
  {
    name: 'a change of a configuration',
    plan: async (lab) => planOf([configure(AGENT, 'cores', { from: 4, to: 2, digest: await digestOf(lab, AGENT) })]),
    ends: { state: 'done', steps: ['done'] },
    tasks: [],
    cluster: (lab) => guest(lab, 104)?.config['cores'],
    is: 2,
  },
  {
    name: 'a clone that is changed and started',
    plan: () =>
      planOf([
        clone(TEMPLATE, 300, { full: 0 }),
        { ...configure(COPY, 'cores', { from: 2, to: 1 }), after: [0] },
        { ...start(COPY), after: [1] },
      ]),
    ends: { state: 'done', steps: ['done', 'done', 'done'] },
    tasks: ['qmclone', 'qmstart'],
    cluster: (lab) => [guest(lab, 300)?.status, guest(lab, 300)?.config['cores']],
    is: ['running', 1],
  },
  {
    name: 'a removal',
    plan: () => planOf([stop(MONITOR), { ...destroy(MONITOR), after: [0] }]),
    ends: { state: 'done', steps: ['done', 'done'] },
    tasks: ['qmstop', 'qmdestroy'],
    cluster: (lab) => guest(lab, 105),
    is: undefined,
  },
  {
    name: 'several at a time, two of which have tasks that look the same',
    plan: () =>
      planOf(
        [
          clone(TEMPLATE, 300, { full: 0 }),
          clone(TEMPLATE, 301, { full: 0 }),
          start(`${NODE2}/lxc/203`),
          stop(MONITOR),
        ],
        { on_failure: 'go_on' },
      ),
    ends: { state: 'done', steps: ['done', 'done', 'done', 'done'] },
    tasks: ['qmclone', 'qmclone', 'qmstop', 'vzstart'],
    cluster: (lab) => [guest(lab, 300)?.type, guest(lab, 301)?.type, guest(lab, 203)?.status, guest(lab, 105)?.status],
    is: ['qemu', 'qemu', 'running', 'stopped'],
  },
  {
    name: 'a failure, after which what was done is taken back',
    plan: () =>
      planOf([
        snapshot(AGENT, 'before'),
        {
          ...clone(TEMPLATE, 105),
          relies_on: [listed(9000, 'vmid', 9000)],
          expects: [listed(105, 'name', 'x')],
          after: [0],
        },
      ]),
    ends: { state: 'failed', steps: ['undone', 'failed'] },
    tasks: ['qmsnapshot', 'qmdelsnapshot'],
    cluster: (lab) => guest(lab, 104)?.snapshots.some(({ name }) => name === 'before'),
    is: false,
  },
];

const onStart = (fault: object): Fault =>
  // Whole with what is given.
  ({ method: 'POST', path: `/nodes/${AGENT}/status/start`, times: 1, ...fault }) as Fault;

/** The same, while something else goes wrong, too. */
export const troubled: readonly Story[] = [
  {
    name: 'a start whose answer is lost',
    plan: () => planOf([start(AGENT)]),
    faults: [onStart({ fault: 'drop', when: 'after' })],
    ends: { state: 'done', steps: ['done'] },
    tasks: ['qmstart'],
    cluster: (lab) => guest(lab, 104)?.status,
    is: 'running',
  },
  {
    name: 'a start that is cut off',
    plan: () => planOf([start(AGENT)]),
    faults: [onStart({ fault: 'drop' })],
    ends: { state: 'done', steps: ['done'] },
    tasks: ['qmstart'],
    cluster: (lab) => guest(lab, 104)?.status,
    is: 'running',
  },
  {
    name: 'a long clone that a person cancels',
    plan: () => planOf([clone(AGENT, 300), { ...start(COPY), after: [0] }]),
    cancelledMs: 250_000,
    every: 5,
    ends: { state: 'cancelled', steps: ['failed', 'skipped'] },
    tasks: ['qmclone'],
    cluster: (lab) => guest(lab, 300),
    is: undefined,
  },
];

/** What came of a story: which process died how far, and whether the first went to its end alive. */
export interface Told {
  readonly hasDied: boolean;
  readonly places: readonly string[];
}

/**
 * Carries a story's job out by processes that die one after the other as told, and one that lives, and holds the end
 * against the story. A stopped process goes on when the job has ended.
 */
export async function tell(story: Story, deaths: readonly Death[]): Promise<Told> {
  const lab = await openLab({ limits: { cancelEveryMs: 30_000, eventEveryMs: 30_000 } });
  try {
    const known = new Set(lab.sandbox.tasks.all());
    const jobId = await lab.approved(await story.plan(lab));
    for (const fault of story.faults ?? []) lab.sandbox.faults.add(fault);
    const { cancelledMs } = story;
    if (cancelledMs !== undefined) lab.after(cancelledMs, () => cancelledBy(lab, jobId));
    const died: Process[] = [];
    for (const death of deaths) {
      const process = lab.process(death);
      if ((await lab.run(jobId, { process })) !== 'died') break;
      died.push(process);
      await lab.pass(70_000);
    }
    if (died.length > 0) await lab.resume(jobId);
    for (const process of died) if (process.isStopped) await lab.goOn(process);
    const places = died.map(({ lastStep }) => lastStep);
    await check(lab, jobId, { story, known, places });
    return { hasDied: died.length > 0, places };
  } finally {
    await lab.close();
  }
}

function cancelledBy(lab: Lab, jobId: string): Promise<boolean> {
  return cancelJob({ store: lab.store, now: () => lab.sandbox.clock.now() }, jobId, person('ben'));
}

interface Expected {
  readonly story: Story;
  readonly known: ReadonlySet<unknown>;
  readonly places: readonly string[];
}

async function check(lab: Lab, jobId: string, { story, known, places }: Expected): Promise<void> {
  const job = await lab.store.job(jobId);
  const record = await lab.store.plan('plan_1');
  const begun = lab.sandbox.tasks.all().filter((task) => !known.has(task));
  const planned = [record?.plan.steps ?? [], record?.records.map(({ undo }) => undo) ?? []].flat(2);
  const lines = planned.map(({ method, path }) => `${method} ${path}`);
  // What was cut off on its way was asked for again, with proof that nothing had come of it.
  const cut = (story.faults ?? []).map(({ method, path }) => `${method} ${path}`);
  const stops = job?.steps.map(({ upid = '' }) => `DELETE /nodes/${NODE2}/tasks/${upid}`) ?? [];
  const allowed = [...lines, ...cut, ...(story.cancelledMs === undefined ? [] : stops)];
  const found = {
    places,
    state: job?.state,
    steps: job?.steps.map(({ state }) => state),
    // Each call at most as often as it was planned.
    more: [...new Set(lab.writes)].filter((write) => timesIn(lab.writes, write) > timesIn(allowed, write)),
    tasks: begun.map(({ type }) => type).toSorted(),
    running: begun.filter(({ endtime }) => endtime === undefined).map(({ type }) => type),
    cluster: story.cluster(lab),
    audit: (await verifyAuditLog(lab.store)).ok,
  };
  // A call whose fate was unknown is asked for again once. Where that is cut off, too, it is left to a person.
  const attempts = places.length + (story.faults ?? []).length;
  if (attempts > 1 && found.steps?.includes('unknown') === true) {
    expect(found).toMatchObject({ state: 'failed', more: [], running: [], audit: true });
    return;
  }
  const { ends, tasks, is } = story;
  const expected = { places, ...ends, more: [], tasks: tasks.toSorted(), running: [], cluster: is, audit: true };
  expect({ ...found, result: job?.result }).toEqual({ ...expected, result: job?.result });
}

const timesIn = (all: readonly string[], one: string): number => all.filter((other) => other === one).length;

/** So many steps no run of these stories makes. */
const MOST_STEPS = 300;

/** Lets the first process end at each of its steps in turn; gives these, as `store.step` or `POST /nodes/…`. */
export async function everywhere(story: Story, when: Death['when']): Promise<string[]> {
  const places: string[] = [];
  for (let at = 1; at < MOST_STEPS; at += story.every ?? 1) {
    const told = await tell(story, [{ at, when }]);
    if (!told.hasDied) return places;
    places.push(...told.places);
  }
  throw new Error(`the story takes more than ${MOST_STEPS} steps`);
}
