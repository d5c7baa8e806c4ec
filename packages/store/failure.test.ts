import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { appendAudit, readAuditHead } from './audit-log.ts';
import { openStore } from './open.ts';
import { connectSqlite } from './sqlite.ts';
import { StoreFailed } from './store.ts';
import { startChild } from './testing/child.ts';
import { engines, tamper } from './testing/engines.ts';
import { openedStores } from './testing/opened.ts';
import { entry } from './testing/samples.ts';

const deps = { now: () => 0 };

describe.each(engines)('$name', ({ fresh }) => {
  const open = openedStores({ fresh });

  it('refuses a store that a newer version has written, and leaves it', async () => {
    const place = await fresh();
    await (await open(place)).audit(entry('k'));
    await tamper(place, `insert into kysely_migration values ('999_future', '2030-01-01T00:00:00.000Z')`);
    await expect(openStore(place, deps)).rejects.toThrow(/newer version of pxa \(it has "999_future"\)/);
    await tamper(place, `delete from kysely_migration where name = '999_future'`);
    expect(await (await open(place)).auditHead()).toMatchObject({ count: 1 });
  });

  it("refuses a database that has somebody else's tables", async () => {
    const place = await fresh();
    await tamper(place, 'create table plans (price integer)');
    await expect(openStore(place, deps)).rejects.toThrow(/"plans".* so it is not touched/);
  });

  it('refuses everything after it was closed, and closing twice is no harm', async () => {
    const store = await open();
    const writing = store.audit(entry('k'));
    await Promise.all([store.close(), store.close()]);
    await writing;
    await expect(store.audit(entry('k'))).rejects.toThrow(/has been closed/);
  });
});

describe('a file', () => {
  const folder = (): string => mkdtempSync(join(tmpdir(), 'store-'));

  it('and its folder are for the owner alone', async () => {
    const file = join(folder(), 'new', 'deep', 'store.db');
    const store = await openStore({ kind: 'sqlite', file }, deps);
    await store.audit(entry('k'));
    const modes = readdirSync(dirname(file)).map((name) => statSync(join(dirname(file), name)).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600, 0o600]);
    expect([dirname(file), dirname(dirname(file))].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o700]);
    await store.close();
    chmodSync(file, 0o644);
    await (await openStore({ kind: 'sqlite', file }, deps)).close();
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.each<[name: string, make: () => string, says: RegExp]>([
    [
      'that is no database',
      () => written(join(folder(), 'x.db'), 'no database '.repeat(500)),
      /x\.db is no database, so it is not touched/,
    ],
    ['that is a folder', folder, /is a folder/],
    ['under a file', () => join(written(join(folder(), 'x'), ''), 'store.db'), /a part of its path is a file/],
    ['of another program', () => foreign(join(folder(), 'x.db')), /another program \(it has the table "bookmarks"\)/],
  ])('%s is refused and left as it is', async (_name, make, says) => {
    const file = make();
    const before = statSync(file, { throwIfNoEntry: false })?.isFile() ? readFileSync(file) : undefined;
    await expect(openStore({ kind: 'sqlite', file }, deps)).rejects.toThrow(says);
    await expect(openStore({ kind: 'sqlite', file }, deps)).rejects.toThrow(StoreFailed);
    if (before) expect(readFileSync(file).equals(before)).toBe(true);
  });

  function written(file: string, text: string): string {
    writeFileSync(file, text);
    return file;
  }

  function foreign(file: string): string {
    const database = new DatabaseSync(file);
    database.exec('create table bookmarks (url text)');
    database.close();
    return file;
  }

  const CLOSED: [name: string, make: () => Promise<string> | string][] = [
    [
      'in a folder that this user may not write',
      () => {
        const inside = join(folder(), 'closed');
        mkdirSync(inside, { mode: 0o500 });
        return join(inside, 'store.db');
      },
    ],
    [
      'in a folder that this user may not look into',
      () => {
        const inside = join(folder(), 'dark');
        mkdirSync(inside, { mode: 0o000 });
        return join(inside, 'deeper', 'store.db');
      },
    ],
    [
      'in a file that may only be read',
      async () => {
        const file = join(folder(), 'store.db');
        await (await openStore({ kind: 'sqlite', file }, deps)).close();
        chmodSync(file, 0o400);
        return file;
      },
    ],
  ];
  it.each(CLOSED)('%s is refused', async (_name, make) => {
    // root may write everywhere, unless it gives that up
    const through = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search', '--'] : [];
    const child = await startChild('open', { kind: 'sqlite', file: await make() }, '', through);
    child.go();
    expect((await child.lines.next()).value).toMatch(
      /StoreFailed: The store .*cannot be opened or written by this user/,
    );
  });

  it('in memory lasts as long as it is open', async () => {
    const store = await openStore({ kind: 'sqlite', file: ':memory:' }, deps);
    await store.audit(entry('k'));
    expect(await store.auditHead()).toMatchObject({ count: 1 });
    await store.close();
  });

  /** A store's tables, and the database itself beside its engine. */
  async function connected(busyMs?: number) {
    const file = join(folder(), 'store.db');
    await (await openStore({ kind: 'sqlite', file }, deps)).close();
    return { file, ...connectSqlite(file, busyMs) };
  }

  it('on a full disk is refused, and nothing is written by half', async () => {
    const { engine, database } = await connected();
    const pages = (max: number): void => database.exec(`pragma max_page_count = ${max}`);
    await engine.write((trx) => appendAudit(trx, entry('before')));
    pages(1);
    const big = { text: 'x'.repeat(100_000) };
    const writing = engine.write(async (trx) => {
      await appendAudit(trx, entry('small'));
      await appendAudit(trx, entry('big', { data: big }));
    });
    await expect(writing).rejects.toThrow(/disk under the store .*store\.db is full\. Make room/);
    await expect(writing).rejects.toMatchObject({ name: 'StoreFailed', fate: 'not_done' });
    pages(100_000);
    expect(await engine.read(readAuditHead)).toMatchObject({ count: 1 });
    await engine.write((trx) => appendAudit(trx, entry('after', { data: big })));
    expect(await engine.read(readAuditHead)).toMatchObject({ count: 2 });
    await engine.close();
  });

  it('that another holds is waited for, for a while', async () => {
    const { file, engine } = await connected(30);
    const other = new DatabaseSync(file);
    const write = (): Promise<unknown> => engine.write((trx) => appendAudit(trx, entry('k')));
    other.exec('begin immediate');
    await expect(write()).rejects.toThrow(/Another process has held the store .*store\.db for too long.*fuser/);
    expect(await engine.read(readAuditHead)).toMatchObject({ count: 0 });
    const waiting = write();
    await new Promise(setImmediate);
    other.exec('commit');
    await waiting;
    expect(await engine.read(readAuditHead)).toMatchObject({ count: 1 });
    other.close();
    await engine.close();
  });

  it('refuses a transaction within a transaction at once', async () => {
    const { engine } = await connected();
    await expect(engine.write(() => engine.read(readAuditHead))).rejects.toThrow('within a transaction');
    await engine.close();
  });
});
