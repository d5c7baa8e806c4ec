import type { JobEvent, JobStep, Proof } from '@pxa/contract';
import { appendAudit } from './audit-log.ts';
import { type Ending, writeEvents } from './jobs.ts';
import { type AuditEntry, type Claim, ClaimLost, type EndState } from './store.ts';
import type { Trx } from './tables.ts';

type NewEvents = readonly Omit<JobEvent, 'seq'>[];

/** Jobs that are to be carried on. */
const OPEN = ['queued', 'running'];

/** Takes hold of a job that nobody holds. One statement decides, so that of several who try one wins. */
export async function claimJob(
  trx: Trx,
  of: { jobId: string; owner: string; now: number; leaseMs: number },
): Promise<Claim | undefined> {
  const row = await trx
    .updateTable('jobs')
    .set((eb) => ({ owner: of.owner, fence: eb('fence', '+', 1), held_until_ms: of.now + of.leaseMs }))
    .where('id', '=', of.jobId)
    .where('state', 'in', OPEN)
    .where((eb) => eb.or([eb('owner', 'is', null), eb('held_until_ms', '<=', of.now)]))
    .returning('fence')
    .executeTakeFirst();
  return row && { jobId: of.jobId, fence: row.fence };
}

/** The ids of jobs that wait for somebody, oldest first. */
export async function dueJobs(trx: Trx, of: { cluster?: string; now: number; limit: number }): Promise<string[]> {
  let query = trx
    .selectFrom('jobs')
    .select('id')
    .where('state', 'in', OPEN)
    .where((eb) => eb.or([eb('owner', 'is', null), eb('held_until_ms', '<=', of.now)]))
    .orderBy('made')
    .limit(of.limit);
  if (of.cluster !== undefined) query = query.where('cluster', '=', of.cluster);
  const rows = await query.execute();
  return rows.map(({ id }) => id);
}

/** The write that every write of a holder begins with: it goes nowhere once the hold is another's, given back, or the job over. */
function heldJob(trx: Trx, { jobId, fence }: Claim) {
  return trx
    .updateTable('jobs')
    .where('id', '=', jobId)
    .where('fence', '=', fence)
    .where('owner', 'is not', null)
    .where('state', 'in', OPEN);
}

function lost({ jobId }: Claim): ClaimLost {
  return new ClaimLost(`Job ${jobId} is in other hands, or has ended: nothing was written.`);
}

/** @throws ClaimLost */
export async function renewClaim(trx: Trx, claim: Claim, heldUntilMs: number): Promise<void> {
  const [{ numUpdatedRows } = NONE] = await heldJob(trx, claim).set({ held_until_ms: heldUntilMs }).execute();
  if (numUpdatedRows === 0n) throw lost(claim);
}

const NONE = { numUpdatedRows: 0n };

export async function releaseClaim(trx: Trx, claim: Claim): Promise<void> {
  await heldJob(trx, claim).set({ owner: null, held_until_ms: 0 }).execute();
}

/** @throws ClaimLost */
export async function writeStart(trx: Trx, claim: Claim, at: string, event: NewEvents[number]): Promise<void> {
  const row = await heldJob(trx, claim)
    .set((eb) => ({
      state: 'running',
      started_at: eb.fn.coalesce('started_at', eb.val(at)),
      last_event: eb('last_event', '+', 1),
    }))
    .returning('last_event')
    .executeTakeFirst();
  if (row === undefined) throw lost(claim);
  await writeEvents(trx, { id: claim.jobId, before: row.last_event - 1 }, [event]);
}

/** @throws ClaimLost */
export async function writeStep(
  trx: Trx,
  claim: Claim,
  news: { step: JobStep; events: NewEvents; audit: AuditEntry | undefined },
): Promise<void> {
  const { step, events, audit } = news;
  const row = await heldJob(trx, claim)
    .set((eb) => ({ last_event: eb('last_event', '+', events.length) }))
    .returning('last_event')
    .executeTakeFirst();
  if (row === undefined) throw lost(claim);
  const [{ numUpdatedRows } = NONE] = await trx
    .updateTable('job_steps')
    .set({ body: JSON.stringify(step) })
    .where('job_id', '=', claim.jobId)
    .where('step', '=', step.index)
    .execute();
  if (numUpdatedRows === 0n) throw new Error(`job ${claim.jobId} has no step ${step.index}`);
  await writeEvents(trx, { id: claim.jobId, before: row.last_event - events.length }, events);
  if (audit !== undefined) await appendAudit(trx, audit);
}

/** @throws ClaimLost */
export async function endJob(
  trx: Trx,
  claim: Claim,
  news: { state: EndState; at: string; result: string; proof?: Proof; event: NewEvents[number]; audit: AuditEntry },
): Promise<void> {
  const { state, at, result, proof, event } = news;
  const ending: Ending = { ended_at: at, result, ...(proof && { proof }) };
  const row = await heldJob(trx, claim)
    .set((eb) => ({
      state,
      ending: JSON.stringify(ending),
      owner: null,
      held_until_ms: 0,
      last_event: eb('last_event', '+', 1),
    }))
    .returning('last_event')
    .executeTakeFirst();
  if (row === undefined) throw lost(claim);
  await writeEvents(trx, { id: claim.jobId, before: row.last_event - 1 }, [event]);
  await appendAudit(trx, news.audit);
}

/** Asks that a job stop, whoever holds it. False where it has ended, or is none. */
export async function cancelJob(
  trx: Trx,
  jobId: string,
  news: { event: NewEvents[number]; audit: AuditEntry },
): Promise<boolean> {
  const row = await trx
    .updateTable('jobs')
    .set((eb) => ({ cancelling: 1, last_event: eb('last_event', '+', 1) }))
    .where('id', '=', jobId)
    .where('state', 'in', OPEN)
    .returning('last_event')
    .executeTakeFirst();
  if (row === undefined) return false;
  await writeEvents(trx, { id: jobId, before: row.last_event - 1 }, [news.event]);
  await appendAudit(trx, news.audit);
  return true;
}
