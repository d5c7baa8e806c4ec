import { approve, begin, proposalAudit, rehearsePlan, runJob } from '@pxa/act';
import { Run } from '@pxa/ask';
import { datasets } from '@pxa/catalog';
import type { Approval, Job, Person, PlanRecord } from '@pxa/contract';
import { type Store, openStore } from '@pxa/store';
import { changesBetween, held } from '../../packages/act/after-state.ts';
import type { Rehearsed } from '../../packages/act/rehearse.ts';
import { comparable } from '../../packages/act/testing/rehearsing.ts';
import { encodeForm } from '../../packages/pve/form.ts';
import { requestAt } from '../../packages/pve/request.ts';
import { type PlannedWords, planOfWords } from '../planner.ts';
import { SimulatedCluster, USER, type WorldOf } from '../simulation/cluster.ts';
import { Process } from '../simulation/process.ts';
import { Time } from '../simulation/time.ts';
import { watchedWire } from '../simulation/watched.ts';
import { calm } from '../simulation/weather.ts';
import { connectSimulated } from '../simulation/wire.ts';

const CLUSTER = 'rehearsed';
const MOST_MS = 3 * 24 * 3_600_000;
/** By hand: how often somebody looks whether a task has ended, how often at the most, and how long they wait then. */
const TURN_MS = 5_000;
const MOST_TURNS = 20_000;
const SETTLE_MS = 60_000;
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

/**
 * What somebody has done before: a call, as `POST /nodes/… key=value&…`, with its task under way still where `begin` stands
 * before it; or an order in plain words.
 */
export type Earlier = string;

/** A cluster in memory with all that an order on it goes through but what is rehearsed, approved and carried out. */
export class Stage {
  readonly cluster: SimulatedCluster;
  readonly time: Time;
  readonly wires: ReturnType<typeof connectSimulated>;
  #ids = 0;

  constructor(of: WorldOf) {
    this.cluster = new SimulatedCluster(of);
    this.time = new Time(this.cluster.clock);
    this.wires = connectSimulated('stage', this.cluster, { time: this.time, weather: calm });
  }

  readonly id = (prefix: string): string => `${prefix}_${++this.#ids}`;

  /** The plan that words make; or why there is none. */
  async planned(words: string): Promise<PlannedWords> {
    const { reader } = this.wires.session();
    const { now } = this.time;
    const who = { by: ANNA, cluster: CLUSTER, user: USER };
    return planOfWords(words, { reader, now, clusterNow: now, id: this.id, ...who, isRehearsed: false });
  }

  rehearsed(record: PlanRecord): Promise<Rehearsed> {
    const { reader } = this.wires.session();
    return rehearsePlan(new Run(reader, datasets, () => this.time.now() / 1_000), record, USER);
  }

  /** Approves a plan, and carries it out as a job. */
  async carriedOut({ record, approval }: { record: PlanRecord; approval: Approval }): Promise<Job> {
    const { time, id } = this;
    const store = await openStore({ kind: 'sqlite', file: ':memory:' }, { now: time.now, seal: NO_SEAL });
    try {
      const deps = { store, now: time.now, id };
      await store.propose(record, approval, proposalAudit(record));
      const decided = await approve(deps, approval.id, ANNA, record.plan.confirm);
      if (!decided.ok) throw new Error(decided.refused);
      const begun = await begin(deps, approval.id);
      if (!begun.ok) throw new Error(begun.refused);
      return await time.until(runJob(this.#runDeps(store), begun.job.id), MOST_MS);
    } finally {
      await store.close();
    }
  }

  /**
   * Sends the calls of a plan one after the other, as somebody would by hand: each when the task before it has ended.
   *
   * @throws where one is refused, or its task fails
   */
  async sentPlainly({ plan }: PlanRecord): Promise<void> {
    for (const { method, path, params } of plan.steps) {
      const sent = requestAt(method, path, params);
      await this.#call(method, sent.path, encodeForm(sent.params));
    }
  }

  /** What somebody has done before, with all that comes of it. @throws where it cannot be done */
  async did(earlier: Earlier): Promise<void> {
    const [, only, method, path = '', body = ''] = /^(begin )?(POST|PUT|DELETE) (\S+) ?(.*)$/.exec(earlier) ?? [];
    if (method !== undefined)
      return only === undefined ? this.#call(method, path, body) : this.#begin(method, path, body);
    const planned = await this.planned(earlier);
    if (planned.kind === 'none') throw new Error(`"${earlier}" makes no plan: ${planned.why}`);
    await this.sentPlainly(planned.record);
  }

  async #begin(method: string, path: string, body: string): Promise<void> {
    await this.cluster.answer('somebody', { method, path: `/api2/json${path}`, body });
    await this.cluster.clock.advance(TURN_MS);
  }

  async #call(method: string, path: string, body: string): Promise<void> {
    const { clock, twin } = this.cluster;
    const answer = await this.cluster.answer('somebody', { method, path: `/api2/json${path}`, body });
    if (answer.status !== 200) throw new Error(`${method} ${path} was refused: ${answer.reason}`);
    const upid = /"data":"(UPID:[^"]+)"/.exec(answer.body)?.[1];
    const isRunning = (): boolean => upid !== undefined && twin.tasks.find(upid)?.endtime === undefined;
    for (let turns = 0; isRunning() && turns < MOST_TURNS; turns++) await clock.advance(TURN_MS);
    const { status = 'OK' } = upid === undefined ? {} : (twin.tasks.find(upid) ?? {});
    if (!/^(?:OK|WARNINGS)/.test(status)) throw new Error(`${method} ${path}: ${status}`);
    // HA and guests that start take some time of their own.
    await clock.advance(SETTLE_MS);
  }

  #runDeps(store: Store): Parameters<typeof runJob>[0] {
    const { time, wires } = this;
    const process = new Process(time, 'process');
    return {
      store,
      cluster: wires,
      clusterId: CLUSTER,
      user: USER,
      owner: process.name,
      now: time.now,
      sleep: (ms, signal) => process.sleep(ms, signal),
      limits: { cancelEveryMs: 3_600_000, eventEveryMs: 60_000 },
      wireOf: (session) => watchedWire(session, process),
    };
  }
}

/** Plans an order on the demo cluster, rehearses it, and carries it out there. @throws where it makes no plan */
export async function played(words: string, earlier: readonly Earlier[] = []): Promise<Played> {
  const stage = new Stage('demo');
  for (const one of earlier) await stage.did(one);
  const planned = await stage.planned(words);
  if (planned.kind === 'none') throw new Error(`"${words}" makes no plan: ${planned.why}`);
  const rehearsed = await stage.rehearsed(planned.record);
  const [was, begunMs] = [held(stage.cluster.state), stage.time.now()];
  const job = await stage.carriedOut(planned);
  return {
    record: planned.record,
    rehearsed,
    job,
    predicted: comparable(rehearsed.changes),
    real: comparable(changesBetween(was, held(stage.cluster.state))),
    seconds: (Date.parse(job.ended_at ?? job.created_at) - begunMs) / 1_000,
  };
}

/** Nothing of it reaches a disk. */
const NO_SEAL = async () => ({ seal: (text: string) => text, open: (text: string) => text });
