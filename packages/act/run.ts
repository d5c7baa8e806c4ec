import type { Approval, Job, PlanRecord } from '@pxa/contract';
import { ApprovalRefused } from '@pxa/pve/gate';
import type { Store } from '@pxa/store';
import { AuditOf, approvedOf } from './audit.ts';
import { CancelWatch } from './cancel-watch.ts';
import type { RunDeps, RunHooks } from './deps.ts';
import { endingOf } from './ending.ts';
import { Execution } from './execution.ts';
import { hashOf } from './hash.ts';
import { Hold, RunInterrupted } from './hold.ts';
import { Journal } from './journal.ts';
import { type Limits, defaultLimits } from './limits.ts';
import { Permits } from './permits.ts';
import { runSteps } from './schedule.ts';
import { takeBack } from './undo.ts';
import { verify } from './verify.ts';

/**
 * Carries a job out, or goes on with one that another run left, and gives it as it ended. Where another run holds it, it
 * is given as it stands.
 *
 * @throws StoreFailed: the store could not be written, and nothing more was sent; the job is taken up again later.
 * ClaimLost: somebody else has taken it over. RunInterrupted: `hooks.signal` fired.
 */
export async function runJob(deps: RunDeps, jobId: string, hooks: RunHooks = {}): Promise<Job> {
  const limits: Limits = { ...defaultLimits, ...deps.limits };
  const job = await jobOf(deps.store, jobId);
  if (job.cluster !== deps.clusterId) throw new TypeError(`job ${jobId} is one of cluster ${job.cluster}`);
  const hold = await Hold.take(deps, limits, jobId);
  if (hold === undefined) return jobOf(deps.store, jobId);
  const interrupt = (): void => hold.fail(new RunInterrupted('The run was ended; its job is taken up again later.'));
  hooks.signal?.addEventListener('abort', interrupt, { once: true });
  if (hooks.signal?.aborted === true) interrupt();
  try {
    await underHold(deps, limits, hold, hooks);
  } catch (error) {
    hold.fail(error);
    if (error instanceof RunInterrupted) await deps.store.release(hold.claim);
    throw error;
  } finally {
    hold.close();
    hooks.signal?.removeEventListener('abort', interrupt);
  }
  return jobOf(deps.store, jobId);
}

async function underHold(deps: RunDeps, limits: Limits, hold: Hold, hooks: RunHooks): Promise<void> {
  // Read again: before we held it, another run may have written.
  const job = await jobOf(deps.store, hold.claim.jobId);
  const journal = new Journal(deps, hold, job, hooks);
  const [record, approval] = await Promise.all([deps.store.plan(job.plan_id), deps.store.approval(job.approval_id)]);
  if (record === undefined || approval === undefined) throw new TypeError(`job ${job.id} has no plan or no approval`);
  const audit = new AuditOf(record, job.id, approvedOf(approval), deps.owner);
  const permits = permitsOf(deps, record, approval);
  if (typeof permits === 'string') {
    const result = `Failed: nothing was sent. ${permits}`;
    await journal.end({ state: 'failed', result }, audit.ended(journal.at(), { state: 'failed', result }));
    return;
  }
  const cancel = new CancelWatch(deps, job.id);
  if (job.cancelling) cancel.ask();
  const x = new Execution({ deps, limits, record, journal, hold, cancel, permits, audit });
  await journal.start();
  void cancel.watch(hold, limits);
  await runSteps(x);
  await takeBack(x);
  await finish(x);
}

/** The permits, or in words why there are none. */
function permitsOf(deps: RunDeps, record: PlanRecord, approval: Approval): Permits | string {
  const { plan, cluster } = record;
  const isApproved = approval.state === 'used' && approval.plan_id === plan.id;
  const words = new Set(approval.decisions.filter(({ decision }) => decision === 'approved').map(({ by }) => by.name));
  if (!isApproved || words.size < approval.needed) return `Plan ${plan.id} was not approved.`;
  if (cluster !== deps.clusterId || approval.cluster !== cluster)
    return `Plan ${plan.id} is for the cluster ${cluster}.`;
  if (hashOf(record) !== plan.hash) return `Plan ${plan.id} is not what was approved: it was changed where it is kept.`;
  if (plan.steps.length !== record.records.length) return `Plan ${plan.id} is not whole.`;
  try {
    return Permits.of(record, approval);
  } catch (error) {
    // The gate's refusals, and calls that Proxmox VE does not know, which it names by NotInFacts.
    if (error instanceof ApprovalRefused || (error instanceof Error && /NotInFacts|ValueRefused/.test(error.name))) {
      return error.message;
    }
    throw error;
  }
}

async function finish(x: Execution): Promise<void> {
  for (const { index, state } of x.journal.steps) {
    if (state === 'pending') await x.journal.write(index, { state: 'skipped' }, 'Not begun.');
  }
  const ending = endingOf(x, await verify(x));
  const { state, result, proof } = ending;
  const data = { state, result, proof: proof?.outcome ?? 'none', differs: proof?.differs ?? [] };
  await x.journal.end(ending, x.audit.ended(x.journal.at(), data));
}

async function jobOf(store: Store, jobId: string): Promise<Job> {
  const job = await store.job(jobId);
  if (job === undefined) throw new TypeError(`there is no job ${jobId}`);
  return job;
}
