import type { Job, JobEvent, JobState, JobStep } from '@pxa/contract';
import { appendAudit } from './audit-log.ts';
import { approvalOf, lockApproval } from './approvals.ts';
import type { AuditEntry, Begun } from './store.ts';
import type { Trx } from './tables.ts';

/** What of a job is written once. */
type Kept = Pick<Job, 'id' | 'plan_id' | 'approval_id' | 'cluster' | 'says' | 'created_at'>;

/** How it ended, as one column holds it. */
export type Ending = Required<Pick<Job, 'ended_at' | 'result'>> & Pick<Job, 'proof'>;

/** Uses an approval up and makes its job, or says why not. */
export async function beginJob(trx: Trx, of: { approvalId: string; job: Job; audit: AuditEntry }): Promise<Begun> {
  const { approvalId, job } = of;
  const row = await lockApproval(trx, approvalId);
  if (row === undefined) return { ok: false, refused: `There is no approval ${approvalId}.` };
  const approval = approvalOf(row, Date.parse(job.created_at));
  if (approval.state !== 'approved') return { ok: false, refused: NOT_APPROVED[approval.state] };
  if (job.approval_id !== approval.id || job.plan_id !== approval.plan_id || job.cluster !== approval.cluster)
    throw new Error(`job ${job.id} is not of approval ${approval.id}`);
  await trx.updateTable('approvals').set({ state: 'used' }).where('id', '=', approval.id).execute();
  await insertJob(trx, job, await appendAudit(trx, of.audit));
  await writeEvents(trx, { id: job.id, before: 0 }, [
    { job_id: job.id, at: job.created_at, kind: 'queued', text: job.says },
  ]);
  return { ok: true, job };
}

const NOT_APPROVED: Readonly<Record<'pending' | 'used' | 'cancelled' | 'expired', string>> = {
  pending: 'It has not been approved yet.',
  used: 'It has been used already: an approval is good for one time.',
  cancelled: 'It has been cancelled.',
  expired: 'Its time is over. Ask for the change again to get a new plan.',
};

/** Rows of one statement, so that no engine's limit of parameters is met. */
const ROWS_AT_ONCE = 500;

async function insertJob(trx: Trx, job: Job, made: number): Promise<void> {
  const { id, plan_id, approval_id, cluster, says, created_at } = job;
  const kept: Kept = { id, plan_id, approval_id, cluster, says, created_at };
  const parts = { id, plan_id, approval_id, cluster, made, body: JSON.stringify(kept) };
  const free = {
    created_ms: Date.parse(created_at),
    owner: null,
    fence: 0,
    held_until_ms: 0,
    started_at: null,
    ending: null,
  };
  await trx
    .insertInto('jobs')
    .values({ ...parts, ...free, state: 'queued', cancelling: 0, last_event: 1 })
    .execute();
  for (let from = 0; from < job.steps.length; from += ROWS_AT_ONCE) {
    const rows = job.steps
      .slice(from, from + ROWS_AT_ONCE)
      .map((step) => ({ job_id: id, step: step.index, body: JSON.stringify(step) }));
    await trx.insertInto('job_steps').values(rows).execute();
  }
}

/** Writes events, numbered from the one after `before`. */
export async function writeEvents(
  trx: Trx,
  job: { id: string; before: number },
  events: readonly Omit<JobEvent, 'seq'>[],
): Promise<void> {
  const rows = events.map((event, index) => {
    if (event.job_id !== job.id) throw new Error(`an event of job ${event.job_id} was written to job ${job.id}`);
    const seq = job.before + 1 + index;
    return { job_id: job.id, seq, body: JSON.stringify({ ...event, seq }) };
  });
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE)
    await trx
      .insertInto('job_events')
      .values(rows.slice(from, from + ROWS_AT_ONCE))
      .execute();
}

export async function readJob(trx: Trx, by: { id: string } | { approvalId: string }): Promise<Job | undefined> {
  const query = trx.selectFrom('jobs').selectAll();
  const rows = await (
    'id' in by ? query.where('id', '=', by.id) : query.where('approval_id', '=', by.approvalId)
  ).execute();
  return (await jobsOf(trx, rows))[0];
}

/** Newest first. */
export async function readJobs(
  trx: Trx,
  of: { states?: readonly JobState[] | undefined; limit: number },
): Promise<Job[]> {
  let query = trx.selectFrom('jobs').selectAll().orderBy('made', 'desc').limit(of.limit);
  if (of.states !== undefined) query = query.where('state', 'in', of.states);
  return of.states?.length === 0 ? [] : jobsOf(trx, await query.execute());
}

interface JobRow {
  id: string;
  state: string;
  cancelling: number;
  started_at: string | null;
  ending: string | null;
  body: string;
}

/** The jobs of rows, with their steps: one query for all of a few, so that memory and parameters stay bounded. */
export async function jobsOf(trx: Trx, rows: readonly JobRow[]): Promise<Job[]> {
  const steps = new Map<string, JobStep[]>(rows.map(({ id }) => [id, []]));
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const ids = rows.slice(from, from + ROWS_AT_ONCE).map(({ id }) => id);
    const found = await trx
      .selectFrom('job_steps')
      .select(['job_id', 'body'])
      .where('job_id', 'in', ids)
      .orderBy('step')
      .execute();
    for (const { job_id, body } of found) steps.get(job_id)?.push(JSON.parse(body) as JobStep); // insertJob or writeStep wrote it
  }
  return rows.map((row) => jobOf(row, steps.get(row.id) ?? []));
}

function jobOf(row: JobRow, steps: JobStep[]): Job {
  return {
    // insertJob and endJob wrote the texts, and the state
    ...(JSON.parse(row.body) as Kept),
    state: row.state as JobState,
    steps,
    cancelling: row.cancelling === 1,
    ...(row.started_at !== null && { started_at: row.started_at }),
    ...(row.ending !== null && (JSON.parse(row.ending) as Ending)),
  };
}

/** Events after `after`, in their order. */
export async function readEvents(trx: Trx, jobId: string, after: number, limit: number): Promise<JobEvent[]> {
  const rows = await trx
    .selectFrom('job_events')
    .select('body')
    .where('job_id', '=', jobId)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
    .execute();
  return rows.map(({ body }) => JSON.parse(body) as JobEvent); // writeEvents wrote it
}

/** The last `limit` events, in their order. */
export async function readLastEvents(trx: Trx, jobId: string, limit: number): Promise<JobEvent[]> {
  const rows = await trx
    .selectFrom('job_events')
    .select('body')
    .where('job_id', '=', jobId)
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ body }) => JSON.parse(body) as JobEvent).reverse(); // writeEvents wrote it
}
