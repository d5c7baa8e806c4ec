import {
  CompiledQuery,
  PostgresAdapter,
  PostgresDriver,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  type PostgresPool,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import type { Explain } from './failure.ts';

/** Kysely's own PostgreSQL, with whatever fails in it explained to the person. */
export function postgresDialect(pool: PostgresPool, explain: Explain): Dialect {
  return {
    createDriver: () => new ExplainingDriver(pool, explain),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createAdapter: () => new LockedAdapter(),
    createIntrospector: (db: Kysely<unknown>) => new PostgresIntrospector(db),
  };
}

/** Our migrations run in a transaction that has taken its lock before the migrator looks for its tables. */
class LockedAdapter extends PostgresAdapter {
  override async acquireMigrationLock(): Promise<void> {}

  override async releaseMigrationLock(): Promise<void> {}
}

/**
 * Everything that the inner driver throws is the database's doing, and is explained here, where that is certain: what
 * comes from the queries' own code never passes.
 */
class ExplainingDriver implements Driver {
  readonly #inner: PostgresDriver;
  readonly #explain: Explain;

  constructor(pool: PostgresPool, explain: Explain) {
    this.#inner = new PostgresDriver({ pool, onCreateConnection: keepDurable });
    this.#explain = explain;
  }

  async init(): Promise<void> {
    await this.#inner.init();
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const explain = this.#explain;
    return new ExplainingConnection(await explained(this.#inner.acquireConnection(), explain), explain);
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    try {
      await this.#inner.beginTransaction(innerOf(connection), settings);
    } catch (error) {
      // a connection that is gone must not go back among those that are free: this marks it where it does not answer
      await this.rollbackTransaction(connection);
      throw this.#explain(error, 'statement');
    }
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await explained(this.#inner.commitTransaction(innerOf(connection)), this.#explain, 'commit');
  }

  /** Where this fails the connection is gone, and the server has rolled back; what went wrong before is what to tell. */
  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await this.#inner.rollbackTransaction(innerOf(connection)).catch(() => undefined);
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    await this.#inner.releaseConnection(innerOf(connection));
  }

  async destroy(): Promise<void> {
    await this.#inner.destroy();
  }
}

type InnerConnection = Parameters<PostgresDriver['releaseConnection']>[0];

class ExplainingConnection implements DatabaseConnection {
  readonly inner: InnerConnection;
  readonly #explain: Explain;

  constructor(inner: DatabaseConnection, explain: Explain) {
    // what PostgresDriver gave goes back to it
    this.inner = inner as InnerConnection;
    this.#explain = explain;
  }

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return explained(this.inner.executeQuery<R>(query), this.#explain);
  }

  streamQuery<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    return this.inner.streamQuery<R>(query, chunkSize);
  }
}

function innerOf(connection: DatabaseConnection): InnerConnection {
  if (connection instanceof ExplainingConnection) return connection.inner;
  throw new Error('a connection that this driver did not give');
}

async function explained<T>(
  doing: Promise<T>,
  explain: Explain,
  during: 'statement' | 'commit' = 'statement',
): Promise<T> {
  try {
    return await doing;
  } catch (error) {
    throw explain(error, during);
  }
}

/** A server may be set to answer a commit before it is on the disk; for us it waits. A stricter setting is left as it is. */
async function keepDurable(connection: DatabaseConnection): Promise<void> {
  await connection.executeQuery(
    CompiledQuery.raw(
      `select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'`,
    ),
  );
}
