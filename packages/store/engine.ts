import { AsyncLocalStorage } from 'node:async_hooks';
import type { Kysely } from 'kysely';
import { markActed } from './attempts.ts';
import { StoreFailed } from './store.ts';
import type { Looking, Tables, Trx } from './tables.ts';

/**
 * The one place that holds the database. Queries are functions of a transaction and never see more, so that none of them
 * can escape it; a transaction within a transaction, which would wait for itself on SQLite, is refused at once.
 */
export class Engine {
  readonly #db: Kysely<Tables>;
  readonly #inside = new AsyncLocalStorage<true>();
  readonly #underWay = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /**
   * Runs `work` in a transaction that may write; all of it is durable when this settles, or nothing of it was done. What
   * is written for a request under a key is marked so, see `underAttempt`. @throws AttemptLost
   */
  write<T>(work: (trx: Trx) => Promise<T>): Promise<T> {
    return this.#guarded(() =>
      this.#db
        .transaction()
        .setAccessMode('read write')
        .execute(async (trx) => {
          await markActed(trx);
          return work(trx);
        }),
    );
  }

  /** Runs `work` on one state of the database, however many queries it makes. */
  read<T>(work: (trx: Trx) => Promise<T>): Promise<T> {
    return this.#guarded(() =>
      this.#db.transaction().setAccessMode('read only').setIsolationLevel('repeatable read').execute(work),
    );
  }

  /**
   * Runs a query as it is, without the two round trips of a transaction around it: for what is asked often, and is right
   * where each of its queries sees the moment of its own.
   */
  look<T>(query: (db: Looking) => Promise<T>): Promise<T> {
    return this.#guarded(() => this.#db.connection().execute((db) => query(db)));
  }

  /** Waits for what is under way, and lets the database go. */
  close(): Promise<void> {
    this.#closing ??= Promise.allSettled(this.#underWay).then(() => this.#db.destroy());
    return this.#closing;
  }

  async #guarded<T>(run: () => Promise<T>): Promise<T> {
    if (this.#inside.getStore()) throw new Error('a transaction was begun within a transaction');
    if (this.#closing) throw new StoreFailed('The store has been closed: nothing was read or written.');
    const running = this.#inside.run(true, run);
    this.#underWay.add(running);
    try {
      return await running;
    } finally {
      this.#underWay.delete(running);
    }
  }
}
