import type { Engine } from './engine.ts';
import type { Trx } from './tables.ts';

/** How much there is of what the service works on. */
export interface Counts {
  /** Jobs by their state; a state that none is in is not named. */
  readonly jobs: Readonly<Record<string, number>>;
  /** Jobs that are due and that nobody works on. */
  readonly waiting: number;
  /** Plans that wait for a person's word. */
  readonly pendingApprovals: number;
  /** Deliveries to webhooks by their state. */
  readonly deliveries: Readonly<Record<string, number>>;
}

export interface CountStore {
  /** `nowMs` is milliseconds since 1970. */
  counts(nowMs: number): Promise<Counts>;
}

export function sqlCountStore(engine: Engine): CountStore {
  return { counts: (nowMs) => engine.read((trx) => readCounts(trx, nowMs)) };
}

async function readCounts(trx: Trx, nowMs: number): Promise<Counts> {
  const byState = await trx
    .selectFrom('jobs')
    .select(['state', (eb) => eb.fn.countAll<number>().as('count')])
    .groupBy('state')
    .execute();
  const waiting = await trx
    .selectFrom('jobs')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('state', 'in', ['queued', 'running'])
    .where('held_until_ms', '<=', nowMs)
    .executeTakeFirstOrThrow();
  const pending = await trx
    .selectFrom('approvals')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('state', '=', 'pending')
    .where('expires_ms', '>', nowMs)
    .executeTakeFirstOrThrow();
  const deliveries = await trx
    .selectFrom('deliveries')
    .select(['state', (eb) => eb.fn.countAll<number>().as('count')])
    .groupBy('state')
    .execute();
  return {
    jobs: Object.fromEntries(byState.map(({ state, count }) => [state, count])),
    waiting: waiting.count,
    pendingApprovals: pending.count,
    deliveries: Object.fromEntries(deliveries.map(({ state, count }) => [state, count])),
  };
}
