import { sql } from 'kysely';
import { migrate, type MigrationTraits } from './migrate.ts';
import type { Engine } from './engine.ts';
import { connectSqlite } from './sqlite.ts';

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
  // SQLite's own wait for the file is all the wait there is
  isHeld: () => false,
};

/** A file with its tables up to date. @throws StoreFailed */
export async function openSqlite(file: string): Promise<Engine> {
  const { engine } = connectSqlite(file);
  try {
    await migrate(engine, traits);
    return engine;
  } catch (error) {
    await engine.close();
    throw error;
  }
}
