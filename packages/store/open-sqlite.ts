import { sql } from 'kysely';
import { migrate, type MigrationTraits } from './migrate.ts';
import type { StoreDeps } from './open.ts';
import { sqlStore } from './sql-store.ts';
import { connectSqlite } from './sqlite.ts';
import type { Store } from './store.ts';

const traits: MigrationTraits = {
  async tables(trx) {
    const { rows } = await sql<{ name: string }>`select name from sqlite_master where type = 'table'`.execute(trx);
    return rows.map(({ name }) => name);
  },
  async schema() {
    return undefined;
  },
  // a transaction that writes has the whole file already
  async lock() {},
};

/** @throws StoreFailed */
export async function openSqlite(file: string, deps: StoreDeps): Promise<Store> {
  const { engine } = connectSqlite(file);
  try {
    await migrate(engine, traits);
    return sqlStore(engine, deps);
  } catch (error) {
    await engine.close();
    throw error;
  }
}
