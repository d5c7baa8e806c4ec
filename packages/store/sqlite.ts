import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { Engine } from './engine.ts';
import { sqliteDialect } from './sqlite-dialect.ts';
import { fileFailure, sqliteFailure } from './sqlite-failure.ts';
import { StoreFailed } from './store.ts';
import { LEDGER, type Tables } from './tables.ts';

/** How long others may hold the file before we give up. */
const BUSY_TIMEOUT_MS = 5000;

const OWNER_ONLY = { folder: 0o700, file: 0o600 };

/**
 * Opens a database file, or makes it; `:memory:` lasts as long as it is open. @throws StoreFailed
 *
 * WAL: readers and the one writer do not wait for each other. FULL: a transaction is on the disk when it is said to be.
 */
export function connectSqlite(file: string, busyMs = BUSY_TIMEOUT_MS): { engine: Engine; database: DatabaseSync } {
  const path = file === ':memory:' ? file : resolve(file);
  if (path !== ':memory:') makeForOwner(path);
  const database = openDatabase(path, busyMs);
  const db = new Kysely<Tables>({
    dialect: sqliteDialect(database, busyMs, (error, during) => sqliteFailure(error, path, during)),
  });
  return { engine: new Engine(db), database };
}

function openDatabase(path: string, busyMs: number): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: busyMs, enableForeignKeyConstraints: true });
    refuseForeign(database, path);
    if (path !== ':memory:') chmodSync(path, OWNER_ONLY.file);
    database.exec('pragma journal_mode = wal; pragma synchronous = full');
    return database;
  } catch (error) {
    database?.close();
    throw error instanceof StoreFailed ? error : sqliteFailure(error, path, 'statement');
  }
}

/** Before anything of it is changed: another program's database stays as it is. */
function refuseForeign(database: DatabaseSync, path: string): void {
  const rows = database.prepare(`select name from sqlite_master where type = 'table'`).all();
  if (rows.length === 0 || rows.some(({ name }) => name === LEDGER)) return;
  throw new StoreFailed(
    `${path} is a database of another program (it has the table "${String(rows[0]?.['name'])}"), so it is not touched. Name another file for the store.`,
  );
}

/**
 * Makes a folder and those above it, one by one: with `recursive`, Node goes on without end where a folder that is there
 * says that nothing can be made in it by ENOENT, as those of /proc do.
 */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: OWNER_ONLY.folder });
  } catch (error) {
    // another process may have made it in the meantime
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}

/** Makes the folder and the file if they are not there, so that nobody but their owner may ever read them; SQLite gives its other files the rights of this one. */
function makeForOwner(path: string): void {
  try {
    makeFolder(dirname(path));
    closeSync(openSync(path, 'a', OWNER_ONLY.file));
  } catch (error) {
    throw fileFailure(error, path);
  }
}
