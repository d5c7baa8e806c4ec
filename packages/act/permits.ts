import type { Approval, PlanRecord } from '@pxa/contract';
import { type Approval as GateApproval, type Permit, mintPermits, permitForStep, permitForUndo } from '@pxa/pve/gate';
import { approvedOf } from './audit.ts';
import { hashOf } from './hash.ts';

/**
 * The permits that an approval gives. The hash that the gate compares is worked out anew from the plan as it is kept, so
 * that a plan which was changed after it was approved gives none.
 */
export class Permits {
  readonly #approval: GateApproval;

  private constructor(approval: GateApproval) {
    this.#approval = approval;
  }

  /** @throws ApprovalRefused, NotInFacts: nothing of the plan can be carried out on this approval. */
  static of(record: PlanRecord, approval: Approval): Permits {
    const { id, expires_at: expiresAt, steps } = record.plan;
    const approved = approvedOf(approval);
    const gate: GateApproval = {
      plan: { id, hash: hashOf(record), expires_at: expiresAt, steps, undo: record.records.map(({ undo }) => undo) },
      approved_hash: approval.plan_hash,
      approved_by: approved.by,
      approved_at: approved.at,
    };
    // Whether each call is one that Proxmox VE knows is found out before the first is made.
    mintPermits(gate);
    return new Permits(gate);
  }

  step(index: number): Permit {
    return permitForStep(this.#approval, index);
  }

  undo(index: number, nth: number): Permit {
    return permitForUndo(this.#approval, index, nth);
  }
}
