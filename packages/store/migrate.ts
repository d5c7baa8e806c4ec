import { sql } from 'kysely';
import { type Engine } from './engine.ts';
import { migrations, NEWEST } from './migrations.ts';
import { StoreFailed } from './store.ts';
import { LEDGER, type Trx } from './tables.ts';

/** What differs between the engines when the tables are made. */
export interface MigrationTraits {
  /** The names of the tables that are there, as far as they would be in our way. */
  tables(trx: Trx): Promise<string[]>;
  /** The schema that the tables are in, where the engine has several: the migrator would look for its own in all of them. */
  schema(trx: Trx): Promise<string | undefined>;
  /** Makes other processes that are here wait until the transaction ends. */
  lock(trx: Trx): Promise<void>;
  /** Whether it failed because another process holds that. */
  isHeld(error: unknown): boolean;
}

/**
 * Brings the tables up to date, in one transaction; several processes may come here at once. When there is nothing to
 * do, that is one query. @throws StoreFailed also where a newer version has written the store.
 */
export async function migrate(engine: Engine, traits: MigrationTraits): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    if ((await engine.read((trx) => appliedIn(trx, traits))).includes(NEWEST)) return;
    try {
      return await bringUpToDate(engine, traits);
    } catch (error) {
      // Another process is at it: it may take longer than anybody waits for a lock.
      if (!traits.isHeld(error) || attempt === MOST_TRIES) throw error;
    }
  }
}

/** Each try waits as long as for any lock. */
const MOST_TRIES = 8;

async function bringUpToDate(engine: Engine, traits: MigrationTraits): Promise<void> {
  await engine.write(async (trx) => {
    await traits.lock(trx);
    const { Migrator } = await import('kysely/migration');
    const provider = { getMigrations: async () => ({ ...migrations }) };
    const schema = await traits.schema(trx);
    const migrator = new Migrator({ db: trx, provider, ...(schema && { migrationTableSchema: schema }) });
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) throw error instanceof Error ? error : new Error(String(error));
  });
}

/** The migrations that were run. Refuses a database of a newer version, or of something else. */
async function appliedIn(trx: Trx, traits: MigrationTraits): Promise<string[]> {
  const tables = await traits.tables(trx);
  if (!tables.includes(LEDGER)) {
    if (tables.length === 0) return [];
    throw new StoreFailed(
      `The database holds a table "${tables[0]}" that is not of pxa, so it is not touched. Give the store a database of its own.`,
    );
  }
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(LEDGER)}`.execute(trx);
  const names = rows.map(({ name }) => name);
  const newer = names.find((name) => migrations[name] === undefined);
  if (newer === undefined) return names;
  throw new StoreFailed(
    `The store was written by a newer version of pxa (it has "${newer}"). Use that version or a later one, or another store; this one was left as it is.`,
  );
}
