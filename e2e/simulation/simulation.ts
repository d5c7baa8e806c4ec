import { type RunDeps, approve, begin, cancelJob, proposalAudit, resumeDue } from '@pxa/act';
import type { Job, Person, PlanRecord } from '@pxa/contract';
import { ClaimLost, type Store, StoreFailed, openStore } from '@pxa/store';
import { type Held, held } from '../../packages/act/after-state.ts';
import { changedInWords, checkFacts } from '../../packages/act/facts.ts';
import { planOfWords } from '../planner.ts';
import { SimulatedCluster, USER } from './cluster.ts';
import { driftOf } from './drift.ts';
import { Others } from './others.ts';
import { isAboutWholeNodes, vmidsOf } from './plan-about.ts';
import { type Death, Process } from './process.ts';
import type { Ask, Scenario } from './scenario.ts';
import { StoreTrouble, storeOf } from './store.ts';
import { Time } from './time.ts';
import { RoughWeather, calm } from './weather.ts';
import { watchedWire } from './watched.ts';
import { connectSimulated } from './wire.ts';
import { wordsFor } from './words.ts';

const CLUSTER = 'simulated';
const HOUR_MS = 3_600_000;
/** Nothing takes longer: a step may take a day, and waits for what it relies on. */
const MOST_MS = 8 * 24 * HOUR_MS;
/** After this, nothing that left can still arrive, and no process is stopped any more. */
const REST_MS = 10 * 60_000;

/** Jobs live long here and time costs nothing but what is computed in it: looks are rarer than in earnest. */
const LIMITS = { cancelEveryMs: 10_000, eventEveryMs: 30_000 };

const PEOPLE: readonly Person[] = ['anna', 'ben', 'carla'].map((name) => ({ name, door: 'terminal' }));

/** Who comes when all is over. */
const LAST = 'the last process';

/** One seed's cluster, people, processes and troubles, from the beginning to their end. */
export class Simulation {
  readonly scenario: Scenario;
  readonly cluster: SimulatedCluster;
  readonly time: Time;
  readonly others: Others;
  readonly before: Held;
  /** Approved plans by the ids of their jobs. */
  readonly plans = new Map<string, PlanRecord>();
  readonly cancelled = new Set<string>();
  readonly asked: string[] = [];
  /** What was seen to be wrong while it went on. */
  readonly seen: string[] = [];
  /** Who took hold of a job last, and when by the cluster's clock. */
  readonly holders = new Map<string, { readonly by: string; readonly atMs: number }[]>();
  /** Told of each job as it ends, right when that is kept. */
  onEnd: (job: Job, record: PlanRecord) => Promise<void> = () => Promise.resolve();
  store!: Store; // opened by `run`, before anything happens
  readonly #weather: RoughWeather;
  readonly #storeTrouble: StoreTrouble;
  #ids = 0;
  #isOver = false;

  constructor(scenario: Scenario) {
    this.scenario = scenario;
    this.cluster = new SimulatedCluster(scenario.world);
    this.time = new Time(this.cluster.clock);
    this.others = new Others(scenario, this.cluster, this.time);
    this.#weather = new RoughWeather(scenario, this.time);
    this.#storeTrouble = new StoreTrouble(scenario, this.time);
    this.before = held(this.cluster.state);
    this.cluster.onArrival = (call) => this.#relied(call);
  }

