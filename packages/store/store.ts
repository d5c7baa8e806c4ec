import type {
  Approval,
  AuditRecord,
  Decision,
  Job,
  JobEvent,
  JobState,
  JobStep,
  PlanRecord,
  Proof,
} from '@pxa/contract';

/** A worker's hold on a job. A later hold has a greater fence, and what comes with a lesser one is refused. */
export interface Claim {
  readonly jobId: string;
  readonly fence: number;
}

/** Somebody else has taken the job over, or it has ended: nothing was written, and nothing more may be done. */
export class ClaimLost extends Error {
  override readonly name = 'ClaimLost';
}

/** What is to be written to the audit log; its place in the chain is the store's to give. */
export type AuditEntry = Omit<AuditRecord, 'seq' | 'before' | 'hash'>;

/** How many records the audit log has, and the hash of the last one. */
export interface AuditHead {
  readonly count: number;
  readonly hash: string;
}

/** How a job can end. */
export type EndState = Exclude<JobState, 'queued' | 'running'>;

/** What came of a word on an approval. `refused`: nothing was changed, and why, for the person who gave it. */
export type Decided =
  | { ok: true; approval: Approval }
  /** `asksFor`: with another word for that, it would have been taken. */
  | { ok: false; refused: string; asksFor?: 'confirm' };

/** What came of turning an approval into a job. */
export type Begun = { ok: true; job: Job } | { ok: false; refused: string };

/**
 * What must last: plans, approvals, jobs, and the audit log. Every method is one transaction, durable when its promise
 * settles; times are ISO 8601 and handed in. Rejects with StoreFailed where the store could not do it: nothing of it was
 * done then, unless the failure says that this is not known.
 */
export interface Store {
  /** Keeps a plan with the approval that waits for a person's word, and its audit entry. */
  propose(record: PlanRecord, approval: Approval, audit: AuditEntry): Promise<void>;
  plan(id: string): Promise<PlanRecord | undefined>;
  approval(id: string): Promise<Approval | undefined>;
  /** The approval of a plan. */
  approvalOf(planId: string): Promise<Approval | undefined>;
  /** Newest first; from their end on, ones that are pending, or approved and not used, count as expired. */
  approvals(of: { now: string; state?: Approval['state']; limit: number }): Promise<Approval[]>;
  /**
   * Adds one person's word. Refused where it is not pending, its end has come, the hash is not that of the plan, the
   * same person has said so before, or the requester may not. It becomes `approved` with the last word that was needed.
   */
  decide(id: string, planHash: string, decision: Decision, audit: AuditEntry): Promise<Decided>;
  /**
   * Uses an approval up and makes its job with its first event, `queued`: all or nothing. Refused unless it is approved,
   * not used, and not past its end when the job was created.
   */
  begin(approvalId: string, job: Job, audit: AuditEntry): Promise<Begun>;

  job(id: string): Promise<Job | undefined>;
  /** The job that an approval was used up for. */
  jobOf(approvalId: string): Promise<Job | undefined>;
  /** Newest first. */
  jobs(of: { states?: readonly JobState[]; limit: number }): Promise<Job[]>;
  /**
   * Takes hold of a job that is not ended and that nobody holds at `now` (or whose hold has run out), for `leaseMs`.
   * Undefined where somebody does.
   */
  claim(of: { jobId: string; owner: string; now: number; leaseMs: number }): Promise<Claim | undefined>;
  /** Jobs that are not ended and that nobody holds at `now`, oldest first; without a cluster, of all. */
  due(of: { cluster?: string; now: number; limit: number }): Promise<string[]>;
  /** Holds on for longer. @throws ClaimLost */
  renew(claim: Claim, now: number, leaseMs: number): Promise<void>;
  /** Lets go without ending the job. Where the hold is lost already there is nothing to do. */
  release(claim: Claim): Promise<void>;
  /** Writes where a step stands, and what happened. @throws ClaimLost */
  step(claim: Claim, step: JobStep, events: readonly Omit<JobEvent, 'seq'>[], audit?: AuditEntry): Promise<void>;
  /** Writes that a job has begun. @throws ClaimLost */
  start(claim: Claim, at: string, event: Omit<JobEvent, 'seq'>): Promise<void>;
  /** Ends a job. @throws ClaimLost */
  end(
    claim: Claim,
    ending: { state: EndState; at: string; result: string; proof?: Proof },
    event: Omit<JobEvent, 'seq'>,
    audit: AuditEntry,
  ): Promise<void>;
  /** Asks that a job stop. False where it has ended. */
  cancel(jobId: string, event: Omit<JobEvent, 'seq'>, audit: AuditEntry): Promise<boolean>;
  /** Events of a job after `after`, in their order. */
  events(jobId: string, after: number, limit: number): Promise<JobEvent[]>;
  /** The last `limit` events of a job, in their order: each is numbered, so the first tells how many are before it. */
  lastEvents(jobId: string, limit: number): Promise<JobEvent[]>;

  audit(entry: AuditEntry): Promise<void>;
  /** A page of the log, in its order, after `after`. */
  auditLog(after: number, limit: number): Promise<AuditRecord[]>;
  /** What the log must come to, kept apart from it: without it nobody could see that its end was cut off. */
  auditHead(): Promise<AuditHead>;
  /** Waits for what is under way. Nothing can be read or written after. */
  close(): Promise<void>;
}

/**
 * The store could not be read or written: full, locked by another, gone. The message says what to do. `fate` is `unknown`
 * where the connection was lost while a transaction was ending: it was done as a whole, or not at all, and a look tells.
 */
export class StoreFailed extends Error {
  override readonly name = 'StoreFailed';
  readonly fate: 'not_done' | 'unknown';

  constructor(message: string, more: { cause?: unknown; fate?: 'not_done' | 'unknown' } = {}) {
    super(message, { cause: more.cause });
    this.fate = more.fate ?? 'not_done';
  }
}
