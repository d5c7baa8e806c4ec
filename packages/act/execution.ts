import type { Fact, PlanRecord, StepRecord } from '@pxa/contract';
import type { Permit, WriteCall } from '@pxa/pve/gate';
import type { AuditOf } from './audit.ts';
import type { CancelWatch } from './cancel-watch.ts';
import { type RunDeps, type Wire, plainWire } from './deps.ts';
import { type Facts, checkFacts } from './facts.ts';
import type { Hold } from './hold.ts';
import type { Journal } from './journal.ts';
import { type Limits, backoffMs } from './limits.ts';
import type { Permits } from './permits.ts';
import { Turns } from './turns.ts';

/** One call of a job, as it is carried out: that of a step, or one that takes a step back. */
export interface Work {
  readonly index: number;
  /** Which of the step's undo calls this is, from 0; absent for the step's own. */
  readonly undoing?: number;
  readonly says: string;
  readonly call: WriteCall;
  readonly record: Pick<StepRecord, 'node' | 'relies_on' | 'expects' | 'tasks' | 'limit_seconds' | 'file'>;
  readonly permit: () => Permit;
  /** How long what it relies on may take to show itself, since another step has just made it so. */
  readonly patienceMs: number;
  /** What may call it off; absent for what is to be carried out all the same. */
  readonly heeds?: CancelWatch;
}

interface Parts {
  readonly deps: RunDeps;
  readonly limits: Limits;
  readonly record: PlanRecord;
  readonly journal: Journal;
  readonly hold: Hold;
  readonly cancel: CancelWatch;
  readonly permits: Permits;
  readonly audit: AuditOf;
}

/** A job while it is carried out: what all parts of the work share. */
export class Execution {
  readonly deps: RunDeps;
  readonly limits: Limits;
  readonly record: PlanRecord;
  readonly journal: Journal;
  readonly hold: Hold;
  readonly cancel: CancelWatch;
  readonly permits: Permits;
  readonly audit: AuditOf;
  /** Steps whose tasks could not be told apart are not sent side by side. */
  readonly turns = new Turns();
  /** Tasks known to be of one step, which therefore are of no other. */
  readonly tasks: Set<string>;
  /** Whether the job was begun by another run, which may have gone further than it could write. */
  readonly isResumed: boolean;

  constructor(parts: Parts) {
    this.deps = parts.deps;
    this.limits = parts.limits;
    this.record = parts.record;
    this.journal = parts.journal;
    this.hold = parts.hold;
    this.cancel = parts.cancel;
    this.permits = parts.permits;
    this.audit = parts.audit;
    this.tasks = new Set(parts.journal.steps.flatMap(({ upid }) => upid ?? []));
    this.isResumed = parts.journal.job.state !== 'queued';
  }

  /** A way to the cluster that is cut off when the hold is lost. */
  wire(): Wire {
    const session = this.deps.cluster.session({ signal: this.hold.signal });
    return (this.deps.wireOf ?? plainWire)(session);
  }

  /** Waits, at the most until `early` fires. @throws what ended the hold */
  async wait(ms: number, early?: AbortSignal): Promise<void> {
    const signals = [this.hold.signal, ...(early === undefined ? [] : [early])];
    await this.deps.sleep(ms, AbortSignal.any(signals));
    this.hold.check();
  }

  /**
   * Whether facts hold now. What differs is read again for `patienceMs`, what cannot be read for the limit, or as long: a
   * node that boots does not answer.
   *
   * @throws what ended the hold
   */
  async facts(facts: readonly Fact[], patienceMs = 0): Promise<Facts> {
    const begun = this.deps.now();
    for (let attempt = 0; ; attempt++) {
      const found = await checkFacts(this.wire().reader, facts);
      this.hold.check();
      if (found.holds === true) return found;
      const limitMs = found.holds === 'unknown' ? Math.max(this.limits.unreadableMs, patienceMs) : patienceMs;
      const waitMs = backoffMs(attempt);
      if (this.deps.now() + waitMs - begun > limitMs) return found;
      await this.wait(waitMs);
    }
  }
}
