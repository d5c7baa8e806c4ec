import { type Permit, type WriteCall, mintPermit } from './permit.ts';
import { requestAt } from './request.ts';

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
 * One permit for each step of an approved plan, in the plan's order. This is the only way to get permits, and `act`
 * the only package that may import it.
 *
 * @throws NotInFacts for a step that is no call of Proxmox VE's. ApprovalRefused where nobody approved, where another plan was approved than this, or after the plan's end.
 */
export function mintPermits(approval: Approval): Permit[] {
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
  return plan.steps.map(permitFor);
}

/** The permit is for the call as it goes onto the wire, so that one way of writing it is as good as another. */
function permitFor({ method, path, params }: WriteCall): Permit {
  const request = requestAt(method, path, params);
  return mintPermit({ method, path: request.path, params: request.params });
}
