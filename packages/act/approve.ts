import { type Approval, Person, type PlanRecord } from '@pxa/contract';
import type { AuditEntry, Decided, Store } from '@pxa/store';
import { hashOf } from './hash.ts';

/** What decisions need of their surroundings. `now` is milliseconds since 1970. */
export interface DecideDeps {
  readonly store: Store;
  readonly now: () => number;
}

type Word = 'approved' | 'cancelled';
type Refusal = Pick<Extract<Decided, { ok: false }>, 'refused' | 'asksFor'>;

/**
 * Takes a person's approval of a plan. The approval's id, a person whom a door knows, and the name that they typed where
 * the plan asks for one are all that has a say here; nothing that comes from the cluster or from a model does.
 *
 * @throws StoreFailed
 */
export async function approve(deps: DecideDeps, approvalId: string, person: Person, typed?: string): Promise<Decided> {
  return decide(deps, approvalId, person, 'approved', (record, approval) => {
    const obstacle = obstacleTo(approval, person);
    return obstacle === undefined ? notTyped(record, typed) : { refused: obstacle };
  });
}

/** Takes a person's word that a plan is not to be carried out. Whoever may approve may also do this. @throws StoreFailed */
export async function cancel(deps: DecideDeps, approvalId: string, person: Person): Promise<Decided> {
  return decide(deps, approvalId, person, 'cancelled', () => undefined);
}

async function decide(
  { store, now }: DecideDeps,
  approvalId: string,
  by: Person,
  decision: Word,
  obstacle: (record: PlanRecord, approval: Approval) => Refusal | undefined,
): Promise<Decided> {
  const at = new Date(now()).toISOString();
  const approval = await store.approval(approvalId);
  const record = approval === undefined ? undefined : await store.plan(approval.plan_id);
  if (approval === undefined || record === undefined) {
    return {
      ok: false,
      refused: `There is no plan to approve by the id ${approvalId}. List those that wait with: pxa approvals`,
    };
  }
  const entry = (kind: string, data: Record<string, unknown>): AuditEntry => ({
    at,
    kind,
    who: by.name,
    door: by.door,
    cluster: approval.cluster,
    plan_id: approval.plan_id,
    job_id: null,
    data: { approval: approval.id, hash: approval.plan_hash, ...data },
  });
  const why = nobody(by) ?? closed(approval, at) ?? edited(record, approval);
  const refusal = why === undefined ? obstacle(record, approval) : { refused: why };
  const audit = entry(`plan.${decision}`, { says: record.plan.says });
  const decided: Decided =
    refusal === undefined
      ? await store.decide(approvalId, approval.plan_hash, { by, at, decision }, audit)
      : { ok: false, ...refusal };
  if (!decided.ok) await store.audit(entry('plan.decision_refused', { decision, why: decided.refused }));
  return decided;
}

function nobody(person: Person): string | undefined {
  const parsed = Person.safeParse(person);
  if (parsed.success && parsed.data.name.trim() !== '') return undefined;
  return 'Only a person whom this door knows by name can decide. Sign in first.';
}

const ASK_AGAIN = 'Ask for it again to get a fresh plan.';

function closed({ state, expires_at: expiresAt }: Approval, at: string): string | undefined {
  switch (state) {
    case 'used':
      return 'This plan has been approved and carried out already: an approval is used once. See it with: pxa jobs';
    case 'cancelled':
      return `This plan was cancelled. ${ASK_AGAIN}`;
    case 'approved':
      return 'This plan is approved already; it is being carried out. See it with: pxa jobs';
    case 'expired':
      return `This plan was not approved in time. ${ASK_AGAIN}`;
    case 'pending':
      return Date.parse(expiresAt) >= Date.parse(at)
        ? undefined
        : `The time to approve this plan ended at ${expiresAt}. ${ASK_AGAIN}`;
  }
}

function edited(record: PlanRecord, approval: Approval): string | undefined {
  const hash = hashOf(record);
  if (hash === approval.plan_hash && hash === record.plan.hash) return undefined;
  return `This plan is not the one that was proposed: it was changed where it is kept. Nothing is carried out. ${ASK_AGAIN}`;
}

function obstacleTo(
  { requester_may: requesterMay, requested_by: requester, decisions }: Approval,
  person: Person,
): string | undefined {
  if (decisions.some(({ by }) => by.name === person.name)) {
    return `${person.name} has approved this plan already. It waits for somebody else's word.`;
  }
  if (requesterMay || requester.name !== person.name) return undefined;
  return `${person.name} asked for this plan, and somebody else has to approve it.`;
}

function notTyped({ plan }: PlanRecord, typed: string | undefined): Refusal | undefined {
  if (plan.confirm === undefined || typed === plan.confirm) return undefined;
  const was = typed === undefined || typed === '' ? '' : ' What was typed is not that.';
  const refused = `This cannot be taken back. To approve it, type exactly: ${plan.confirm}${was === '' ? '' : `.${was}`}`;
  return { refused, asksFor: 'confirm' };
}
