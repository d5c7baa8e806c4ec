import { Kysely } from 'kysely';
import pg from 'pg';
import { Engine } from './engine.ts';
import { postgresDialect } from './postgres-dialect.ts';
import { postgresFailure } from './postgres-failure.ts';
import { StoreFailed } from './store.ts';
import type { Tables } from './tables.ts';

/** Shorter than any lease, so that whoever waits for the store knows in time that it does not answer. */
const LIMITS = {
  connectionTimeoutMillis: 5000,
  lock_timeout: 5000,
  statement_timeout: 8000,
  idle_in_transaction_session_timeout: 10_000,
  /** On our side, for when the network swallows the answer. */
  query_timeout: 10_000,
};

/** Transactions last a millisecond or so, and nothing waits inside one: few connections carry much. */
const MOST_CONNECTIONS = 5;

/** The type of PostgreSQL's bigint. */
const INT8 = 20;

/** How every connection of ours is made, and what the server is called. @throws StoreFailed where the address cannot be used */
export function connectionOf(url: string): { config: pg.PoolConfig; at: string } {
  const at = nameOf(url);
  const config: pg.PoolConfig = {
    connectionString: url,
    application_name: 'pxa',
    keepAlive: true,
    ...LIMITS,
    // our numbers are counters and milliseconds, far below 2^53; by default they would come as texts
    types: { getTypeParser: (id, format) => (id === INT8 ? Number : pg.types.getTypeParser(id, format)) },
  };
  return { config, at };
}

/** Opens connections to a server when they are needed. @throws StoreFailed where the address cannot be used */
export function connectPostgres(url: string): Engine {
  const { config, at } = connectionOf(url);
  const pool = new pg.Pool({ ...config, max: MOST_CONNECTIONS });
  // A connection that breaks off tells so here, too, idle or in use; unheard it would end the process. The pool drops it,
  // and who needs it is told by the query that fails.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const explain = (error: unknown, during: 'statement' | 'commit'): Error => postgresFailure(error, at, during);
  return new Engine(new Kysely<Tables>({ dialect: postgresDialect(pool, explain) }));
}

/** Host, port and database, without user and password. Refuses what would take any certificate. */
function nameOf(address: string): string {
  const url = URL.parse(address);
  if (url === null || !/^postgres(?:ql)?:$/.test(url.protocol)) {
    throw new StoreFailed(
      'The address of the store cannot be read. It looks like this: postgres://USER:PASSWORD@HOST:5432/DATABASE. Write special characters of the password as %XX.',
    );
  }
  if (url.searchParams.get('sslmode') === 'no-verify' || url.searchParams.has('uselibpqcompat')) {
    throw new StoreFailed(
      'The address of the store asks for any certificate to be accepted, which is never done. Use sslmode=verify-full, with sslrootcert=FILE where the CA is your own.',
    );
  }
  const host = decodeURIComponent(url.hostname) || url.searchParams.get('host') || 'localhost';
  return `${host}:${url.port || url.searchParams.get('port') || '5432'}${url.pathname}`;
}
