import { openStore } from '@pxa/store';
import { expect, test } from 'vitest';
import { runPxa } from '../../apps/cli/in-process.ts';
import { usedHome } from '../../apps/cli/used-home.ts';
import { freshPostgres, postgresLacks } from '../../packages/store/testing/postgres.ts';

/** A database takes its time to answer: what reads the file must not have been through with it by then. */
test.skipIf(postgresLacks() !== undefined)('the embedded store is carried over to PostgreSQL', async () => {
  const { HOME, file, head } = await usedHome();
  expect((await runPxa(['store', 'export', file], { env: { HOME } })).code).toBe(0);

  const url = await freshPostgres();
  const env = { HOME, PXA_DATABASE_URL: url };
  const done = await runPxa(['store', 'import', file], { env });
  expect([done.code, done.stderr]).toEqual([0, '']);
  expect(done.stdout).toMatch(/3 rows imported, .* into PostgreSQL/);
  const there = await openStore({ kind: 'postgres', url }, { now: () => 0 });
  expect(await there.auditHead()).toEqual(head);
  await there.close();

  const again = await runPxa(['store', 'import', file], { env });
  expect([again.code, again.stderr]).toEqual([1, expect.stringMatching(/holds something already/)]);
});
