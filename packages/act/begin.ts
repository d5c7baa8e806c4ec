import type { Approval, Job, Person, PlanRecord } from '@pxa/contract';
import type { AuditEntry, Begun, Store } from '@pxa/store';
import { approvedOf } from './audit.ts';

/** What beginning a job needs of its surroundings. `now` is milliseconds since 1970; `id` gives a new one after a prefix. */
export interface BeginDeps {
  readonly store: Store;
  readonly now: () => number;
  readonly id: (prefix: string) => string;
}

/** Uses an approval up for a job, which waits to be carried out: see `runJob`. @throws StoreFailed */
export async function begin({ store, now, id }: BeginDeps, approvalId: string): Promise<Begun> {
  const approval = await store.approval(approvalId);
  const record = approval === undefined ? undefined : await store.plan(approval.plan_id);
  if (approval === undefined || record === undefined) {
    return { ok: false, refused: `There is no approval by the id ${approvalId}. List them with: pxa approvals` };
  }
  const at = new Date(now()).toISOString();
  const job = jobOf(record, approval, { id: id('job'), at });
  const approved = approvedOf(approval);
  const audit: AuditEntry = {
    at,
    kind: 'job.begun',
    who: approved.by,
    door: approved.door,
    cluster: record.cluster,
    plan_id: record.plan.id,
    job_id: job.id,
    data: { approval: approval.id, hash: approval.plan_hash, says: record.plan.says, steps: record.plan.steps.length },
  };
  return store.begin(approvalId, job, audit);
}

function jobOf({ plan, cluster }: PlanRecord, approval: Approval, { id, at }: { id: string; at: string }): Job {
  return {
    id,
    plan_id: plan.id,
    approval_id: approval.id,
    cluster,
    says: plan.says,
    state: 'queued',
    steps: plan.steps.map((_, index) => ({ index, state: 'pending' })),
    created_at: at,
    cancelling: false,
  };
}

/**
 * Asks that a job stop, in a person's name: the task under way is stopped and nothing more is begun. False where it has
 * ended, or there is none. @throws StoreFailed
 */
export async function cancelJob(
  { store, now }: Pick<BeginDeps, 'store' | 'now'>,
  jobId: string,
  by: Person,
): Promise<boolean> {
  const job = await store.job(jobId);
  if (job === undefined) return false;
  const at = new Date(now()).toISOString();
  const audit: AuditEntry = {
    at,
    kind: 'job.cancelling',
    who: by.name,
    door: by.door,
    cluster: job.cluster,
    plan_id: job.plan_id,
    job_id: job.id,
    data: { says: job.says },
  };
  return store.cancel(jobId, { job_id: jobId, at, kind: 'cancelling', text: `${by.name} asked that it stop.` }, audit);
}
