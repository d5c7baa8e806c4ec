import { type Permit, type Realm, type WriteCall, mintPermit } from './permit.ts';
import { NotInFacts, requestAt, requestOf } from './request.ts';
import { parseUpid } from './upid.ts';

export { PermitRefused } from './permit.ts';
export type { Permit, WriteCall } from './permit.ts';

/**
 * What a person approved: the plan's calls in their order, and the hash by which the plan was shown and approved.
 * That the hash covers the calls and the state that they were planned on is for `act` to see to.
 */
export interface Approval {
  readonly plan: {
    readonly id: string;
    readonly hash: string;
    readonly expires_at: string;
    readonly steps: readonly WriteCall[];
    /** For each step, the calls that take it back if a later one fails: shown, and covered by the hash, like the steps. */
    readonly undo?: readonly (readonly WriteCall[])[];
  };
  /** The hash that the person saw and approved. */
  readonly approved_hash: string;
  /** Who approved it; never empty. */
  readonly approved_by: string;
  /** When, in ISO 8601. */
  readonly approved_at: string;
}

/** The approval does not cover what was to be done. */
export class ApprovalRefused extends Error {
  override readonly name = 'ApprovalRefused';
}

/**
 * What a person asked for by cancelling a job: that the task of one of its steps be stopped. It is that person's approval
 * of exactly one call, the one that stops this task; nothing else can be had by it.
 */
export interface Cancellation {
  readonly job_id: string;
  /** Who asked; never empty. */
  readonly requested_by: string;
  /** When, in ISO 8601. */
  readonly requested_at: string;
  /** The task, which the job itself began. */
  readonly upid: string;
}

/**
 * One permit for each step of an approved plan, in the plan's order. The functions of this module are the only way to get
 * permits, and `act` the only package that may import them.
 *
 * @throws NotInFacts for a step that is no call of Proxmox VE's. ApprovalRefused where nobody approved, where another plan was approved than this, or after the plan's end.
 */
export function mintPermits(approval: Approval): Permit[] {
  checkApproval(approval);
  return approval.plan.steps.map((step) => permitFor(step, 'cluster'));
}

/**
 * A permit for one step of an approved plan, from 0.
 *
 * @throws as `mintPermits`, and ApprovalRefused for a step that the plan does not have.
 */
export function permitForStep(approval: Approval, index: number): Permit {
  checkApproval(approval);
  return permitFor(planned(approval, approval.plan.steps[index]), 'cluster');
}

/**
 * A permit for one of the calls that take a step back, both from 0.
 *
 * @throws as `permitForStep`
 */
export function permitForUndo(approval: Approval, index: number, nth: number): Permit {
  checkApproval(approval);
  return permitFor(planned(approval, approval.plan.undo?.[index]?.[nth]), 'cluster');
}

/**
 * A permit to stop a task, from a person's wish that its job be cancelled.
 *
 * @throws ApprovalRefused where nobody asked for it, or at no time; NotInFacts for what is no task.
 */
export function permitToStop(cancellation: Cancellation): Permit {
  const { job_id: jobId, requested_by: requestedBy, requested_at: requestedAt } = cancellation;
  if (requestedBy.trim() === '') throw new ApprovalRefused(`Nobody asked for job ${jobId} to be cancelled.`);
  if (Number.isNaN(Date.parse(requestedAt))) {
    throw new ApprovalRefused(`It is not known when job ${jobId} was to be cancelled.`);
  }
  return permitFor(stopCall(cancellation.upid), 'cluster');
}

/**
 * A permit for a call that is rehearsed, which nobody has approved. It holds on a twin alone: the door to a cluster
 * refuses it.
 *
 * @throws NotInFacts for what is no call of Proxmox VE's.
 */
export function permitToRehearse(call: WriteCall): Permit {
  return permitFor(call, 'twin');
}

/**
 * The call that stops a task.
 *
 * @throws NotInFacts for a text that is no UPID.
 */
export function stopCall(upid: string): WriteCall {
  const node = parseUpid(upid)?.node;
  if (node === undefined) throw new NotInFacts('what is to be stopped is not a task');
  const request = requestOf('DELETE', '/nodes/{node}/tasks/{upid}', { node, upid });
  return { method: 'DELETE', path: request.path, params: request.params };
}

function checkApproval(approval: Approval): void {
  const { plan, approved_hash: approvedHash, approved_by: approvedBy, approved_at: approvedAt } = approval;
  if (approvedBy.trim() === '') throw new ApprovalRefused(`Plan ${plan.id} was approved by nobody.`);
  if (plan.hash === '' || approvedHash !== plan.hash) {
    throw new ApprovalRefused(`The approval is of another version of plan ${plan.id}: it has to be approved anew.`);
  }
  const approvedMs = Date.parse(approvedAt);
  // A time that cannot be read is no approval in time, hence the negation.
  if (!(approvedMs <= Date.parse(plan.expires_at))) {
    throw new ApprovalRefused(`Plan ${plan.id} had expired when it was approved.`);
  }
}

function planned({ plan }: Approval, call: WriteCall | undefined): WriteCall {
  if (call === undefined) throw new ApprovalRefused(`Plan ${plan.id} has no such call.`);
  return call;
}

/** The permit is for the call as it goes onto the wire, so that one way of writing it is as good as another. */
function permitFor({ method, path, params }: WriteCall, realm: Realm): Permit {
  const request = requestAt(method, path, params);
  return mintPermit({ method, path: request.path, params: request.params }, realm);
}
