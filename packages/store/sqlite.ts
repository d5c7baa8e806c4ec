import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { Engine } from './engine.ts';
import { BUSY_TIMEOUT_MS, sqliteDialect } from './sqlite-dialect.ts';
import { fileFailure, sqliteFailure } from './sqlite-failure.ts';
import type { Tables } from './tables.ts';

const OWNER_ONLY = { folder: 0o700, file: 0o600 };

/**
 * Opens a database file, or makes it; `:memory:` lasts as long as it is open. @throws StoreFailed
 *
 * WAL: readers and the one writer do not wait for each other. FULL: a transaction is on the disk when it is said to be.
 */
export function connectSqlite(file: string): { engine: Engine; database: DatabaseSync } {
  const path = file === ':memory:' ? file : resolve(file);
  if (path !== ':memory:') keepForOwner(path);
  const database = openDatabase(path);
  const db = new Kysely<Tables>({
    dialect: sqliteDialect(database, (error, during) => sqliteFailure(error, path, during)),
  });
  return { engine: new Engine(db), database };
}

function openDatabase(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
    database.exec('pragma journal_mode = wal; pragma synchronous = full');
    return database;
  } catch (error) {
    database?.close();
    throw sqliteFailure(error, path, 'statement');
  }
}

/** Makes the folder and the file if they are not there, so that nobody but their owner may ever read them; SQLite gives its other files the rights of this one. */
function keepForOwner(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: OWNER_ONLY.folder });
    closeSync(openSync(path, 'a', OWNER_ONLY.file));
    chmodSync(path, OWNER_ONLY.file);
  } catch (error) {
    throw fileFailure(error, path);
  }
}
