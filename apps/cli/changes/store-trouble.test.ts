import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SandboxClock, startSandbox } from '@pxa/sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Somebody, Standing } from './standing.ts';

let here: Standing;

beforeAll(async () => {
  const clock = new SandboxClock(Date.UTC(2026, 1, 23, 10), 0);
  here = new Standing(await startSandbox({ clock }), clock);
});
afterAll(() => here.sandbox.close());

function writeStore(who: Somebody, write: (path: string) => void): void {
  mkdirSync(join(who.store, '..'), { recursive: true });
  write(who.store);
}

function inStore(who: Somebody, sql: string): void {
  writeStore(who, (path) => {
    const database = new DatabaseSync(path);
    database.exec(sql);
    database.close();
  });
}

const troubles: [name: string, make: (who: Somebody) => Promise<void> | void, says: RegExp][] = [
  [
    'a file that is no database',
    (who) => writeStore(who, (path) => writeFileSync(path, 'shopping list\n'.repeat(100))),
    /pxa\.db is no database, so it is not touched\. Name another file/,
  ],
  ['a database of another program', (who) => inStore(who, 'create table songs (id)'), /another program \(.*"songs"\)/],
  [
    'a store that a newer version wrote',
    async (who) => {
      await who.run(['jobs']);
      inStore(who, `insert into kysely_migration values ('9999-later', '2030')`);
    },
    /written by a newer version of pxa \(it has "9999-later"\)\. Use that version/,
  ],
  ['a folder in place of the file', (who) => void mkdirSync(who.store, { recursive: true }), /is a folder/],
];

describe.each(troubles)('%s', (_name, make, says) => {
  test.each([['jobs'], ['approvals'], ['approve', 'plan_x'], ['audit', 'verify'], ['job', 'job_x', '--follow']])(
    'pxa %s %s',
    async (...argv) => {
      const anna = here.person();
      await make(anna);
      const ran = await anna.run(argv);
      expect(ran).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(says) });
      expect(ran.stderr).not.toMatch(/ at .*\.ts:\d+/);
    },
  );

  test('an order is not planned, and a question is answered', async () => {
    const anna = here.person();
    await make(anna);
    const order = await anna.run(['ask', '-q', 'shut down docker-host-01']);
    expect(order).toMatchObject({ code: 1, stdout: expect.stringMatching(says) });
    expect(await anna.run(['ask', 'how many VMs are running?'])).toMatchObject({ code: 0, stderr: '' });
  });
});

test('a folder that cannot be made', async () => {
  const env = { XDG_STATE_HOME: '/sys/nowhere' };
  const ran = await here.person().run(['jobs'], { env });
  expect(ran).toMatchObject({ code: 1, stderr: expect.stringMatching(/cannot be opened or written by this user/) });
});

test('a plan that was edited where it is kept is not approved', async () => {
  const anna = here.person();
  const plan = await anna.plan('shut down docker-host-01');
  inStore(anna, `update plans set body = replace(body, '/103/', '/100/')`);
  const ran = await anna.run(['approve', plan]);
  expect(ran).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/changed where it is kept\. Nothing is carried out/),
  });
});
