import type { LocalFiles } from '@pxa/catalog';
import type { Change, Job, PlanRecord, Rehearsal } from '@pxa/contract';
import { permitToRehearse } from '@pxa/pve/gate';
import { connectTwin } from '@pxa/pve/twin';
import { writerOf } from '@pxa/pve/writer';
import { InvalidWorld, SandboxClock, type State, type Twin, loadWorld, openTwin } from '@pxa/sandbox';
import { changesBetween, held } from './after-state.ts';
import type { RunDeps } from './deps.ts';
import { Stuck, untilOver } from './played-time.ts';
import { RehearsalStore } from './rehearsal-store.ts';
import { rehearsalOf } from './rehearsal-words.ts';
import { runJob } from './run.ts';
import { aboutOf } from './twin-about.ts';
import type { Source } from './twin-reads.ts';
import { type TwinParts, readTwin } from './twin.ts';
import { some } from './words.ts';

/** How a plan went on a twin, and what the twin was like after it. */
export interface Rehearsed {
  readonly rehearsal: Rehearsal;
  /** What differs on the twin after it from before: nothing where it was not possible. */
  readonly changes: readonly Change[];
  /** How the job ended there. */
  readonly job?: Job;
  /** The twin as it was left. */
  readonly after?: State;
}

/**
 * Rehearses a plan: reads what it is about, makes a twin of that in memory, and carries the plan out there, in simulated
 * time. `source` can read from the cluster and has no way to write to it; `as` is who we are to it, as its tasks name us.
 */
export async function rehearsePlan(source: Source, record: PlanRecord, as: string): Promise<Rehearsed> {
  const about = aboutOf(record);
  if (about.beyond.size > 0) return notPossible(`no twin holds what is changed by ${some([...about.beyond])}`);
  const read = await readTwin(source, about, as);
  if (read.ok) return rehearse(read.parts, record);
  const what = some(read.unread.map(({ what, why }) => `${what}: ${why}`));
  return notPossible(`what it needs of the cluster could not be read (${what})`);
}

/** Carries a plan out on a twin, by the same code that carries it out on the cluster. */
export async function rehearse(parts: TwinParts, record: PlanRecord): Promise<Rehearsed> {
  const state = stateOf(parts);
  if (typeof state === 'string') return notPossible(state);
  const clock = new SandboxClock(state.start * 1_000, 0);
  const twin = openTwin({ state, clock, as: parts.as, privileges: parts.privileges });
  const store = new RehearsalStore(record);
  const unknown: string[] = [];
  const before = held(state);
  const begunMs = clock.now();
  try {
    await untilOver(clock, runJob(depsOf(twin, store, { record, as: parts.as, unknown }), store.current.id));
  } catch (error) {
    if (error instanceof Stuck) return notPossible(error.message);
    throw error;
  } finally {
    clock.close();
  }
  if (unknown.length > 0) return notPossible(`the twin does not know how to ${some(unknown)}`);
  const job = store.current;
  const seconds = Math.round((Date.parse(job.ended_at ?? job.created_at) - begunMs) / 1_000);
  const changes = changesBetween(before, held(state));
  const logOf = (upid: string): readonly string[] => twin.tasks.log(upid)?.map(({ t }) => t) ?? [];
  return { rehearsal: rehearsalOf(record, job, { seconds, logOf }), changes, job, after: state };
}

/** On a twin, files are what they were a moment ago; no byte of them is read. */
function asPlanned({ records }: PlanRecord): LocalFiles {
  const planned = new Map(records.flatMap(({ file }) => (file === undefined ? [] : [[file.path, file] as const])));
  return {
    look: (path) => {
      const file = planned.get(path);
      return Promise.resolve(
        file === undefined ? { ok: false, why: `${path} is not planned with.`, next: '' } : { ok: true, file },
      );
    },
    read: () => {
      throw new Error('a twin takes no files');
    },
  };
}

function notPossible(why: string): Rehearsed {
  return {
    rehearsal: { outcome: 'not_possible', seconds: null, text: `It could not be rehearsed: ${why}.` },
    changes: [],
  };
}

/** The cluster in memory, or why there is none. */
function stateOf({ world }: TwinParts): State | string {
  try {
    return loadWorld(world);
  } catch (error) {
    if (error instanceof InvalidWorld) return `what was read of the cluster makes none (${error.message})`;
    throw error;
  }
}

/** Nobody else works on it and nobody cancels it, so these are not looked for. */
const UNDISTURBED = { leaseMs: 365 * 24 * 3_600_000, cancelEveryMs: 365 * 24 * 3_600_000 };

interface Circumstances {
  readonly record: PlanRecord;
  readonly as: string;
  /** Gets the calls that the twin does not model. */
  readonly unknown: string[];
}

function depsOf(twin: Twin, store: RehearsalStore, { record, as, unknown }: Circumstances): RunDeps {
  const { clock } = twin;
  const { sleep } = clock;
  const now = (): number => clock.now();
  const cluster = connectTwin({
    as,
    now,
    sleep,
    // Nothing is random in a twin, so that the same plan always goes the same way.
    random: () => 0.5,
    answer: async (request) => {
      const { broken, ...answer } = await twin.answer(request);
      if (answer.status === 501 || broken !== undefined)
        unknown.push(`${request.method} ${request.path.replace('/api2/json', '')}`);
      return answer;
    },
  });
  return {
    store: store.asStore(),
    cluster,
    clusterId: record.cluster,
    user: as,
    owner: 'rehearsal',
    now,
    sleep,
    limits: UNDISTURBED,
    files: asPlanned(record),
    // What the executor's permits allow, nobody has approved yet: on a twin it takes others, which no cluster takes.
    wireOf: (session) => {
      const writer = writerOf(session);
      return {
        reader: session.reader,
        write: (_permit, call) => writer.writeCall(permitToRehearse(call), call),
        upload: (_permit, call, file) => writer.upload(permitToRehearse(call), call, file),
      };
    },
  };
}
