import type { Approval, PlanRecord } from '@pxa/contract';
import { notePlan } from './attempts.ts';
import { appendAudit } from './audit-log.ts';
import { secretNames } from './secrets.ts';
import { type AuditEntry, StoreFailed } from './store.ts';
import type { SealSource } from './seal.ts';
import type { Trx } from './tables.ts';

/** Keeps a plan and the approval that waits for a word on it. */
export async function insertPlan(
  trx: Trx,
  parts: { record: PlanRecord; kept: Kept; approval: Approval; audit: AuditEntry },
): Promise<void> {
  const { record, kept: form, approval } = parts;
  if (approval.plan_id !== record.plan.id || approval.plan_hash !== record.plan.hash)
    throw new Error(`approval ${approval.id} is not of plan ${record.plan.id}`);
  await trx
    .insertInto('plans')
    .values({ id: record.plan.id, ...form, ...(form.sealed === 1 ? sealedFacts(record) : plainFacts(record)) })
    .execute();
  await notePlan(trx, record.plan.id);
  const made = await appendAudit(trx, parts.audit);
  const { state, decisions, ...kept } = approval;
  await trx
    .insertInto('approvals')
    .values({
      id: approval.id,
      plan_id: approval.plan_id,
      state,
      expires_ms: Date.parse(approval.expires_at),
      made,
      decisions: JSON.stringify(decisions),
      body: JSON.stringify(kept),
    })
    .execute();
}

/** What lists tell of a plan, beside what is kept of it as a whole. */
interface ListFacts {
  readonly action: string;
  readonly risk: string;
  /** Null where the words may repeat a secret. */
  readonly says: string | null;
  readonly seconds: number | null;
}

export function plainFacts({ plan, action }: PlanRecord): ListFacts {
  const seconds = plan.rehearsal?.seconds ?? null;
  return { action, risk: plan.risk, says: plan.says, seconds: seconds === null ? null : Math.ceil(seconds) };
}

const sealedFacts = (record: PlanRecord): ListFacts => ({ ...plainFacts(record), says: null });

/** A plan as it was kept. */
export function readPlan(trx: Trx, id: string): Promise<(Kept & { id: string }) | undefined> {
  return trx.selectFrom('plans').selectAll().where('id', '=', id).executeTakeFirst();
}

/** What is kept of a plan: `sealed` is 1 where the body is unreadable without the key. */
interface Kept {
  readonly sealed: number;
  readonly body: string;
}

/**
 * How a plan is kept. With a secret in it, it is sealed as a whole: its words may repeat the secret, and its other values
 * help to guess it. @throws StoreFailed where there is no key to seal it with
 */
export async function keptForm(record: PlanRecord, seal: SealSource | undefined): Promise<Kept> {
  const body = JSON.stringify(record);
  const secrets = secretNames(record);
  if (secrets.length === 0) return { sealed: 0, body };
  if (seal === undefined) {
    throw new StoreFailed(
      `The plan was not kept: it holds a secret (${secrets.join(', ')}), and there is no key to seal it with. Give the store a key, or leave the secret out and set it in Proxmox.`,
    );
  }
  return { sealed: 1, body: (await seal()).seal(body) };
}

/** A plan out of how it was kept. @throws StoreFailed where it is sealed and cannot be opened, or is another plan */
export async function openedPlan(
  { id, sealed, body }: Kept & { id: string },
  seal: SealSource | undefined,
): Promise<PlanRecord> {
  const text = sealed === 1 ? await opened(body, id, seal) : body;
  const record = JSON.parse(text) as PlanRecord; // insertPlan wrote it
  // Whoever names one plan must not be given another, whose hash is right.
  if (record.plan.id === id) return record;
  throw new StoreFailed(
    `Plan ${id} is not the one that was proposed: it was changed where it is kept, and is plan ${record.plan.id} now. Nothing is carried out. Ask for it again to get a fresh plan.`,
  );
}

async function opened(body: string, id: string, source: SealSource | undefined): Promise<string> {
  if (source === undefined) {
    throw new StoreFailed(`Plan ${id} is sealed, and no key was given. Give the key that was used when it was made.`);
  }
  const seal = await source();
  try {
    return await seal.open(body);
  } catch (cause) {
    throw new StoreFailed(
      `Plan ${id} is sealed with another key than the one that was given. Give the key that was used when it was made.`,
      { cause },
    );
  }
}
