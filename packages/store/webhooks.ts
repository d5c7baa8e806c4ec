import { appendAudit } from './audit-log.ts';
import type { AuditEntry } from './store.ts';
import type { Trx } from './tables.ts';

/** What nobody may read without the key: the address may hold a secret, too. */
export interface WebhookPrivate {
  readonly url: string;
  readonly secret: string;
  /** The secret before, which signs too until a time in milliseconds since 1970. */
  readonly previous?: { readonly secret: string; readonly untilMs: number };
}

interface Kept {
  readonly description: string;
  readonly created_by: string;
  readonly created_at: string;
  readonly updated_at: string;
  /** Goes up with each change. */
  readonly revision: number;
  /** Why the service itself has switched it off; null where it has not. */
  readonly disabled: string | null;
}

/** An address that is told of events. */
export interface Webhook extends WebhookPrivate, Kept {
  readonly id: string;
  readonly active: boolean;
  readonly events: readonly string[];
  /** Since when nothing has reached it, in milliseconds since 1970; null: the last attempt did. */
  readonly failingSinceMs: number | null;
}

/** A webhook as it is kept. */
export interface WebhookRow {
  readonly id: string;
  readonly active: number;
  readonly events: string;
  readonly sealed: string;
  readonly body: string;
  readonly failing_since_ms: number | null;
}

const COLUMNS = ['id', 'active', 'events', 'sealed', 'body', 'failing_since_ms'] as const;

/** What is written of a webhook, its private part as `sealed`. */
function rowOf(webhook: Webhook, sealed: string): Omit<WebhookRow, 'failing_since_ms'> {
  return {
    id: webhook.id,
    active: webhook.active ? 1 : 0,
    events: JSON.stringify(webhook.events),
    sealed,
    body: bodyOf(webhook),
  };
}

function bodyOf({ description, created_by, created_at, updated_at, revision, disabled }: Webhook): string {
  const kept: Kept = { description, created_by, created_at, updated_at, revision, disabled };
  return JSON.stringify(kept);
}

/** Keeps a new webhook; false where there are as many as there may be. */
export async function insertWebhook(
  trx: Trx,
  of: { webhook: Webhook; sealed: string; most: number; audit: AuditEntry },
): Promise<boolean> {
  const rows = await trx.selectFrom('webhooks').select('id').limit(of.most).execute();
  if (rows.length >= of.most) return false;
  const made = await appendAudit(trx, of.audit);
  const idle = { due_ms: null, owner: null, held_until_ms: 0, fence: 0, failing_since_ms: null, told: 0 };
  await trx
    .insertInto('webhooks')
    .values({ ...rowOf(of.webhook, of.sealed), made, ...idle })
    .execute();
  return true;
}

/** Writes a webhook over the one that was read. False where it has been changed or removed since. */
export async function replaceWebhook(
  trx: Trx,
  of: { before: Webhook; after: Webhook; sealed: string; audit: AuditEntry },
): Promise<boolean> {
  const { before, after } = of;
  const { id, ...changed } = rowOf(after, of.sealed);
  // Switched on again, it gets another chance to be told of.
  const begins = after.active && !before.active ? { failing_since_ms: null, told: 0 } : {};
  const row = await trx
    .updateTable('webhooks')
    .set({ ...changed, ...begins })
    .where('id', '=', id)
    .where('body', '=', bodyOf(before))
    .returning('id')
    .executeTakeFirst();
  if (row === undefined) return false;
  await dropUnwanted(trx, after);
  await appendAudit(trx, of.audit);
  return true;
}

/** What waits of types that a webhook wants no more does not go out: not there, and not to where it leads by then. */
async function dropUnwanted(trx: Trx, { id, events }: Webhook): Promise<void> {
  await trx
    .deleteFrom('deliveries')
    .where('webhook_id', '=', id)
    .where('state', '=', 'pending')
    .where(({ exists, selectFrom }) => {
      const own = selectFrom('events').select('seq').whereRef('seq', '=', 'deliveries.event_seq');
      return exists(own.where('type', 'not in', [...events]));
    })
    .execute();
}

/** Removes a webhook with its deliveries. False where there is none by that id. */
export async function deleteWebhook(trx: Trx, id: string, audit: AuditEntry): Promise<boolean> {
  const row = await trx
    .updateTable('webhooks')
    .set({ active: 0 })
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst();
  if (row === undefined) return false;
  await trx.deleteFrom('deliveries').where('webhook_id', '=', id).execute();
  await trx.deleteFrom('webhooks').where('id', '=', id).execute();
  await appendAudit(trx, audit);
  return true;
}

export function readWebhook(trx: Trx, id: string): Promise<WebhookRow | undefined> {
  return trx.selectFrom('webhooks').select(COLUMNS).where('id', '=', id).executeTakeFirst();
}

/** Newest first. */
export function readWebhooks(trx: Trx): Promise<WebhookRow[]> {
  return trx.selectFrom('webhooks').select(COLUMNS).orderBy('made', 'desc').execute();
}

/** A webhook of its row and its opened private part. */
export function webhookOf(row: WebhookRow, opened: string): Webhook {
  return {
    id: row.id,
    active: row.active === 1,
    // rowOf wrote them
    events: JSON.parse(row.events) as string[],
    ...(JSON.parse(row.body) as Kept),
    ...(JSON.parse(opened) as WebhookPrivate),
    failingSinceMs: row.failing_since_ms,
  };
}

/** What of a webhook is sealed. */
export function privateOf({ url, secret, previous }: Webhook): string {
  const kept: WebhookPrivate = { url, secret, ...(previous && { previous }) };
  return JSON.stringify(kept);
}

/** The body of a webhook that the service has switched off. */
export function disabledBody(body: string, why: string, at: string): string {
  const kept = JSON.parse(body) as Kept; // rowOf wrote it
  return JSON.stringify({ ...kept, disabled: why, updated_at: at, revision: kept.revision + 1 } satisfies Kept);
}
