import { sql } from 'kysely';
import { migrate, type MigrationTraits } from './migrate.ts';
import type { Engine } from './engine.ts';
import { connectPostgres } from './postgres.ts';
import { StoreFailed } from './store.ts';
import { TABLE_NAMES } from './table-names.ts';
import { LEDGER } from './tables.ts';

/** Any number that nobody else takes: "pxa" and 1. */
const MIGRATION_LOCK = 0x70_78_61_01;

const OURS = [LEDGER, ...TABLE_NAMES];

const traits: MigrationTraits = {
  // others may have tables beside ours, as long as they have other names
  async tables(trx) {
    const { rows } = await sql<{ name: string }>`
      select table_name as name from information_schema.tables
      where table_schema = current_schema() and table_name in (${sql.join(OURS)})`.execute(trx);
    return rows.map(({ name }) => name);
  },
  async schema(trx) {
    const { rows } = await sql<{ name: string | null }>`select current_schema() as name`.execute(trx);
    if (rows[0]?.name) return rows[0].name;
    throw new StoreFailed(
      'PostgreSQL has no schema for this user to make tables in. Create the one that its search_path names, or correct that.',
    );
  },
  async lock(trx) {
    await sql`select pg_advisory_xact_lock(${sql.lit(MIGRATION_LOCK)})`.execute(trx);
  },
  isHeld: (error) => codeOf(error instanceof StoreFailed ? error.cause : error) === LOCK_NOT_AVAILABLE,
};

/** PostgreSQL's code for a lock that was waited for in vain. */
const LOCK_NOT_AVAILABLE = '55P03';

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** A database with its tables up to date. @throws StoreFailed */
export async function openPostgres(url: string): Promise<Engine> {
  const engine = connectPostgres(url);
  try {
    await migrate(engine, traits);
    return engine;
  } catch (error) {
    await engine.close();
    throw error;
  }
}
