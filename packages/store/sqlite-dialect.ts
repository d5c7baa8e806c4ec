import { setTimeout as wait } from 'node:timers/promises';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import {
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import type { Explain } from './failure.ts';

/** Kysely over Node's own SQLite: one connection, so that whoever holds it has the database to itself in this process. */
export function sqliteDialect(database: DatabaseSync, busyMs: number, explain: Explain): Dialect {
  return {
    createDriver: () => new NodeSqliteDriver(database, busyMs, explain),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new NodeSqliteAdapter(),
    createIntrospector: (db: Kysely<unknown>) => new SqliteIntrospector(db),
  };
}

/** SQLite rolls changes of tables back like any other: what the adapter that it extends denies. */
class NodeSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class NodeSqliteDriver implements Driver {
  readonly #database: DatabaseSync;
  readonly #busyMs: number;
  readonly #explain: Explain;
  readonly #connection: NodeSqliteConnection;

  constructor(database: DatabaseSync, busyMs: number, explain: Explain) {
    this.#database = database;
    this.#busyMs = busyMs;
    this.#explain = explain;
    this.#connection = new NodeSqliteConnection(database, explain);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }

  async beginTransaction(_connection: DatabaseConnection, { accessMode }: TransactionSettings): Promise<void> {
    if (accessMode === 'read only') this.#exec('begin', 'statement');
    else await this.#beginToWrite();
  }

  async commitTransaction(): Promise<void> {
    this.#exec('commit', 'commit');
  }

  /** A full disk may have rolled it back already. */
  async rollbackTransaction(): Promise<void> {
    if (this.#database.isTransaction) this.#exec('rollback', 'statement');
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {
    this.#connection.forget();
    if (this.#database.isOpen) this.#database.close();
  }

  /**
   * Takes the lock for writing before anything is read. While another connection has it we wait without blocking the
   * process: the other one may be in this very process, and could then never end.
   */
  async #beginToWrite(): Promise<void> {
    this.#database.exec('pragma busy_timeout = 0');
    try {
      for (let waitedMs = 0; !this.#triesToBegin(waitedMs);) {
        const delayMs = Math.min(1 + waitedMs / 4, LONGEST_DELAY_MS);
        await wait(delayMs);
        waitedMs += delayMs;
      }
    } finally {
      this.#database.exec(`pragma busy_timeout = ${this.#busyMs}`);
    }
  }

  #triesToBegin(waitedMs: number): boolean {
    try {
      this.#database.exec('begin immediate');
      return true;
    } catch (error) {
      if (waitedMs >= this.#busyMs || !isBusy(error)) throw this.#explain(error, 'statement');
      return false;
    }
  }

  #exec(sql: string, during: 'statement' | 'commit'): void {
    try {
      this.#database.exec(sql);
    } catch (error) {
      throw this.#explain(error, during);
    }
  }
}

/** A transaction lasts a millisecond or so: short waits at first, then longer ones. */
const LONGEST_DELAY_MS = 50;

const SQLITE_BUSY = 5;

/** Another connection has the lock. SQLite's extended codes carry the primary one in their lowest byte. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY;
}

/** Statements are prepared once; the few that differ with the length of a list are bounded by this. */
const MOST_PREPARED = 200;

class NodeSqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync;
  readonly #explain: Explain;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync, explain: Explain) {
    this.#database = database;
    this.#explain = explain;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    try {
      const statement = this.#prepare(sql);
      const values = parameters as SQLInputValue[]; // our tables hold text, numbers and null
      if (statement.columns().length > 0) return { rows: statement.all(...values) as R[] }; // Kysely knows the type of its query
      return { rows: [], numAffectedRows: BigInt(statement.run(...values).changes) };
    } catch (error) {
      throw this.#explain(error, 'statement');
    }
  }

  // eslint-disable-next-line require-yield -- Kysely asks for the method; nothing here reads by stream
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('the store reads page by page, not by stream');
  }

  forget(): void {
    this.#prepared.clear();
  }

  #prepare(sql: string): StatementSync {
    const known = this.#prepared.get(sql);
    if (known) return known;
    if (this.#prepared.size >= MOST_PREPARED) this.#prepared.clear();
    const statement = this.#database.prepare(sql);
    this.#prepared.set(sql, statement);
    return statement;
  }
}
