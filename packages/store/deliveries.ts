import { appendAudit } from './audit-log.ts';
import { DELIVERY_ENDS_MS, eventOf, type ServiceEvent } from './events.ts';
import type { AuditEntry } from './store.ts';
import type { Looking, Trx } from './tables.ts';
import { disabledBody, readWebhook, type WebhookRow } from './webhooks.ts';

/** `pending`: it is to be tried, or tried again; `delivered`: it has arrived; `parked`: it is not tried any more. */
export type DeliveryState = 'pending' | 'delivered' | 'parked';

/** One event on its way to one webhook. Times are milliseconds since 1970. */
export interface Delivery {
  readonly webhookId: string;
  readonly event: ServiceEvent;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly nextMs: number;
  readonly endsMs: number;
  readonly madeMs: number;
  readonly triedMs: number | null;
  readonly code: number | null;
  readonly error: string | null;
  readonly excerpt: string | null;
}

/** A sender's hold on a webhook: nobody else sends to it meanwhile, so that its deliveries stay in order. */
export interface WebhookHold {
  readonly id: string;
  readonly fence: number;
}

/** What came of an attempt. */
export interface Attempt {
  readonly seq: number;
  readonly state: DeliveryState;
  readonly nextMs: number;
  readonly triedMs: number;
  readonly code: number | null;
  readonly error: string | null;
  readonly excerpt: string | null;
  readonly failingSinceMs: number | null;
  /** That the webhook stays failing has been told. */
  readonly told: boolean;
  /** Why it is to be switched off. */
  readonly disable?: string;
  readonly audit: readonly AuditEntry[];
}

/** A webhook that is due, held, with the oldest of what waits for it. */
export interface Held {
  readonly hold: WebhookHold;
  readonly row: WebhookRow;
  readonly told: boolean;
  readonly delivery: Delivery;
}

/** Whether there is a webhook for which something is due, and that nobody holds. */
export async function isDeliveryDue(db: Looking, now: number): Promise<boolean> {
  return (await dueWebhook(db, now)) !== undefined;
}

function dueWebhook(db: Looking, now: number): Promise<{ id: string } | undefined> {
  return db
    .selectFrom('webhooks')
    .select('id')
    .where('active', '=', 1)
    .where('due_ms', '<=', now)
    .where('held_until_ms', '<=', now)
    .orderBy('due_ms')
    .limit(1)
    .executeTakeFirst();
}

/** Takes hold of a webhook for which something is due. One statement decides, so that of several who try one wins. */
export async function claimDelivery(
  trx: Trx,
  { owner, now, leaseMs }: { owner: string; now: number; leaseMs: number },
): Promise<Held | undefined> {
  const found = await dueWebhook(trx, now);
  if (found === undefined) return undefined;
  const taken = await trx
    .updateTable('webhooks')
    .set((eb) => ({ owner, fence: eb('fence', '+', 1), held_until_ms: now + leaseMs }))
    .where('id', '=', found.id)
    .where('active', '=', 1)
    .where('held_until_ms', '<=', now)
    .returning(['id', 'active', 'events', 'sealed', 'body', 'failing_since_ms', 'fence', 'told'])
    .executeTakeFirst();
  if (taken === undefined) return undefined;
  const { fence, told, ...row } = taken;
  const delivery = (await deliveriesOf(trx, row.id, { state: 'pending', order: 'asc', limit: 1, offset: 0 }))[0];
  if (delivery !== undefined) return { hold: { id: row.id, fence }, row, told: told === 1, delivery };
  await release(trx, { id: row.id, fence }, null);
  return undefined;
}

async function release(trx: Trx, { id, fence }: WebhookHold, dueMs: number | null): Promise<void> {
  await trx
    .updateTable('webhooks')
    .set({ owner: null, held_until_ms: 0, due_ms: dueMs })
    .where('id', '=', id)
    .where('fence', '=', fence)
    .execute();
}

