import type { Job, JobEvent, JobStep, Proof } from '@pxa/contract';
import type { AuditEntry, EndState } from '@pxa/store';
import type { RunDeps, RunHooks } from './deps.ts';
import type { Hold } from './hold.ts';

/** How a job ended, in words too. */
export interface JobEnding {
  readonly state: EndState;
  readonly result: string;
  readonly proof?: Proof | undefined;
}

type Event = Omit<JobEvent, 'seq'>;

/** What is written of a step: what changes of it; undefined takes a value away. */
type Changes = { [K in keyof Omit<JobStep, 'index'>]?: JobStep[K] | undefined };

/**
 * Where the steps of a job stand, as they are kept. Nothing is believed before it is written: every change goes to the
 * store, under the hold, and is seen here once it is durable.
 */
export class Journal {
  readonly job: Job;
  readonly #steps: JobStep[];
  readonly #deps: RunDeps;
  readonly #hold: Hold;
  readonly #hooks: RunHooks;

  constructor(deps: RunDeps, hold: Hold, job: Job, hooks: RunHooks) {
    this.#deps = deps;
    this.#hold = hold;
    this.#hooks = hooks;
    this.job = job;
    this.#steps = job.steps.toSorted((a, b) => a.index - b.index);
  }

  get steps(): readonly JobStep[] {
    return this.#steps;
  }

  step(index: number): JobStep {
    const step = this.#steps[index];
    if (step === undefined) throw new RangeError(`job ${this.job.id} has no step ${index}`);
    return step;
  }

  /** Now, as it is written down. */
  at(): string {
    return new Date(this.#deps.now()).toISOString();
  }

  /** Writes where a step stands and what happened, in words. @throws ClaimLost, StoreFailed */
  async write(index: number, changes: Changes, text: string, audit?: AuditEntry): Promise<void> {
    await this.#keep(index, changes, [this.#event('step', text, index)], audit);
  }

  /** Writes lines of a task's log, and how far it says that it has come. @throws ClaimLost, StoreFailed */
  async log(index: number, changes: Changes, lines: readonly string[]): Promise<void> {
    const events = lines.map((line) => this.#event('log', line, index));
    await this.#keep(index, changes, events);
  }

  async #keep(index: number, changes: Changes, events: readonly Event[], audit?: AuditEntry): Promise<void> {
    this.#hold.check();
    const step = withoutUndefined({ ...this.step(index), ...changes });
    await this.#deps.store.step(this.#hold.claim, step, events, audit);
    this.#steps[index] = step;
    this.#tell(events);
  }

  /** Writes that the job is being worked on. @throws ClaimLost, StoreFailed */
  async start(): Promise<void> {
    const isNew = this.job.state === 'queued';
    const event = this.#event(isNew ? 'started' : 'taken_over', isNew ? 'Begun.' : 'Taken up again.');
    await this.#deps.store.start(this.#hold.claim, this.at(), event);
    this.#tell([event]);
  }

  /** Writes the job's end. @throws ClaimLost, StoreFailed */
  async end(ending: JobEnding, audit: AuditEntry): Promise<void> {
    this.#hold.check();
    const event = this.#event('ended', ending.result);
    const { state, result, proof } = ending;
    const at = this.at();
    await this.#deps.store.end(
      this.#hold.claim,
      { state, result, at, ...(proof === undefined ? {} : { proof }) },
      event,
      audit,
    );
    this.#tell([event]);
  }

  /** Hands a secret to whoever waits for the job. It is written nowhere. */
  reveal(about: string, value: string): void {
    this.#hooks.onSecret?.({ about, value });
  }

  #event(kind: JobEvent['kind'], text: string, step?: number): Event {
    return { job_id: this.job.id, at: this.at(), kind, text, ...(step === undefined ? {} : { step }) };
  }

  #tell(events: readonly Event[]): void {
    for (const event of events) this.#hooks.onEvent?.(event);
  }
}

function withoutUndefined(step: { [K in keyof JobStep]: JobStep[K] | undefined }): JobStep {
  // What JobStep requires is never taken away: `Changes` has no undefined for `index`, and `state` is always given.
  return Object.fromEntries(Object.entries(step).filter(([, value]) => value !== undefined)) as JobStep;
}
