import { approve, begin, proposalAudit, rehearsePlan, runJob } from '@pxa/act';
import { Run } from '@pxa/ask';
import { datasets } from '@pxa/catalog';
import type { Approval, Job, Person, PlanRecord } from '@pxa/contract';
import { openStore } from '@pxa/store';
import { changesBetween, held } from '../../packages/act/after-state.ts';
import type { Rehearsed } from '../../packages/act/rehearse.ts';
import { comparable } from '../../packages/act/testing/rehearsing.ts';
import { planOfWords } from '../planner.ts';
import { SimulatedCluster, USER } from '../simulation/cluster.ts';
import { Process } from '../simulation/process.ts';
import { Time } from '../simulation/time.ts';
import { watchedWire } from '../simulation/watched.ts';
import { calm } from '../simulation/weather.ts';
import { connectSimulated } from '../simulation/wire.ts';

const CLUSTER = 'rehearsed';
const MOST_MS = 3 * 24 * 3_600_000;
const ANNA: Person = { name: 'anna', door: 'terminal' };

/** An order on a cluster in memory: how its plan went on a twin, and how on the cluster itself. */
export interface Played {
  readonly record: PlanRecord;
  readonly rehearsed: Rehearsed;
  readonly job: Job;
  /** What the rehearsal and the cluster came to, as lines that can be compared. */
  readonly predicted: readonly string[];
  readonly real: readonly string[];
  readonly seconds: number;
}

/** A call that somebody has made before, as `POST /nodes/…`, and what it sends. */
export type Earlier = readonly [line: string, body?: string];

/** Plans an order on the demo cluster, rehearses it, and carries it out there. @throws where it makes no plan */
export async function played(words: string, earlier: readonly Earlier[] = []): Promise<Played> {
  const cluster = new SimulatedCluster('demo');
  for (const [line, body] of earlier) await made(cluster, line, body);
  const time = new Time(cluster.clock);
  const wires = connectSimulated('rehearsal', cluster, { time, weather: calm });
  const { reader } = wires.session();
  let ids = 0;
  const id = (prefix: string): string => `${prefix}_${++ids}`;
  const planned = await planOfWords(words, {
    reader,
    now: time.now,
    clusterNow: time.now,
    id,
    by: ANNA,
    cluster: CLUSTER,
    user: USER,
    isRehearsed: false,
  });
  if (planned.kind === 'none') throw new Error(`"${words}" makes no plan: ${planned.why}`);
  const { record } = planned;
  const rehearsed = await rehearsePlan(new Run(reader, datasets, () => time.now() / 1_000), record, USER);
  const [was, begunMs] = [held(cluster.state), time.now()];
  const job = await carriedOut({ time, wires, id }, planned);
  return {
    record,
    rehearsed,
    job,
    predicted: comparable(rehearsed.changes),
    real: comparable(changesBetween(was, held(cluster.state))),
    seconds: (Date.parse(job.ended_at ?? job.created_at) - begunMs) / 1_000,
  };
}

async function made(cluster: SimulatedCluster, line: string, body = ''): Promise<void> {
  const [method = '', path = ''] = line.split(' ');
  const { status, reason } = await cluster.answer('somebody', { method, path: `/api2/json${path}`, body });
  if (status !== 200) throw new Error(`${line} was refused: ${reason}`);
  await cluster.clock.advance(60_000);
}

interface Surroundings {
  readonly time: Time;
  readonly wires: ReturnType<typeof connectSimulated>;
  readonly id: (prefix: string) => string;
}

async function carriedOut(
  { time, wires, id }: Surroundings,
  { record, approval }: { record: PlanRecord; approval: Approval },
): Promise<Job> {
  const store = await openStore({ kind: 'sqlite', file: ':memory:' }, { now: time.now, seal: NO_SEAL });
  try {
    const deps = { store, now: time.now, id };
    await store.propose(record, approval, proposalAudit(record));
    const decided = await approve(deps, approval.id, ANNA, record.plan.confirm);
    if (!decided.ok) throw new Error(decided.refused);
    const begun = await begin(deps, approval.id);
    if (!begun.ok) throw new Error(begun.refused);
    const process = new Process(time, 'process');
    const run = {
      store,
      cluster: wires,
      clusterId: CLUSTER,
      user: USER,
      owner: process.name,
      now: time.now,
      sleep: (ms: number, signal?: AbortSignal) => process.sleep(ms, signal),
      limits: { cancelEveryMs: 3_600_000, eventEveryMs: 60_000 },
      wireOf: (session: Parameters<typeof watchedWire>[0]) => watchedWire(session, process),
    };
    return await time.until(runJob(run, begun.job.id), MOST_MS);
  } finally {
    await store.close();
  }
}

/** Nothing of it reaches a disk. */
const NO_SEAL = async () => ({ seal: (text: string) => text, open: (text: string) => text });
