import type { LocalFiles } from '@pxa/catalog';
import type { Job, PlanRecord } from '@pxa/contract';
import { type Cluster, connect } from '@pxa/pve';
import type { WriteCall } from '@pxa/pve/gate';
import type { Written } from '@pxa/pve/writer';
import { type Sandbox, SandboxClock, type SandboxOptions, startSandbox } from '@pxa/sandbox';
import { type Store, type StorePlace, openStore } from '@pxa/store';
import { approve } from '../approve.ts';
import { begin } from '../begin.ts';
import { type RunDeps, type RunHooks, plainWire } from '../deps.ts';
import type { Limits } from '../limits.ts';
import { runJob } from '../run.ts';
import { resumeDue } from '../takeover.ts';
import { CLUSTER, NOW_MS, approvalFor, person } from './plans.ts';
import { type Death, Process, Sim } from './sim.ts';

/** The demo cluster behind HTTPS, a store in memory, and processes that carry jobs out, in a time of their own. */
export interface Lab {
  readonly sandbox: Sandbox;
  readonly store: Store;
  readonly sim: Sim;
  /** Every write that Proxmox took or may have taken, as `POST /nodes/…`, in order. */
  readonly writes: string[];
  /** A plan that was approved, and its job, which waits. */
  approved(record: PlanRecord): Promise<string>;
  /** A process that may carry jobs out, and may die. */
  process(death?: Death): Process;
  deps(process: Process): RunDeps;
  /** Carries a job out in one process to its end, or to the process's. */
  run(jobId: string, of?: { process?: Process; hooks?: RunHooks }): Promise<Job | 'died'>;
  /** Lets another process take jobs up until this one has ended. */
  resume(jobId: string): Promise<Job>;
  /** A read past all processes. */
  read(path: string): Promise<unknown>;
  /** Lets so much of the lab's time go by. */
  pass(ms: number): Promise<void>;
  /** Lets a stopped process go on, until nothing of it is under way. */
  goOn(process: Process): Promise<void>;
  /** Does something after so much of the lab's time, while something else goes on. */
  after(ms: number, work: () => Promise<unknown>): void;
  close(): Promise<void>;
}

export interface LabOptions extends SandboxOptions {
  limits?: Partial<Limits>;
  /** How far the processes' clock is ahead of the cluster's. */
  skewMs?: number;
  /** Where the store is; in memory where left out. */
  place?: StorePlace;
  /** Replaces what a process's store does, to let it fail. */
  tamper?: (store: Store) => Store;
  /** The files of the computer that the processes run on. */
  files?: LocalFiles;
}

const IN_MEMORY: StorePlace = { kind: 'sqlite', file: ':memory:' };

export async function openLab(of: LabOptions = {}): Promise<Lab> {
  const { limits = {}, skewMs = 0, tamper, files, place = IN_MEMORY, ...options } = of;
  const clock = new SandboxClock(NOW_MS, 0);
  const sandbox = await startSandbox({ clock, ...options });
  const store = await openStore(place, { now: () => clock.now() + skewMs });
  const sim = new Sim(clock);
  return new DemoLab({ sandbox, store, sim, limits, skewMs, tamper: tamper ?? ((same) => same), files });
}

interface Parts extends Pick<Lab, 'sandbox' | 'store' | 'sim'> {
  readonly limits: Partial<Limits>;
  readonly skewMs: number;
  readonly tamper: (store: Store) => Store;
  readonly files: LocalFiles | undefined;
}

