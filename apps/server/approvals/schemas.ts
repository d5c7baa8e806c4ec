import { z } from 'zod';
import type { KeptPlan } from '../changes/kept.ts';

export const State = z.enum(['pending', 'approved', 'used', 'cancelled', 'expired']);
const Word = z.object({ name: z.string(), door: z.string() });

/** A plan that waits for a word, or what became of it; its id is the plan's. */
export const Waiting = z.object({
  id: z.string(),
  state: State,
  says: z.string(),
  risk: z.string(),
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

/** An approval as the service tells of it. */
export function told({ record: { plan }, approval }: KeptPlan['found']): z.infer<typeof Waiting> {
  const { state, cluster, needed, requested_by, requested_at, expires_at, decisions } = approval;
  const { id, says, risk } = plan;
  return { id, state, says, risk, cluster, needed, requested_by, requested_at, expires_at, decisions };
}