/** Writes what came of an attempt, and lets go. False where another holds it by now: nothing was written. */
export async function recordAttempt(trx: Trx, hold: WebhookHold, attempt: Attempt): Promise<boolean> {
  const { failingSinceMs, told, disable, triedMs } = attempt;
  // Held until the transaction ends: a new delivery that comes meanwhile waits, and then sees that nothing is due.
  const held = await trx
    .updateTable('webhooks')
    .set({ owner: null, held_until_ms: 0, failing_since_ms: failingSinceMs, told: told ? 1 : 0 })
    .where('id', '=', hold.id)
    .where('fence', '=', hold.fence)
    .where('owner', 'is not', null)
    .returning('body')
    .executeTakeFirst();
  if (held === undefined) return false;
  const { seq, state, nextMs, code, error, excerpt } = attempt;
  await trx
    .updateTable('deliveries')
    .set((eb) => ({
      state,
      next_ms: nextMs,
      attempts: eb('attempts', '+', 1),
      tried_ms: triedMs,
      code,
      error,
      excerpt,
    }))
    .where('webhook_id', '=', hold.id)
    .where('event_seq', '=', seq)
    .execute();
  if (disable !== undefined) {
    const body = disabledBody(held.body, disable, new Date(triedMs).toISOString());
    await trx.updateTable('webhooks').set({ active: 0, body }).where('id', '=', hold.id).execute();
  }
  const next = (await deliveriesOf(trx, hold.id, { state: 'pending', order: 'asc', limit: 1, offset: 0 }))[0];
  await release(trx, hold, next?.nextMs ?? null);
  for (const entry of attempt.audit) await appendAudit(trx, entry);
  return true;
}

/** Lets a delivery be tried again at once, for another day. Undefined where there is none. */
export async function redeliver(
  trx: Trx,
  { webhookId, seq, nowMs }: { webhookId: string; seq: number; nowMs: number },
): Promise<Delivery | undefined> {
  // The row is held first, as whoever writes deliveries does.
  await trx.updateTable('webhooks').set({ due_ms: nowMs }).where('id', '=', webhookId).execute();
  await trx
    .updateTable('deliveries')
    .set({ state: 'pending', next_ms: nowMs, ends_ms: nowMs + DELIVERY_ENDS_MS })
    .where('webhook_id', '=', webhookId)
    .where('event_seq', '=', seq)
    .execute();
  return (await deliveriesOf(trx, webhookId, { seq, order: 'asc', limit: 1, offset: 0 }))[0];
}

/** Which deliveries of a webhook. */
export interface DeliveriesWish {
  readonly state?: DeliveryState | undefined;
  readonly seq?: number;
  readonly order: 'asc' | 'desc';
  readonly limit: number;
  readonly offset: number;
}

/** Deliveries of a webhook, by the number of their events. */
export async function deliveriesOf(trx: Trx, webhookId: string, wish: DeliveriesWish): Promise<Delivery[]> {
  let query = trx
    .selectFrom('deliveries')
    .innerJoin('events', 'events.seq', 'deliveries.event_seq')
    .selectAll()
    .where('webhook_id', '=', webhookId)
    .orderBy('event_seq', wish.order)
    .limit(wish.limit)
    .offset(wish.offset);
  if (wish.state !== undefined) query = query.where('state', '=', wish.state);
  if (wish.seq !== undefined) query = query.where('event_seq', '=', wish.seq);
  return (await query.execute()).map((row) => ({
    webhookId,
    event: eventOf(row),
    state: row.state as DeliveryState, // only these are written
    attempts: row.attempts,
    nextMs: row.next_ms,
    endsMs: row.ends_ms,
    madeMs: row.made_ms,
    triedMs: row.tried_ms,
    code: row.code,
    error: row.error,
    excerpt: row.excerpt,
  }));
}

/** Which deliveries are counted: in a state, and with numbers below or above one. */
export interface DeliveryCount {
  readonly state?: DeliveryState | undefined;
  readonly below?: number;
  readonly above?: number;
}

/** How many deliveries a webhook has; undefined where there is no such webhook. */
export async function countDeliveries(trx: Trx, webhookId: string, of: DeliveryCount): Promise<number | undefined> {
  if ((await readWebhook(trx, webhookId)) === undefined) return undefined;
  let query = trx
    .selectFrom('deliveries')
    .select((eb) => eb.fn.countAll<number | string>().as('count'))
    .where('webhook_id', '=', webhookId);
  if (of.state !== undefined) query = query.where('state', '=', of.state);
  if (of.below !== undefined) query = query.where('event_seq', '<', of.below);
  if (of.above !== undefined) query = query.where('event_seq', '>', of.above);
  return Number((await query.executeTakeFirstOrThrow()).count);
}
