import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { openStore } from './open.ts';
import { postgresFailure } from './postgres-failure.ts';
import type { Store } from './store.ts';
import { engines } from './testing/engines.ts';
import { openedStores } from './testing/opened.ts';
import { freshPostgres, runSql } from './testing/postgres.ts';
import { entry } from './testing/samples.ts';

const open = (url: string): Promise<Store> => openStore({ kind: 'postgres', url }, { now: () => 0 });

describe('an address that cannot be used', () => {
  it.each([
    ['postgres://user:geheim@host:port/db', /address of the store cannot be read/],
    ['mysql://user:geheim@host/db', /address of the store cannot be read/],
    ['postgres://user:geheim@host/db?sslmode=no-verify', /any certificate .* never done/],
    ['postgres://user:geheim@host/db?uselibpqcompat=true&sslmode=require', /any certificate .* never done/],
    ['postgres://user:geheim@127.0.0.1:1/db', /PostgreSQL at 127\.0\.0\.1:1\/db cannot be reached/],
    ['postgres://user:geheim@localhost:1/db', /PostgreSQL at localhost:1\/db cannot be reached/],
    ['postgres://user:geheim@host.invalid/db', /host\.invalid:5432\/db, is not known/],
    ['postgres://user:geheim@localhost/db?host=/nowhere', /cannot be reached/],
  ])('%s', async (url, says) => {
    const failed = await open(url).catch((error: unknown) => error);
    expect(failed).toMatchObject({ name: 'StoreFailed', message: expect.stringMatching(says) as string });
    expect(JSON.stringify([String(failed), failed])).not.toContain('geheim');
  });
});

describe('what became of a transaction whose end failed', () => {
  it.each([
    [{ message: 'Connection terminated unexpectedly' }, 'unknown'],
    [{ message: 'read ECONNRESET', code: 'ECONNRESET' }, 'unknown'],
    [{ message: 'terminating connection', code: '57P01' }, 'unknown'],
    [{ message: 'could not extend file', code: '53100' }, 'not_done'],
    [{ message: 'could not serialize access', code: '40001' }, 'not_done'],
  ])('%o: %s', (parts, fate) => {
    const error = Object.assign(new Error(parts.message), parts);
    expect(postgresFailure(error, 'host:5432/db', 'commit')).toMatchObject({ name: 'StoreFailed', fate });
    expect(postgresFailure(error, 'host:5432/db', 'statement')).toMatchObject({ fate: 'not_done' });
  });
});

describe.runIf(engines.some(({ name }) => name === 'postgres'))('a server', () => {
  const opened = openedStores({ fresh: async () => ({ kind: 'postgres', url: await freshPostgres() }) });
  const changed = async (change: (url: URL) => void): Promise<string> => {
    const url = new URL(await freshPostgres());
    change(url);
    return url.href;
  };

  it('that has no such database says so', async () => {
    await expect(open(await changed((url) => (url.pathname = '/nope')))).rejects.toThrow(/no such database/);
  });

  it('that refuses the password says so, without it', async () => {
    await runSql(await freshPostgres(), `create role guarded login password 'right'`);
    const url = await changed((address) => {
      address.username = 'guarded';
      address.password = 'geheim';
    });
    await expect(open(url)).rejects.toThrow(/refused the login. Check the user and the password/);
    await expect(open(url)).rejects.not.toThrow(/geheim/);
  });

  it('that does not let this user make tables says so', async () => {
    await runSql(await freshPostgres(), `create role poor login`);
    await expect(open(await changed((url) => (url.username = 'poor')))).rejects.toThrow(
      /no schema for this user|does not let this user/,
    );
  });

  /** An address by which the connections of one test can be told from all others. */
  const named = async (name: string): Promise<string> => `${await freshPostgres()}&application_name=${name}`;
  const cut = (url: string, name: string, more = ''): Promise<number> =>
    runSql(url, `select pg_terminate_backend(pid) from pg_stat_activity where application_name = '${name}' ${more}`);

  it('that closed the connections is connected to again', async () => {
    const url = await named('idle');
    const store = await opened({ kind: 'postgres', url });
    await store.audit(entry('k'));
    for (let turn = 0; turn < 20; turn++) {
      expect(await cut(url.replace('=idle', '=other'), 'idle')).toBeGreaterThan(0);
      // whether the pool has heard of it by now is a matter of microseconds; the next time it has
      await store.audit(entry('k')).catch(() => store.audit(entry('k')));
    }
    expect(await store.auditHead()).toMatchObject({ count: 21 });
  });

  it('that cuts a transaction off has done nothing of it', async () => {
    const url = await named('busy');
    const store = await opened({ kind: 'postgres', url });
    const other = new pg.Client({ connectionString: url.replace('=busy', '=other') });
    await other.connect();
    await other.query('begin; update audit_head set count = count');
    const writing = store.audit(entry('k')).catch(String);
    while ((await cut(url.replace('=busy', '=other'), 'busy', `and wait_event_type = 'Lock'`)) === 0);
    expect(await writing).toMatch(/^StoreFailed: PostgreSQL at localhost.* has closed the connection/);
    await other.query('rollback');
    await other.end();
    await store.audit(entry('k'));
    expect(await store.auditHead()).toMatchObject({ count: 1 });
  });

  it('with other tables that a migrator made, elsewhere, gets ours', async () => {
    const url = await freshPostgres();
    await (await opened({ kind: 'postgres', url })).audit(entry('k'));
    const other = await opened();
    expect(await other.auditHead()).toMatchObject({ count: 0 });
  });
});
