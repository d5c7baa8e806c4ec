import { AsyncLocalStorage } from 'node:async_hooks';
import type { Trx } from './tables.ts';

/**
 * One attempt at a request that its caller gave a key, so that it never acts twice. A later attempt at the same has a
 * greater fence, and whatever an earlier one still wants to write is refused.
 */
export interface KeyedAttempt {
  readonly caller: string;
  readonly key: string;
  readonly fence: number;
}

/** Another attempt has taken the request over: nothing was written. */
export class AttemptLost extends Error {
  override readonly name = 'AttemptLost';
}

/**
 * Carried along with a request rather than handed through every layer: a write that does not know of keys, and there are
 * many, must not be able to forget to say that it was made.
 */
const current = new AsyncLocalStorage<KeyedAttempt | undefined>();

/** Those that were answered: what goes on after the answer is of nobody's attempt. */
const over = new WeakSet<KeyedAttempt>();

/** What is written from now on is not of this attempt, wherever it was begun. */
export function attemptIsOver(attempt: KeyedAttempt): void {
  over.add(attempt);
}

function currentAttempt(): KeyedAttempt | undefined {
  const attempt = current.getStore();
  return attempt !== undefined && over.has(attempt) ? undefined : attempt;
}

/** Runs `work`, of which every write to a store is marked as one of this attempt; without one, none is. */
export function underAttempt<T>(attempt: KeyedAttempt | undefined, work: () => T): T {
  return current.run(attempt, work);
}

/**
 * Marks, in the transaction of a write, that the attempt which it belongs to has acted; the writer learns so that it is
 * still the one. Its row is the first that a transaction takes. @throws AttemptLost
 */
export async function markActed(trx: Trx): Promise<void> {
  const attempt = currentAttempt();
  if (attempt === undefined) return;
  const row = await rowOf(trx, attempt).set({ acted: 1 }).returning('fence').executeTakeFirst();
  if (row === undefined) {
    throw new AttemptLost('Another attempt at this request is under way: nothing was written by this one.');
  }
}

/** Writes down, with the plan itself, which attempt it was made under. */
export async function notePlan(trx: Trx, planId: string): Promise<void> {
  const attempt = currentAttempt();
  if (attempt === undefined) return;
  const { caller, key } = attempt;
  const { plans } = await trx
    .selectFrom('idempotency')
    .select('plans')
    .where('caller', '=', caller)
    .where('key', '=', key)
    .executeTakeFirstOrThrow(); // markActed found it in this transaction
  const all = [...(JSON.parse(plans) as string[]), planId]; // written here alone
  await rowOf(trx, attempt)
    .set({ plans: JSON.stringify(all) })
    .execute();
}

/** The row of an attempt, as long as it is the last one. */
export function rowOf(trx: Trx, { caller, key, fence }: KeyedAttempt) {
  return trx
    .updateTable('idempotency')
    .where('caller', '=', caller)
    .where('key', '=', key)
    .where('fence', '=', fence)
    .where('status', 'is', null);
}
