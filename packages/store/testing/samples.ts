import type { Approval, Decision, Job, JobEvent, JobStep, PlanRecord } from '@pxa/contract';
import type { AuditEntry, Store } from '../store.ts';

/** When the samples are made: 2026-02-23T10:00:00Z, and what stands so many seconds after. */
export const NOW_MS = 1_771_840_800_000;
export const at = (seconds: number): string => new Date(NOW_MS + seconds * 1000).toISOString();

/** After so many seconds an approval of the samples comes to its end. */
export const ENDS_S = 900;

const person = (name: string): Decision['by'] => ({ name, door: 'terminal' });

export function entry(kind: string, more: Partial<AuditEntry> = {}): AuditEntry {
  return {
    at: at(0),
    kind,
    who: 'anna',
    door: 'terminal',
    cluster: 'lab',
    plan_id: null,
    job_id: null,
    data: {},
    ...more,
  };
}

/** Plan N, of as many steps, with parameters that are given. */
export function planOf(id: string, steps = 2, params: Record<string, unknown> = {}): PlanRecord {
  const numbers = Array.from({ length: steps }, (_, index) => index);
  return {
    plan: {
      id,
      hash: `sha256:${id}`,
      expires_at: at(ENDS_S),
      risk: 'change',
      says: `Start VM ${id}`,
      steps: numbers.map((index) => ({
        method: 'POST',
        path: `/nodes/a/qemu/${index}/status/start`,
        params,
        says: 'Start',
      })),
      assumptions: [],
      warnings: [],
      changes: [],
      loses: [],
    },
    created_at: at(0),
    cluster: 'lab',
    requested_by: person('anna'),
    request: 'start it',
    action: 'guests.start',
    records: [],
    on_failure: 'stop',
  };
}

export function approvalOf(record: PlanRecord, more: Partial<Approval> = {}): Approval {
  return {
    id: `approval-${record.plan.id}`,
    plan_id: record.plan.id,
    plan_hash: record.plan.hash,
    cluster: record.cluster,
    state: 'pending',
    needed: 1,
    requester_may: true,
    requested_by: record.requested_by,
    requested_at: record.created_at,
    expires_at: record.plan.expires_at,
    decisions: [],
    ...more,
  };
}

export function jobOf(approval: Approval, more: Partial<Job> = {}): Job {
  return {
    id: `job-${approval.plan_id}`,
    plan_id: approval.plan_id,
    approval_id: approval.id,
    cluster: approval.cluster,
    says: 'Start it',
    state: 'queued',
    steps: [stepOf(0, 'pending'), stepOf(1, 'pending')],
    created_at: at(1),
    cancelling: false,
    ...more,
  };
}

export const stepOf = (index: number, state: JobStep['state']): JobStep => ({ index, state });

export function eventOf(jobId: string, text: string, more: Partial<JobEvent> = {}): Omit<JobEvent, 'seq'> {
  return { job_id: jobId, at: at(2), kind: 'log', text, ...more };
}

export function word(by: string, seconds = 1, decision: Decision['decision'] = 'approved'): Decision {
  return { by: person(by), at: at(seconds), decision };
}

/** A plan that was proposed and approved, and its job begun. */
export async function begun(store: Store, id: string, more: { steps?: number } = {}): Promise<Job> {
  const record = planOf(id, more.steps);
  const approval = approvalOf(record);
  await store.propose(record, approval, entry('proposed'));
  await store.decide(approval.id, approval.plan_hash, word('anna'), entry('approved'));
  const steps = record.plan.steps.map((_, index) => stepOf(index, 'pending'));
  const result = await store.begin(approval.id, jobOf(approval, { steps }), entry('begun'));
  if (!result.ok) throw new Error(result.refused);
  return result.job;
}
