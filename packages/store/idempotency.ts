import { attemptIsOver, type KeyedAttempt, rowOf } from './attempts.ts';
import type { Engine } from './engine.ts';
import type { Trx } from './tables.ts';

/** A request under a key. Times are milliseconds since 1970. */
export interface Keyed {
  readonly caller: string;
  readonly key: string;
  /** Of all that makes it the same request. */
  readonly hash: string;
  readonly now: number;
  /** How long the attempt counts as alive, unless it says that it still is. */
  readonly aliveMs: number;
  /** How long the key is kept. */
  readonly keptMs: number;
}

/** What a key already stands for. */
export type Begin =
  /** `acted`: an earlier attempt broke off after it had written something; `plans`: what it planned, in its order. */
  | { readonly kind: 'go'; readonly attempt: KeyedAttempt; readonly acted: boolean; readonly plans: readonly string[] }
  /** `body` is null where the answer held what is shown once. */
  | { readonly kind: 'answered'; readonly status: number; readonly body: string | null }
  | { readonly kind: 'under_way'; readonly untilMs: number }
  | { readonly kind: 'other_request' };

/** What was asked under which key, so that nothing that is asked again is done again. */
export interface IdempotencyStore {
  /** Begins an attempt, or says why there must be none. */
  beginAttempt(of: Keyed): Promise<Begin>;
  /** That the attempt is alive. False where another has taken over. */
  keepAttempt(attempt: KeyedAttempt, untilMs: number): Promise<boolean>;
  /** Keeps what was answered; whoever asks again gets the same. */
  endAttempt(attempt: KeyedAttempt, answer: { readonly status: number; readonly body: string | null }): Promise<void>;
  /** Ends an attempt that came to nothing that should be kept: the next may begin at once. */
  dropAttempt(attempt: KeyedAttempt): Promise<void>;
  /** Forgets keys whose time is over; gives how many. */
  sweepKeys(now: number): Promise<number>;
}

export function sqlIdempotencyStore(engine: Engine): IdempotencyStore {
  return {
    beginAttempt: (of) => engine.write((trx) => beginAttempt(trx, of)),
    keepAttempt: (attempt, untilMs) =>
      engine.write(async (trx) => {
        const row = await rowOf(trx, attempt).set({ until_ms: untilMs }).returning('fence').executeTakeFirst();
        return row !== undefined;
      }),
    endAttempt(attempt, { status, body }) {
      attemptIsOver(attempt);
      return engine.write(async (trx) => void (await rowOf(trx, attempt).set({ status, body, until_ms: 0 }).execute()));
    },
    dropAttempt(attempt) {
      attemptIsOver(attempt);
      return engine.write(async (trx) => void (await rowOf(trx, attempt).set({ until_ms: 0 }).execute()));
    },
    sweepKeys: (now) => engine.write((trx) => sweep(trx, now)),
  };
}

async function beginAttempt(trx: Trx, of: Keyed): Promise<Begin> {
  const { caller, key, now } = of;
  const made = await insert(trx, of);
  if (made !== undefined) return made;
  // a write of it keeps every other transaction from it until this one ends
  const row = await trx
    .updateTable('idempotency')
    .set((eb) => ({ acted: eb.ref('acted') }))
    .where('caller', '=', caller)
    .where('key', '=', key)
    .returningAll()
    .executeTakeFirst();
  // swept in between, or to be
  if (row === undefined || (row.expires_ms <= now && row.until_ms <= now)) {
    await trx.deleteFrom('idempotency').where('caller', '=', caller).where('key', '=', key).execute();
    return (await insert(trx, of)) ?? { kind: 'under_way', untilMs: now + of.aliveMs };
  }
  if (row.hash !== of.hash) return { kind: 'other_request' };
  if (row.status !== null) return { kind: 'answered', status: row.status, body: row.body };
  if (row.until_ms > now) return { kind: 'under_way', untilMs: row.until_ms };
  const attempt = { caller, key, fence: row.fence + 1 };
  await rowOf(trx, { caller, key, fence: row.fence })
    .set({ fence: attempt.fence, until_ms: now + of.aliveMs })
    .execute();
  return { kind: 'go', attempt, acted: row.acted === 1, plans: JSON.parse(row.plans) as string[] }; // notePlan wrote it
}

/** Undefined where there is one already. */
async function insert(trx: Trx, of: Keyed): Promise<Begin | undefined> {
  const { caller, key, hash, now, aliveMs, keptMs } = of;
  const row = await trx
    .insertInto('idempotency')
    .values({
      caller,
      key,
      hash,
      fence: 1,
      until_ms: now + aliveMs,
      expires_ms: now + keptMs,
      acted: 0,
      plans: '[]',
      status: null,
      body: null,
    })
    .onConflict((conflict) => conflict.columns(['caller', 'key']).doNothing())
    .returning('fence')
    .executeTakeFirst();
  return row && { kind: 'go', attempt: { caller, key, fence: row.fence }, acted: false, plans: [] };
}

async function sweep(trx: Trx, now: number): Promise<number> {
  const rows = await trx
    .deleteFrom('idempotency')
    .where('expires_ms', '<=', now)
    .where('until_ms', '<=', now)
    .returning('fence')
    .execute();
  return rows.length;
}
