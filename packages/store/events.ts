import { parts } from './parts.ts';
import type { Looking, Trx } from './tables.ts';

/** Something that happened, as it is to be written. */
export interface NewEvent {
  /** What it was made from: the same thing makes one event, however often it is looked at. */
  readonly key: string;
  /** `vm.created` */
  readonly type: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** The name of the connection that it is about; empty where it is about none. */
  readonly connection: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Something that happened, with its number: whoever has read up to one misses none before it. */
export interface ServiceEvent {
  readonly seq: number;
  readonly type: string;
  readonly atMs: number;
  readonly connection: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A delivery that has not arrived after so long is tried no more. */
export const DELIVERY_ENDS_MS = 86_400_000;

/**
 * Writes events that are not there yet, and a delivery of each for whoever wants it. The head is held until the
 * transaction ends: numbers become visible in their order, so that a reader who goes on from one misses none.
 */
export async function writeNewEvents(trx: Trx, events: readonly NewEvent[], nowMs: number): Promise<number[]> {
  if (events.length === 0) return [];
  const head = await trx
    .updateTable('event_head')
    .set((eb) => ({ seq: eb('seq', '+', 0) }))
    .returning('seq')
    .executeTakeFirstOrThrow();
  const known = await keysThere(trx, events);
  const fresh = [...new Map(events.map((event) => [event.key, event])).values()].filter(({ key }) => !known.has(key));
  const numbered = fresh.map((event, index) => ({ seq: head.seq + 1 + index, event }));
  for (const part of parts(numbered)) {
    const rows = part.map(({ seq, event: { key, type, atMs, connection, data } }) => {
      return { seq, key, type, at_ms: atMs, connection, body: JSON.stringify(data) };
    });
    await trx.insertInto('events').values(rows).execute();
  }
  await trx
    .updateTable('event_head')
    .set({ seq: head.seq + fresh.length })
    .execute();
  await writeDeliveries(trx, numbered, nowMs);
  return numbered.map(({ seq }) => seq);
}

async function keysThere(trx: Trx, events: readonly NewEvent[]): Promise<Set<string>> {
  const known = new Set<string>();
  for (const part of parts(events)) {
    const keys = part.map(({ key }) => key);
    const rows = await trx.selectFrom('events').select('key').where('key', 'in', keys).execute();
    for (const { key } of rows) known.add(key);
  }
  return known;
}

type Numbered = readonly { seq: number; event: NewEvent }[];

async function writeDeliveries(trx: Trx, numbered: Numbered, nowMs: number): Promise<void> {
  const hooks = await trx.selectFrom('webhooks').select(['id', 'active', 'events']).execute();
  for (const hook of hooks) {
    if (wantedBy(hook, numbered).length === 0) continue;
    // The row is held first: whoever finds at the same time that nothing waits would else forget these. What counts is
    // how it is by then: somebody may have changed or removed it since it was read.
    const held = await trx
      .updateTable('webhooks')
      .set((eb) => ({ due_ms: eb.fn.coalesce('due_ms', eb.val(nowMs)) }))
      .where('id', '=', hook.id)
      .returning(['active', 'events'])
      .executeTakeFirst();
    const due = held === undefined ? [] : wantedBy(held, numbered);
    const untried = {
      state: 'pending',
      attempts: 0,
      next_ms: nowMs,
      ends_ms: nowMs + DELIVERY_ENDS_MS,
      made_ms: nowMs,
    };
    const nothing = { tried_ms: null, code: null, error: null, excerpt: null };
    for (const part of parts(due)) {
      const rows = part.map(({ seq }) => ({ webhook_id: hook.id, event_seq: seq, ...untried, ...nothing }));
      await trx.insertInto('deliveries').values(rows).execute();
    }
  }
}

/** Those of the events that a webhook is to be told of. */
function wantedBy({ active, events }: { active: number; events: string }, numbered: Numbered): Numbered {
  const wants = new Set(JSON.parse(events) as string[]); // insertWebhook wrote it
  return active === 1 ? numbered.filter(({ event }) => wants.has(event.type)) : [];
}

/** Events after a number, in their order, of the types that are named. */
export async function readEventsAfter(
  db: Looking,
  of: { after: number; limit: number; types?: readonly string[] | undefined },
): Promise<ServiceEvent[]> {
  if (of.types?.length === 0) return [];
  let query = db.selectFrom('events').selectAll().where('seq', '>', of.after).orderBy('seq').limit(of.limit);
  if (of.types !== undefined) query = query.where('type', 'in', of.types);
  return (await query.execute()).map(eventOf);
}

/** The number of the last event, and of the oldest that is still kept; 0 where there is none. */
export async function readEventRange(db: Looking): Promise<{ oldest: number; newest: number }> {
  const { seq: newest } = await db.selectFrom('event_head').select('seq').executeTakeFirstOrThrow();
  const first = await db.selectFrom('events').select('seq').orderBy('seq').limit(1).executeTakeFirst();
  return { oldest: first?.seq ?? newest + 1, newest };
}

/** An event of a row. */
export function eventOf(row: {
  seq: number;
  type: string;
  at_ms: number;
  connection: string;
  body: string;
}): ServiceEvent {
  const data = JSON.parse(row.body) as ServiceEvent['data']; // writeNewEvents wrote it
  return { seq: row.seq, type: row.type, atMs: row.at_ms, connection: row.connection, data };
}

/** Forgets deliveries and events from before a time; so many at once at most. Gives how many events went. */
export async function sweepEvents(trx: Trx, beforeMs: number, limit: number): Promise<number> {
  const old = await trx
    .selectFrom('events')
    .select('seq')
    .where('at_ms', '<', beforeMs)
    .orderBy('seq')
    .limit(limit)
    .execute();
  for (const part of parts(old)) {
    const seqs = part.map(({ seq }) => seq);
    await trx.deleteFrom('deliveries').where('event_seq', 'in', seqs).execute();
    await trx.deleteFrom('events').where('seq', 'in', seqs).execute();
  }
  return old.length;
}
