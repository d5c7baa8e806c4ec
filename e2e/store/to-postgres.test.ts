import { join } from 'node:path';
import { openStore } from '@pxa/store';
import { expect, test } from 'vitest';
import { storeFile } from '../../apps/cli/changes/options.ts';
import { newHome, runPxa } from '../../apps/cli/in-process.ts';
import { freshPostgres, postgresLacks } from '../../packages/store/testing/postgres.ts';

const entry = {
  at: '2026-02-23T10:00:00.000Z',
  kind: 'note',
  who: 'anna',
  door: 'terminal',
  cluster: 'lab',
  plan_id: null,
  job_id: null,
  data: {},
} as const;

/** A database takes its time to answer: what reads the file must not have been through with it by then. */
test.skipIf(postgresLacks() !== undefined)('the embedded store is carried over to PostgreSQL', async () => {
  const HOME = newHome();
  const file = join(HOME, 'export.jsonl');
  const own = await openStore({ kind: 'sqlite', file: storeFile({ HOME }) }, { now: () => 0 });
  await own.audit(entry);
  const head = await own.auditHead();
  await own.close();
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
