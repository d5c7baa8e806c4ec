import { type NewEvent, writeNewEvents } from './events.ts';
import { parts } from './parts.ts';
import type { Looking, Trx } from './tables.ts';

/** How far somebody has come who makes events of something, and what they have to remember for the next step. */
export interface Follower {
  readonly place: number;
  readonly body: string;
}

/** A guest as it was last seen. */
export interface SeenGuest {
  /** As the catalogue names it: `qemu/101`. */
  readonly guest: string;
  readonly name: string | null;
  readonly status: string;
}

/** One step of a follower: from where to where, what it made of that, and how guests were seen. */
export interface FollowStep {
  readonly name: string;
  /** Undefined: the first step of all. */
  readonly from: number | undefined;
  readonly to: number;
  readonly body: string;
  readonly events: readonly NewEvent[];
  readonly seen?: { readonly connection: string; readonly are: readonly SeenGuest[]; readonly gone: readonly string[] };
  readonly nowMs: number;
}

/**
 * Takes a step: place, events and deliveries all at once. False where somebody else has moved on from that place in the
 * meantime: nothing was written, and what was seen may be old.
 */
export async function followStep(trx: Trx, step: FollowStep): Promise<boolean> {
  if (!(await moved(trx, step))) return false;
  if (step.seen !== undefined) await writeSeen(trx, step.seen);
  await writeNewEvents(trx, step.events, step.nowMs);
  return true;
}

async function moved(trx: Trx, { name, from, to, body }: FollowStep): Promise<boolean> {
  if (from === undefined) {
    const made = await trx
      .insertInto('followers')
      .values({ name, place: to, body })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .returning('place')
      .executeTakeFirst();
    return made !== undefined;
  }
  const row = await trx
    .updateTable('followers')
    .set({ place: to, body })
    .where('name', '=', name)
    .where('place', '=', from)
    .returning('place')
    .executeTakeFirst();
  return row !== undefined;
}

async function writeSeen(trx: Trx, { connection, are, gone }: NonNullable<FollowStep['seen']>): Promise<void> {
  for (const part of parts(are)) {
    await trx
      .insertInto('seen_guests')
      .values(part.map(({ guest, name, status }) => ({ connection, guest, name, status })))
      .onConflict((conflict) =>
        conflict.columns(['connection', 'guest']).doUpdateSet((eb) => ({
          name: eb.ref('excluded.name'),
          status: eb.ref('excluded.status'),
        })),
      )
      .execute();
  }
  for (const part of parts(gone)) {
    await trx.deleteFrom('seen_guests').where('connection', '=', connection).where('guest', 'in', part).execute();
  }
}

export function readFollower(db: Looking, name: string): Promise<Follower | undefined> {
  return db.selectFrom('followers').select(['place', 'body']).where('name', '=', name).executeTakeFirst();
}

/** The guests of a connection that were in a state when they were last seen. */
export async function readSeenAs(db: Looking, connection: string, status: string): Promise<string[]> {
  const rows = await db
    .selectFrom('seen_guests')
    .select('guest')
    .where('connection', '=', connection)
    .where('status', '=', status)
    .execute();
  return rows.map(({ guest }) => guest);
}

export function readSeen(db: Looking, connection: string): Promise<SeenGuest[]> {
  return db
    .selectFrom('seen_guests')
    .select(['guest', 'name', 'status'])
    .where('connection', '=', connection)
    .execute();
}
