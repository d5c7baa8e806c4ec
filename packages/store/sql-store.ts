import { decideApproval, readApproval, readApprovals } from './approvals.ts';
import { appendAudit, readAudit, readAuditHead } from './audit-log.ts';
import type { Engine } from './engine.ts';
import { beginJob, readEvents, readJob, readJobs, readLastEvents } from './jobs.ts';
import { insertPlan, keptForm, openedPlan, readPlan } from './plans.ts';
import type { StoreQueue } from './queue.ts';
import type { SealSource } from './seal.ts';
import type { Store } from './store.ts';
import { cancelJob, claimJob, dueJobs, endJob, releaseClaim, renewClaim, writeStart, writeStep } from './work.ts';

/** The store over an engine: which query each method is, and whether it writes. One method, one transaction. */
export function sqlStore(
  engine: Engine,
  deps: { now(): number; seal?: SealSource | undefined; queue?: StoreQueue | undefined },
): Store {
  const { now, seal, queue } = deps;
  return {
    ...jobStore(engine, queue),
    // The key is fetched outside of the transactions: nothing waits within them.
    async propose(record, approval, audit) {
      const kept = await keptForm(record, seal);
      await engine.write((trx) => insertPlan(trx, { record, kept, approval, audit }));
    },
    async plan(id) {
      const row = await engine.read((trx) => readPlan(trx, id));
      return row && openedPlan(row, seal);
    },
    approval: (id) => engine.read((trx) => readApproval(trx, { id }, now())),
    approvalOf: (planId) => engine.read((trx) => readApproval(trx, { planId }, now())),
    approvals: (of) =>
      engine.read((trx) => readApprovals(trx, { nowMs: Date.parse(of.now), state: of.state, limit: of.limit })),
    decide: (id, planHash, decision, audit) =>
      engine.write((trx) => decideApproval(trx, { id, planHash, decision, audit })),
    audit: (entry) => engine.write(async (trx) => void (await appendAudit(trx, entry))),
    auditLog: (after, limit) => engine.look((db) => readAudit(db, after, limit)),
    auditHead: () => engine.look(readAuditHead),
    close: () => engine.close(),
  };
}

type JobStore = Pick<
  Store,
  | 'begin'
  | 'job'
  | 'jobOf'
  | 'jobs'
  | 'claim'
  | 'due'
  | 'renew'
  | 'release'
  | 'step'
  | 'start'
  | 'end'
  | 'cancel'
  | 'events'
  | 'lastEvents'
>;

function jobStore(engine: Engine, queue: StoreQueue | undefined): JobStore {
  return {
    // That it is due is told by the very transaction that makes it.
    begin: (approvalId, job, audit) =>
      engine.write(async (trx) => {
        const begun = await beginJob(trx, { approvalId, job, audit });
        if (begun.ok) await queue?.enqueue(trx, job.id);
        return begun;
      }),
    job: (id) => engine.read((trx) => readJob(trx, { id })),
    jobOf: (approvalId) => engine.read((trx) => readJob(trx, { approvalId })),
    jobs: (of) => engine.read((trx) => readJobs(trx, of)),
    claim: (of) => engine.write((trx) => claimJob(trx, of)),
    due: (of) => engine.read((trx) => dueJobs(trx, of)),
    renew: (claim, now, leaseMs) => engine.write((trx) => renewClaim(trx, claim, now + leaseMs)),
    release: (claim) => engine.write((trx) => releaseClaim(trx, claim)),
    step: (claim, step, events, audit) => engine.write((trx) => writeStep(trx, claim, { step, events, audit })),
    start: (claim, at, event) => engine.write((trx) => writeStart(trx, claim, at, event)),
    end: (claim, ending, event, audit) => engine.write((trx) => endJob(trx, claim, { ...ending, event, audit })),
    cancel: (jobId, event, audit) => engine.write((trx) => cancelJob(trx, jobId, { event, audit })),
    events: (jobId, after, limit) => engine.read((trx) => readEvents(trx, jobId, after, limit)),
    lastEvents: (jobId, limit) => engine.read((trx) => readLastEvents(trx, jobId, limit)),
  };
}
