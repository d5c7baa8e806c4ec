import type { Action } from '@pxa/catalog';
import type { Approval, Person, Plan, PlanRecord, Risk } from '@pxa/contract';
import type { AuditEntry } from '@pxa/store';
import { type Draft, recordsOf, riskOf, undoOf } from './draft.ts';
import { hashOf } from './hash.ts';

/** Who must approve what. */
export interface ApprovalRules {
  /** How long a plan waits for its approval; at most a day. */
  readonly windowSeconds: number;
  /** How many people must approve a plan of a risk. */
  readonly needed: Readonly<Record<Risk, number>>;
  /** How many people must approve a plan that is about a guest with a tag; the greatest number counts. */
  readonly byTag: Readonly<Record<string, number>>;
  /** Whether who asked for it may approve it. */
  readonly requesterMay: boolean;
}

export const defaultRules: ApprovalRules = {
  windowSeconds: 15 * 60,
  needed: { change: 1, disruptive: 1, destructive: 1 },
  byTag: {},
  requesterMay: true,
};

const longestWindow = 24 * 3_600;

export interface Circumstances {
  readonly action: Action;
  /** The words of the request. */
  readonly request: string;
  readonly by: Person;
  readonly cluster: string;
  /** Milliseconds since 1970, by the clock that approvals end by. */
  readonly now: number;
  /** A new id, after a prefix. */
  readonly id: (prefix: string) => string;
  readonly rules: ApprovalRules;
  /** The tags of what the plan is about. */
  readonly tags: readonly string[];
}

/** A plan with its approval, ready to be kept and shown. Nothing has been kept, and nobody been asked. */
export function proposalOf(draft: Draft, of: Circumstances): { record: PlanRecord; approval: Approval } {
  const { pieces } = draft;
  const { rules } = of;
  const at = (ms: number): string => new Date(ms).toISOString();
  const expires = at(of.now + Math.min(rules.windowSeconds, longestWindow) * 1_000);
  const undo = undoOf(draft);
  const unhashed: PlanRecord = {
    plan: planOf(draft, of, expires),
    created_at: at(of.now),
    cluster: of.cluster,
    requested_by: of.by,
    request: of.request,
    action: draft.action,
    records: recordsOf(draft),
    on_failure: pieces.length > 1 && !isSequence(draft) ? 'go_on' : 'stop',
    ...(undo === undefined ? {} : { undo }),
  };
  const record = { ...unhashed, plan: { ...unhashed.plan, hash: hashOf(unhashed) } };
  return { record, approval: approvalOf(record, of) };
}

/** Whether what is done later is done because of what is done before. */
const isSequence = ({ turns }: Draft): boolean => new Set(turns).size > 1;

function planOf(draft: Draft, { action, id }: Circumstances, expires: string): Plan {
  const { pieces, left } = draft;
  const confirm = confirmOf(pieces.flatMap((piece) => piece.confirm ?? []));
  const isBulk = pieces.length > 1;
  const takesBack = pieces.flatMap(({ steps }) => steps.flatMap(({ undo = [] }) => undo));
  return {
    id: id('plan'),
    hash: '',
    expires_at: expires,
    risk: riskOf(pieces, action.risk),
    says: pieces.map(({ says }) => says).join('; '),
    steps: pieces.flatMap(({ steps }) =>
      steps.map(({ method, path, params, says }) => ({ method, path, params, says })),
    ),
    assumptions: [
      ...new Set(pieces.flatMap(({ assumptions = [] }) => assumptions)),
      ...left.map((text) => `Left out: ${text}`),
      ...(isSequence(draft) ? ['One after the other: if one fails, those after it are not begun.'] : []),
      ...(isBulk && !isSequence(draft) ? ['If one of them fails, the others go on.'] : []),
    ],
    warnings: [...new Set(pieces.flatMap(({ warnings = [] }) => warnings))],
    ...(takesBack.length === 0 ? {} : { takes_back: takesBack }),
    changes: pieces.flatMap(({ changes = [] }) => changes),
    loses: pieces.flatMap(({ loses = [] }) => loses),
    ...(confirm === undefined ? {} : { confirm }),
  };
}

/** What has to be typed: the name of the one thing, or how many there are. */
function confirmOf(names: readonly string[]): string | undefined {
  return names.length > 1 ? `${names.length} guests` : names[0];
}

function approvalOf(record: PlanRecord, { rules, by, id, tags }: Circumstances): Approval {
  const { plan } = record;
  const byTag = tags.map((tag) => rules.byTag[tag] ?? 1);
  return {
    id: id('approval'),
    plan_id: plan.id,
    plan_hash: plan.hash,
    cluster: record.cluster,
    state: 'pending',
    needed: Math.max(1, rules.needed[plan.risk], ...byTag),
    requester_may: rules.requesterMay,
    requested_by: by,
    requested_at: record.created_at,
    expires_at: plan.expires_at,
    decisions: [],
  };
}

/** What the audit log keeps of a proposal. */
export function proposalAudit({ plan, request, requested_by, cluster, created_at }: PlanRecord): AuditEntry {
  return {
    at: created_at,
    kind: 'plan.proposed',
    who: requested_by.name,
    door: requested_by.door,
    cluster,
    plan_id: plan.id,
    job_id: null,
    data: { request, says: plan.says, hash: plan.hash, risk: plan.risk },
  };
}
