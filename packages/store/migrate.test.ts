import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { migrate, type MigrationTraits } from './migrate.ts';
import { connectSqlite } from './sqlite.ts';
import { StoreFailed } from './store.ts';

const held = new StoreFailed('Another process holds it.');

/** Tables of SQLite, where another process holds the making of them for so many tries. */
function heldFor(tries: number): MigrationTraits & { readonly tried: () => number } {
  let count = 0;
  return {
    async tables(trx) {
      const { rows } = await sql<{ name: string }>`select name from sqlite_master where type = 'table'`.execute(trx);
      return rows.map(({ name }) => name);
    },
    schema: async () => undefined,
    async lock() {
      count += 1;
      if (count <= tries) throw held;
    },
    isHeld: (error) => error === held,
    tried: () => count,
  };
}

test.each([
  [0, 1, undefined],
  [3, 4, undefined],
  [100, 8, /Another process holds it/],
])('tables whose making is held for %d tries take %d', async (tries, tried, refusal) => {
  const { engine } = connectSqlite(':memory:');
  const traits = heldFor(tries);
  const made = migrate(engine, traits);
  if (refusal === undefined) {
    await made;
    expect(await engine.read((trx) => traits.tables(trx))).toContain('plans');
  } else {
    await expect(made).rejects.toThrow(refusal);
  }
  expect(traits.tried()).toBe(tried);
  await engine.close();
});
