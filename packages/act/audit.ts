import type { Approval, PlanRecord } from '@pxa/contract';
import type { WriteCall } from '@pxa/pve/gate';
import type { AuditEntry } from '@pxa/store';

/** Whose word a job is carried out on. */
export interface Approved {
  readonly by: string;
  readonly door: string;
  /** When the last word that was needed was given. */
  readonly at: string;
}

/** Who approved, by the words that were given. */
export function approvedOf({ decisions }: Approval): Approved {
  const words = decisions.filter(({ decision }) => decision === 'approved');
  const last = words.at(-1);
  return { by: words.map(({ by }) => by.name).join(', '), door: last?.by.door ?? '', at: last?.at ?? '' };
}

/** What the audit log keeps of a job's calls and its end. Secrets among parameters are the store's to hide. */
export class AuditOf {
  readonly #common: Pick<AuditEntry, 'who' | 'door' | 'cluster' | 'plan_id' | 'job_id'>;
  readonly #owner: string;

  constructor(record: PlanRecord, jobId: string, approved: Approved, owner: string) {
    const { plan, cluster } = record;
    this.#common = { who: approved.by, door: approved.door, cluster, plan_id: plan.id, job_id: jobId };
    this.#owner = owner;
  }

  /** A call that was sent, and what came of it. */
  call(at: string, step: number, { method, path, params }: WriteCall, result: string): AuditEntry {
    const data = { step, method, path, params, result, carried_out_by: this.#owner };
    return { ...this.#common, at, kind: 'call.sent', data };
  }

  ended(at: string, data: Record<string, unknown>): AuditEntry {
    return { ...this.#common, at, kind: 'job.ended', data: { ...data, carried_out_by: this.#owner } };
  }
}
