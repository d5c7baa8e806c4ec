import type { ListedApproval } from '@pxa/assistant/store';
import { Risk } from '@pxa/contract';
import { z } from 'zod';
import type { KeptPlan } from '../changes/kept.ts';
import { listQuery } from '../http/pages.ts';

const State = z.enum(['pending', 'approved', 'used', 'cancelled', 'expired']);
const Word = z.object({ name: z.string(), door: z.string() });

/** A plan that waits for a word, or what became of it; its id is the plan's. */
export const Waiting = z.object({
  id: z.string(),
  state: State,
  says: z.string(),
  /** What of the catalogue it does. */
  action: z.string(),
  risk: Risk,
  cluster: z.string(),
  needed: z.int(),
  requested_by: Word,
  requested_at: z.string(),
  expires_at: z.string(),
  decisions: z.array(z.object({ by: Word, at: z.string(), decision: z.enum(['approved', 'cancelled']) })),
});

export const Decision = z.object({ approval: Waiting, job_id: z.string().nullable() });
export const Params = z.object({ approval_id: z.string() });
/** What has to be typed for what cannot be taken back: the name of what is lost. */
export const Approve = z.strictObject({ confirm: z.string().optional() });

/** An approval as a list tells it. */
export function listedTold({ approval, says, risk, action }: ListedApproval): z.infer<typeof Waiting> {
  const { plan_id: id, state, cluster, needed, requested_by, requested_at, expires_at, decisions } = approval;
  const parts = { cluster, needed, requested_by, requested_at, expires_at, decisions };
  return { id, state, says, action, risk: Risk.parse(risk), ...parts };
}

/** An approval as the service tells of it. */
export function told({ record: { plan, action }, approval }: KeptPlan['found']): z.infer<typeof Waiting> {
  return listedTold({ approval, says: plan.says, risk: plan.risk, action });
}

export const ApprovalListQuery = z.strictObject({
  state: State.optional(),
  risk: Risk.optional(),
  ...listQuery(['requested_at'], 'desc'),
});
