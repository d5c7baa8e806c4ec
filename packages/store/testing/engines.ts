import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StorePlace } from '../open.ts';
import { freshPostgres, postgresLacks, runSql } from './postgres.ts';

/** An engine that every test of the store runs on. */
export interface TestEngine {
  name: StorePlace['kind'];
  /** A place where nothing is yet. */
  fresh(): Promise<StorePlace>;
}

const sqlite: TestEngine = {
  name: 'sqlite',
  fresh: async () => ({ kind: 'sqlite', file: join(mkdtempSync(join(tmpdir(), 'store-')), 'store.db') }),
};

const postgres: TestEngine = {
  name: 'postgres',
  fresh: async () => ({ kind: 'postgres', url: await freshPostgres() }),
};

/** The engines that this machine can run; says which it cannot, and why. */
export const engines: readonly TestEngine[] = available();

function available(): TestEngine[] {
  const lacks = postgresLacks();
  if (lacks === undefined) return [sqlite, postgres];
  process.stderr.write(`The store is not tested on PostgreSQL here: ${lacks}.\n`);
  return [sqlite];
}

/** Runs SQL past the store: what somebody with a database's own tools would do. */
export async function tamper(place: StorePlace, text: string): Promise<void> {
  if (place.kind === 'postgres') return void (await runSql(place.url, text));
  const database = new DatabaseSync(place.file, { timeout: 5000 });
  database.exec(text);
  database.close();
}
