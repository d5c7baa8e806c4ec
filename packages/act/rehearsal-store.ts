import type { Approval, Job, JobEvent, JobStep, PlanRecord } from '@pxa/contract';
import { type Claim, type Store, StoreFailed } from '@pxa/store';

/** What carrying a job out needs of a store. */
type Kept = Pick<
  Store,
  'plan' | 'approval' | 'job' | 'events' | 'claim' | 'renew' | 'release' | 'step' | 'start' | 'end'
>;

type NotKept = Exclude<keyof Store, keyof Kept>;

/** Whose word a plan is rehearsed on: nobody's, so that what it permits is for a twin alone. */
const NOBODY = { name: 'rehearsal', door: 'command_line' } as const;

const CLAIM = (jobId: string): Claim => ({ jobId, fence: 1 });

/** The job of a rehearsal, where it stands. It is kept nowhere else, and is gone with it. */
export class RehearsalStore implements Kept {
  readonly #record: PlanRecord;
  readonly #approval: Approval;
  readonly #events: JobEvent[] = [];
  #job: Job;

  constructor(record: PlanRecord) {
    this.#record = record;
    this.#approval = approvalOf(record);
    this.#job = jobOf(record, this.#approval);
  }

  /** The job as it stands. */
  get current(): Job {
    return this.#job;
  }

  /** This as a store: whatever else one keeps, a rehearsal does not have. */
  asStore(): Store {
    const notKept = (): Promise<never> => Promise.reject(new StoreFailed('A rehearsal keeps nothing but its own job.'));
    const rest: Record<NotKept, typeof notKept> = {
      propose: notKept,
      approvalOf: notKept,
      approvals: notKept,
      decide: notKept,
      begin: notKept,
      jobOf: notKept,
      jobs: notKept,
      due: notKept,
      cancel: notKept,
      lastEvents: notKept,
      audit: notKept,
      auditLog: notKept,
      auditHead: notKept,
      close: notKept,
    };
    return {
      ...rest,
      plan: () => this.plan(),
      approval: () => this.approval(),
      job: () => this.job(),
      events: (jobId, after) => this.events(jobId, after),
      claim: ({ jobId }) => this.claim({ jobId }),
      renew: () => this.renew(),
      release: () => this.release(),
      step: (claim, step, events) => this.step(claim, step, events),
      start: (claim, at, event) => this.start(claim, at, event),
      end: (claim, ending, event) => this.end(claim, ending, event),
    };
  }

  plan(): Promise<PlanRecord> {
    return Promise.resolve(this.#record);
  }

  approval(): Promise<Approval> {
    return Promise.resolve(this.#approval);
  }

  job(): Promise<Job> {
    return Promise.resolve(this.#job);
  }

  events(_jobId: string, after: number): Promise<JobEvent[]> {
    return Promise.resolve(this.#events.filter(({ seq }) => seq > after));
  }

  claim({ jobId }: { jobId: string }): Promise<Claim> {
    return Promise.resolve(CLAIM(jobId));
  }

  renew(): Promise<void> {
    return Promise.resolve();
  }

  release(): Promise<void> {
    return Promise.resolve();
  }

  step(_claim: Claim, step: JobStep, events: readonly Omit<JobEvent, 'seq'>[]): Promise<void> {
    this.#job = { ...this.#job, steps: this.#job.steps.map((known) => (known.index === step.index ? step : known)) };
    return this.#note(events);
  }

  start(_claim: Claim, at: string, event: Omit<JobEvent, 'seq'>): Promise<void> {
    this.#job = { ...this.#job, state: 'running', started_at: at };
    return this.#note([event]);
  }

  end(_claim: Claim, ending: Parameters<Store['end']>[1], event: Omit<JobEvent, 'seq'>): Promise<void> {
    const { state, at, result, proof } = ending;
    this.#job = { ...this.#job, state, ended_at: at, result, ...(proof === undefined ? {} : { proof }) };
    return this.#note([event]);
  }

  #note(events: readonly Omit<JobEvent, 'seq'>[]): Promise<void> {
    for (const event of events) this.#events.push({ ...event, seq: this.#events.length + 1 });
    return Promise.resolve();
  }
}

function approvalOf({ plan, cluster, created_at: at }: PlanRecord): Approval {
  return {
    id: 'rehearsal',
    plan_id: plan.id,
    plan_hash: plan.hash,
    cluster,
    state: 'used',
    needed: 1,
    requester_may: true,
    requested_by: NOBODY,
    requested_at: at,
    expires_at: plan.expires_at,
    decisions: [{ by: NOBODY, at, decision: 'approved' }],
  };
}

function jobOf({ plan, cluster, created_at: at }: PlanRecord, { id }: Approval): Job {
  return {
    id: 'rehearsal',
    plan_id: plan.id,
    approval_id: id,
    cluster,
    says: plan.says,
    state: 'queued',
    steps: plan.steps.map((_, index) => ({ index, state: 'pending' })),
    created_at: at,
    cancelling: false,
  };
}
