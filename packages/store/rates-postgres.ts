import pg from 'pg';
import { RateLimiterPostgres } from 'rate-limiter-flexible';
import { connectionOf } from './postgres.ts';
import { postgresFailure } from './postgres-failure.ts';
import { counterOver, type RateStore } from './rates.ts';

/** One short statement each: two connections carry all of them. */
const MOST_CONNECTIONS = 2;

/** Counts of all replicas, in a table of the store. */
export function postgresRates(url: string): RateStore & { close(): Promise<void> } {
  const { config, at } = connectionOf(careless(url));
  const pool = new pg.Pool({ ...config, max: MOST_CONNECTIONS });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  let closing: Promise<void> | undefined;
  const query = async (of: pg.QueryConfig): Promise<pg.QueryResult> => {
    try {
      return await pool.query(of);
    } catch (error) {
      throw postgresFailure(error, at, 'statement');
    }
  };
  return {
    rateCounter: ({ name, most, seconds }) =>
      counterOver(
        new RateLimiterPostgres({
          storeClient: { query },
          storeType: 'pool',
          tableName: 'rate_limits',
          tableCreated: true,
          keyPrefix: name,
          points: most,
          duration: seconds,
        }),
      ),
    close: () => (closing ??= pool.end()),
  };
}

/** A count that a crash of the server loses harms nobody, and every request would wait for the disk otherwise. */
function careless(url: string): string {
  const address = URL.parse(url);
  if (address === null) return url; // what is wrong with it, connectionOf tells
  const own = address.searchParams.get('options') ?? '';
  address.searchParams.set('options', `${own} -c synchronous_commit=off`.trim());
  return address.href;
}
