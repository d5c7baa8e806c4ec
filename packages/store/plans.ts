import type { Approval, PlanRecord } from '@pxa/contract';
import { appendAudit } from './audit-log.ts';
import { secretNames } from './secrets.ts';
import { type AuditEntry, StoreFailed } from './store.ts';
import type { Seal } from './seal.ts';
import type { Trx } from './tables.ts';

/** Keeps a plan and the approval that waits for a word on it. */
export async function insertPlan(
  trx: Trx,
  parts: { record: PlanRecord; approval: Approval; audit: AuditEntry },
  seal: Seal | undefined,
): Promise<void> {
  const { record, approval } = parts;
  if (approval.plan_id !== record.plan.id || approval.plan_hash !== record.plan.hash)
    throw new Error(`approval ${approval.id} is not of plan ${record.plan.id}`);
  await trx
    .insertInto('plans')
    .values({ id: record.plan.id, ...sealed(record, seal) })
    .execute();
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

/** A plan as it was kept. @throws StoreFailed where it is sealed and cannot be opened */
export async function readPlan(trx: Trx, id: string, seal: Seal | undefined): Promise<PlanRecord | undefined> {
  const row = await trx.selectFrom('plans').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) return undefined;
  const text = row.sealed === 1 ? opened(row.body, id, seal) : row.body;
  return JSON.parse(text) as PlanRecord; // insertPlan wrote it
}

/** With a secret in it, a plan is sealed as a whole: its words may repeat the secret, and its other values help to guess it. */
function sealed(record: PlanRecord, seal: Seal | undefined): { sealed: number; body: string } {
  const body = JSON.stringify(record);
  const secrets = secretNames(record);
  if (secrets.length === 0) return { sealed: 0, body };
  if (seal === undefined) {
    throw new StoreFailed(
      `The plan was not kept: it holds a secret (${secrets.join(', ')}), and there is no key to seal it with. Give the store a key, or leave the secret out and set it in Proxmox.`,
    );
  }
  return { sealed: 1, body: seal.seal(body) };
}

function opened(body: string, id: string, seal: Seal | undefined): string {
  try {
    if (seal !== undefined) return seal.open(body);
  } catch (cause) {
    throw new StoreFailed(
      `Plan ${id} is sealed with another key than the one that was given. Give the key that was used when it was made.`,
      { cause },
    );
  }
  throw new StoreFailed(`Plan ${id} is sealed, and no key was given. Give the key that was used when it was made.`);
}
