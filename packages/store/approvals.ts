import type { Approval, Decision } from '@pxa/contract';
import { appendAudit } from './audit-log.ts';
import type { AuditEntry, Decided } from './store.ts';
import type { Trx } from './tables.ts';

type ApprovalRow = Pick<Awaited<ReturnType<typeof lockApproval>> & {}, 'state' | 'expires_ms' | 'decisions' | 'body'>;

/** An approval as it stands at `nowMs`. */
export async function readApproval(
  trx: Trx,
  by: { id: string } | { planId: string },
  nowMs: number,
): Promise<Approval | undefined> {
  const query = trx.selectFrom('approvals').selectAll();
  const row = await (
    'id' in by ? query.where('id', '=', by.id) : query.where('plan_id', '=', by.planId)
  ).executeTakeFirst();
  return row && approvalOf(row, nowMs);
}

/** Newest first, as they stand at `nowMs`. */
export async function readApprovals(
  trx: Trx,
  of: { nowMs: number; state?: Approval['state'] | undefined; limit: number },
): Promise<Approval[]> {
  let query = trx.selectFrom('approvals').selectAll().orderBy('made', 'desc').limit(of.limit);
  if (of.state === 'expired') query = query.where('state', 'in', OPEN).where('expires_ms', '<=', of.nowMs);
  else if (of.state !== undefined) query = query.where('state', '=', of.state);
  if (of.state !== undefined && OPEN.includes(of.state)) query = query.where('expires_ms', '>', of.nowMs);
  return (await query.execute()).map((row) => approvalOf(row, of.nowMs));
}

/** Adds one person's word, or says why not. */
export async function decideApproval(
  trx: Trx,
  word: { id: string; planHash: string; decision: Decision; audit: AuditEntry },
): Promise<Decided> {
  const row = await lockApproval(trx, word.id);
  if (row === undefined) return { ok: false, refused: `There is no approval ${word.id}.` };
  const approval = approvalOf(row, Date.parse(word.decision.at));
  const refused = refusalOf(approval, word);
  if (refused !== undefined) return { ok: false, refused };
  const decisions = [...approval.decisions, word.decision];
  const state = stateAfter(approval, decisions);
  await trx
    .updateTable('approvals')
    .set({ state, decisions: JSON.stringify(decisions) })
    .where('id', '=', word.id)
    .execute();
  await appendAudit(trx, word.audit);
  return { ok: true, approval: { ...approval, state, decisions } };
}

/** Reads an approval and keeps every other transaction from writing it until this one ends: on both engines a write does. */
export function lockApproval(trx: Trx, id: string) {
  return trx
    .updateTable('approvals')
    .set((eb) => ({ state: eb.ref('state') }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
}

export function approvalOf(row: ApprovalRow, nowMs: number): Approval {
  // insertPlan and decideApproval wrote the texts, and the state
  const kept = JSON.parse(row.body) as Omit<Approval, 'state' | 'decisions'>;
  const written = row.state as Approval['state'];
  const state = OPEN.includes(written) && row.expires_ms <= nowMs ? 'expired' : written;
  return { ...kept, state, decisions: JSON.parse(row.decisions) as Decision[] };
}

/** Those that can still be used, and so can come to their end. */
export const OPEN: Approval['state'][] = ['pending', 'approved'];

const NOT_PENDING: Readonly<Record<Exclude<Approval['state'], 'pending'>, string>> = {
  approved: 'It has been approved already.',
  used: 'It has been approved and carried out already.',
  cancelled: 'It has been cancelled.',
  expired: 'Its time is over. Ask for the change again to get a new plan.',
};

function refusalOf(approval: Approval, word: { planHash: string; decision: Decision }): string | undefined {
  const { by, decision } = word.decision;
  if (approval.state !== 'pending') return NOT_PENDING[approval.state];
  if (approval.plan_hash !== word.planHash)
    return 'The plan is not the one that was shown: its hash is another. Look at the plan again.';
  if (decision === 'cancelled') return undefined;
  if (!approval.requester_may && isSame(by.name, approval.requested_by.name))
    return `${by.name} asked for it, so somebody else must approve it.`;
  return approval.decisions.some((one) => one.decision === 'approved' && isSame(one.by.name, by.name))
    ? `${by.name} has approved it already; somebody else must, too.`
    : undefined;
}

function stateAfter(approval: Approval, decisions: readonly Decision[]): Approval['state'] {
  if (decisions.at(-1)?.decision === 'cancelled') return 'cancelled';
  const approved = decisions.filter(({ decision }) => decision === 'approved').length;
  return approved >= approval.needed ? 'approved' : 'pending';
}

/** Letters that only differ in case or width make no second person. */
function isSame(one: string, other: string): boolean {
  const plain = (name: string): string => name.normalize('NFKC').trim().toLowerCase();
  return plain(one) === plain(other);
}
