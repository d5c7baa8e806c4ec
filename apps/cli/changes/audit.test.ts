import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { PassThrough, Writable } from 'node:stream';
import { SandboxClock, startSandbox } from '@pxa/sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../run.ts';
import { type Somebody, Standing } from './standing.ts';

let here: Standing;

beforeAll(async () => {
  const clock = new SandboxClock(Date.UTC(2026, 1, 23, 10), 0);
  here = new Standing(await startSandbox({ clock }), clock);
});
afterAll(() => here.sandbox.close());

function inStore(who: Somebody, sql: string): void {
  const database = new DatabaseSync(who.store);
  database.exec(sql);
  database.close();
}

/** Whoever writes the log anew takes out all that is numbered by it. */
const EMPTIED = `${['job_events', 'job_steps', 'jobs', 'approvals', 'plans', 'audit'].map((table) => `delete from ${table};`).join('')} update audit_head set count = 0, hash = '${'0'.repeat(64)}'`;

async function headOf(who: Somebody): Promise<string> {
  const verdict = JSON.parse((await who.run(['audit', 'verify', '--json'])).stdout) as { head: string };
  return verdict.head;
}

describe('an audit log that somebody laid hands on', () => {
  const edits: [name: string, sql: string, says: RegExp][] = [
    ['edited', `update audit set body = replace(body, 'anna', 'bert') where seq = 2`, /Record 2 was edited/],
    ['removed', 'delete from audit where seq = 2', /Record 2 is missing/],
    ['cut off', 'delete from audit where seq >= 4', /ends with record 3, but 5 were written/],
    ['emptied', 'delete from audit', /but 5 were written/],
  ];
  test.each(edits)('%s', async (name, sql, says) => {
    const anna = here.person();
    await anna.done(`add the tag ${name.replace(' ', '-')} to 105`);
    expect((await anna.run(['audit', 'verify'])).code).toBe(0);
    inStore(anna, sql);
    const ran = await anna.run(['audit', 'verify']);
    expect(ran).toMatchObject({ code: 1, stdout: expect.stringMatching(/^\[CRITICAL\] Record \d/) });
    expect(ran.stdout).toMatch(says);
    expect(JSON.parse((await anna.run(['audit', 'verify', '--json'])).stdout)).toMatchObject({ ok: false });
  });

  test('written anew together with its head: found by a head that was kept elsewhere', async () => {
    const anna = here.person();
    await anna.done('add the tag first to 105');
    const { stdout } = await anna.run(['audit', 'verify']);
    const [, head = '', said = ''] =
      /^Head: ([0-9a-f]{64})\n[^]*\n {2}pxa (audit verify --head \S+)\n$/m.exec(stdout) ?? [];
    expect(said.split(' ').at(-1)).toBe(head);
    await anna.done('add the tag second to 105');
    expect(await anna.run(said.split(' '))).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/is in it, so all up to there/),
    });
    inStore(anna, EMPTIED);
    await anna.done('add the tag third to 105');
    expect(await anna.run(['audit', 'verify'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\[OK\] 5 rec/),
    });
    expect(await anna.run(said.split(' '))).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^\[CRITICAL\] None of the 5 records has the hash [0-9a-f]{64}: .*written anew/),
    });
    expect(await anna.run(['audit', 'verify', '--head', (await headOf(anna)).toUpperCase()])).toMatchObject({
      code: 0,
    });
  });

  test.each<[argv: string[], says: RegExp]>([
    [['audit', 'verify', '--head', 'abc'], /64 digits, 0 to 9 and a to f/],
    [['audit', 'export', '--head', 'a'.repeat(64)], /--head is for pxa audit verify alone/],
  ])('pxa %j', async (argv, says) => {
    expect(await here.person().run(argv)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(says) });
  });
});

/** Takes what is written as slowly as a pipe that somebody reads now and then. */
class SlowReader extends Writable {
  lines = 0;
  /** The most that ever waited in memory, in bytes. */
  mostWaiting = 0;
  #rest = '';

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    this.mostWaiting = Math.max(this.mostWaiting, this.writableLength);
    const parts = `${this.#rest}${chunk.toString()}`.split('\n');
    this.#rest = parts.pop() ?? '';
    this.lines += parts.filter((line) => (JSON.parse(line) as { seq: number }).seq > 0).length;
    setImmediate(done);
  }
}

test('a hundred thousand records are exported as they are read, none waiting in memory for long', async () => {
  const anna = here.person();
  await anna.run(['jobs']);
  const body = `json_object('seq', i, 'at', '', 'kind', 'k', 'who', 'anna', 'door', '', 'cluster', '', 'plan_id', null, 'job_id', null, 'data', json_object('text', hex(zeroblob(100))), 'before', '')`;
  const numbers = 'with recursive numbers(i) as (select 1 union all select i + 1 from numbers where i < 100000)';
  inStore(anna, `insert into audit (seq, hash, body) ${numbers} select i, '', ${body} from numbers`);
  const stdout = new SlowReader();
  const io = {
    ...{ stdin: new PassThrough().end(), stdout, stderr: new PassThrough(), env: { HOME: anna.home, ...here.env } },
    ...{
      now: () => 0,
      sleep: () => Promise.resolve(),
      random: (size: number) => randomBytes(size),
      id: () => 'id',
      onStop: () => () => undefined,
    },
  };
  expect(await run(['audit', 'export'], io)).toBe(0);
  await new Promise((resolve) => stdout.end(resolve));
  expect(stdout.lines).toBe(100_000);
  expect(stdout.mostWaiting).toBeLessThan(200_000);
});