  /** Lets all of it happen, until every job has ended and nothing is under way. @throws Stuck */
  async run(): Promise<void> {
    this.store = await openStore({ kind: 'sqlite', file: ':memory:' }, { now: this.time.now, seal: NO_SEAL });
    this.others.begin();
    const asks = Promise.all(this.scenario.asks.map((one) => this.#ask(one)));
    const slots = this.scenario.processes.map((deaths, index) => this.#slot(index, deaths));
    for (const slot of slots) slot.catch((error: unknown) => this.seen.push(`a process broke: ${inWords(error)}`));
    await this.time.until(this.#untilEnded(asks), MOST_MS);
    await this.time.until(this.time.pass(REST_MS), MOST_MS);
  }

  /** A look at the cluster past all trouble. */
  reader(): ReturnType<ReturnType<typeof connectSimulated>['session']>['reader'] {
    return connectSimulated('onlooker', this.cluster, { time: this.time, weather: calm }).session().reader;
  }

  /** One more process finds nothing left to do. */
  resumeOnceMore(): Promise<Job[]> {
    return this.time.until(resumeDue(this.#deps(new Process(this.time, LAST))), MOST_MS);
  }

  async close(): Promise<void> {
    this.#isOver = true;
    this.cluster.clock.close();
    await this.store.close();
  }

  async #untilEnded(asks: Promise<unknown>): Promise<void> {
    await asks;
    for (;;) {
      const open = await this.store.jobs({ states: ['queued', 'running'], limit: 1 });
      if (open.length === 0) break;
      await this.time.pass(10_000);
    }
    this.#isOver = true;
  }

  /** Somebody orders something; where it makes a plan, it is approved, and its job begins. */
  async #ask({ afterMs, approvedAfterMs, isRehearsed, cancelledAfterMs }: Ask): Promise<void> {
    await this.time.pass(afterMs);
    const { random, world } = this.scenario;
    const words = wordsFor(random, world, this.cluster.state);
    const record = await this.#planned(words, isRehearsed);
    if (typeof record === 'string') {
      this.asked.push(`${words} (${record})`);
      return;
    }
    this.asked.push(words);
    for (const vmid of vmidsOf(record)) this.others.targets.add(vmid);
    if (isAboutWholeNodes(record)) this.others.hasLostNodes = true;
    this.others.meddle(vmidsOf(record));
    await this.time.pass(approvedAfterMs);
    const jobId = await this.#approved(record);
    if (jobId === undefined || cancelledAfterMs === undefined) return;
    await this.time.pass(cancelledAfterMs);
    this.cancelled.add(jobId);
    await cancelJob({ store: this.store, now: this.time.now }, jobId, PEOPLE[2] as Person); // there are three
  }

  /** The plan that the words make, kept; or why there is none. */
  async #planned(words: string, isRehearsed: boolean): Promise<PlanRecord | string> {
    const planned = await this.time.busy(() =>
      planOfWords(words, {
        reader: this.reader(),
        now: this.time.now,
        clusterNow: () => this.cluster.clock.now(),
        id: (prefix) => this.#id(prefix),
        by: PEOPLE[0] as Person, // there are three
        cluster: CLUSTER,
        user: USER,
        isRehearsed,
      }),
    );
    if (planned.kind === 'none') return planned.why;
    await this.store.propose(planned.record, planned.approval, proposalAudit(planned.record));
    return planned.record;
  }

  /** Several say so at the same moment, and try to begin: one job comes of it at the most. */
  async #approved(record: PlanRecord): Promise<string | undefined> {
    const deps = { store: this.store, now: this.time.now, id: (prefix: string) => this.#id(prefix) };
    const approval = await this.store.approvalOf(record.plan.id);
    if (approval === undefined) return undefined;
    const { confirm } = record.plan;
    const words = await Promise.all(PEOPLE.slice(0, 2).map((person) => approve(deps, approval.id, person, confirm)));
    if (words.filter(({ ok }) => ok).length > 1) this.seen.push(`plan ${record.plan.id} was approved twice`);
    const begun = await Promise.all([begin(deps, approval.id), begin(deps, approval.id)]);
    const jobs = begun.flatMap((one) => (one.ok ? [one.job.id] : []));
    if (jobs.length > 1) this.seen.push(`two jobs were made of the approval of plan ${record.plan.id}`);
    const [jobId] = jobs;
    if (jobId !== undefined) this.plans.set(jobId, record);
    return jobId;
  }

  /** One place where a process works: when it dies, another takes its place after a while. */
  async #slot(index: number, deaths: readonly Death[]): Promise<void> {
    for (let turn = 0; !this.#isOver; turn++) {
      const process = new Process(this.time, `process-${index + 1}.${turn + 1}`, deaths[turn]);
      await Promise.race([this.#work(process), process.died]);
      await this.time.pass(this.scenario.random.whole(100, 90_000));
    }
  }

  async #work(process: Process): Promise<void> {
    const deps = this.#deps(process);
    while (!this.#isOver && !process.isDead) {
      try {
        await resumeDue(deps);
      } catch (error) {
        if (!(error instanceof StoreFailed) && !(error instanceof ClaimLost)) throw error;
      }
      await process.sleep(5_000);
    }
  }

  #deps(process: Process): RunDeps {
    const { time } = this;
    const onDone = (name: string, given: unknown[], result: unknown): Promise<void> =>
      this.#noted(process, name, given, result);
    const isLast = process.name === LAST;
    const wires = connectSimulated(process.name, this.cluster, { time, weather: isLast ? calm : this.#weather });
    const trouble = isLast ? undefined : this.#storeTrouble;
    return {
      store: storeOf(process, { store: this.store, time, trouble, onDone }),
      cluster: wires,
      clusterId: CLUSTER,
      user: USER,
      owner: process.name,
      now: time.now,
      sleep: (ms, signal) => process.sleep(ms, signal),
      limits: LIMITS,
      wireOf: (session) => watchedWire(session, process),
    };
  }

  async #noted(process: Process, name: string, given: unknown[], result: unknown): Promise<void> {
    if (name === 'claim' && result !== undefined) {
      const { jobId } = given[0] as { jobId: string }; // that is what `claim` is given
      const takes = this.holders.get(jobId) ?? [];
      this.holders.set(jobId, [...takes, { by: process.name, atMs: this.cluster.clock.now() }]);
    }
    if (name !== 'end') return;
    const { jobId } = given[0] as { jobId: string }; // a claim
    const [job, record] = [await this.store.job(jobId), this.plans.get(jobId)];
    if (job !== undefined && record !== undefined) await this.onEnd(job, record);
  }

  /** A step of a plan arrives: what it relies on was read a moment ago, unless somebody has just changed it. */
  async #relied(call: string): Promise<void> {
    const found = driftOf(this, call);
    if (found === undefined) return;
    const facts = await checkFacts(this.reader(), found.relies_on);
    if (facts.holds !== false) return;
    this.seen.push(`written though it was not as planned: ${call} (${facts.differs.map(changedInWords).join('; ')})`);
  }

  #id(prefix: string): string {
    this.#ids += 1;
    return `${prefix}_${this.#ids}`;
  }
}

/** Nothing of a simulation reaches a disk. */
const NO_SEAL = async () => ({ seal: (text: string) => text, open: (text: string) => text });

export function inWords(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