class DemoLab implements Lab {
  readonly sandbox: Sandbox;
  readonly store: Store;
  readonly sim: Sim;
  readonly writes: string[] = [];
  readonly #parts: Parts;
  readonly #cluster: Cluster;
  readonly #bystander: Process;
  readonly #now: () => number;
  #processes = 0;
  #ids = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.sandbox = parts.sandbox;
    this.store = parts.store;
    this.sim = parts.sim;
    this.#cluster = connectTo(parts.sandbox);
    this.#bystander = new Process(parts.sim, 'bystander');
    this.#now = () => parts.sandbox.clock.now() + parts.skewMs;
  }

  deps(process: Process): RunDeps {
    return {
      store: watchedStore(this.#parts.tamper(this.store), process),
      cluster: this.#cluster,
      clusterId: CLUSTER,
      user: this.sandbox.tokenId,
      owner: process.name,
      now: this.#now,
      sleep: (ms, signal) => process.sleep(ms, signal),
      limits: this.#parts.limits,
      ...(this.#parts.files && { files: this.#parts.files }),
      wireOf: (session) => watchedWire(plainWire(session), process, this.writes),
    };
  }

  async approved(record: PlanRecord): Promise<string> {
    const deps = { store: this.store, now: this.#now, id: (prefix: string) => `${prefix}_${++this.#ids}` };
    const approval = approvalFor(record);
    await this.store.propose(record, approval, proposal(record));
    const decided = await approve(deps, approval.id, person('anna'), record.plan.confirm);
    if (!decided.ok) throw new Error(decided.refused);
    const begun = await begin(deps, approval.id);
    if (!begun.ok) throw new Error(begun.refused);
    return begun.job.id;
  }

  process(death?: Death): Process {
    return new Process(this.sim, `process-${++this.#processes}`, death);
  }

  async run(jobId: string, of: { process?: Process; hooks?: RunHooks } = {}): Promise<Job | 'died'> {
    const { process = this.process(), hooks = {} } = of;
    const run = runJob(this.deps(process), jobId, hooks);
    // A process that was stopped finds out later that its job is another's; nobody waits for it then.
    run.catch(() => undefined);
    const ended = await this.sim.until(Promise.race([run, process.died]));
    await this.sim.quiet();
    return ended;
  }

  resume(jobId: string): Promise<Job> {
    return this.sim.until(resumed(this, jobId));
  }

  async read(path: string): Promise<unknown> {
    const read = await this.#cluster.session().reader.getRaw(path);
    if (!read.ok) throw new Error(read.problem.message);
    return read.data;
  }

  pass(ms: number): Promise<void> {
    return this.sim.until(this.#bystander.sleep(ms));
  }

  async goOn(process: Process): Promise<void> {
    process.goOn();
    await this.pass(60_000);
    await this.sim.quiet();
  }

  after(ms: number, work: () => Promise<unknown>): void {
    void this.#bystander.sleep(ms).then(() => this.sim.busy(work));
  }

  async close(): Promise<void> {
    await this.#cluster.close();
    await this.sandbox.close();
    await this.store.close();
  }
}

async function resumed(lab: Lab, jobId: string): Promise<Job> {
  const process = lab.process();
  for (let round = 0; round < 200; round++) {
    await resumeDue(lab.deps(process));
    const job = await lab.sim.busy(() => lab.store.job(jobId));
    if (job === undefined) throw new Error(`there is no job ${jobId}`);
    if (job.state !== 'queued' && job.state !== 'running') return job;
    await process.sleep(5_000);
  }
  throw new Error(`job ${jobId} does not end`);
}

function connectTo(sandbox: Sandbox): Cluster {
  return connect({
    url: sandbox.url,
    auth: { kind: 'token', tokenId: sandbox.tokenId, secret: sandbox.tokenSecret },
    tls: { fingerprint: sandbox.fingerprint },
    now: () => sandbox.clock.now(),
    random: () => 1,
    // The client's own waits between attempts are no part of what is tested here.
    sleep: () => Promise.resolve(),
  });
}

/** The store as one process sees it. */
function watchedStore(store: Store, process: Process): Store {
  return new Proxy(store, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      // Every method of a store gives a promise.
      const call = method.bind(target) as (...args: unknown[]) => Promise<unknown>;
      return (...args: unknown[]) => process.do(`store.${String(name)}`, () => call(...args));
    },
  });
}

function watchedWire(wire: ReturnType<typeof plainWire>, process: Process, writes: string[]): typeof wire {
  const { reader } = wire;
  const sent = ({ method, path }: WriteCall, send: () => Promise<Written>): Promise<Written> =>
    process.do(`${method} ${path}`, async () => {
      const written = await send();
      if (written.ok || written.sent === 'maybe') writes.push(`${method} ${path}`);
      return written;
    });
  return {
    reader: {
      get: (path, params, options) => process.do(`GET ${path}`, () => reader.get(path, params, options)),
      getRaw: (path, params, options) => process.do(`GET ${path}`, () => reader.getRaw(path, params, options)),
    },
    write: (permit, call) => sent(call, () => wire.write(permit, call)),
    upload: (permit, call, file, signal) => sent(call, () => wire.upload(permit, call, file, signal)),
  };
}

function proposal({ plan, cluster, created_at: at }: PlanRecord): Parameters<Store['propose']>[2] {
  return {
    at,
    kind: 'plan.proposed',
    who: 'anna',
    door: 'terminal',
    cluster,
    plan_id: plan.id,
    job_id: null,
    data: {},
  };
}

/** A store, one method of which does something else. */
export function withMethod<K extends keyof Store>(store: Store, name: K, method: Store[K]): Store {
  return new Proxy(store, {
    get(target, asked) {
      if (asked === name) return method;
      const own: unknown = Reflect.get(target, asked);
      return typeof own === 'function' ? own.bind(target) : own;
    },
  });
}
