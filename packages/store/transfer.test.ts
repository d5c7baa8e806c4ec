import { afterEach, describe, expect, it } from 'vitest';
import { underAttempt } from './attempts.ts';
import { exportStore } from './export.ts';
import { importStore } from './import.ts';
import { openAll, type Opened, type StorePlace } from './open.ts';
import { StoreFailed } from './store.ts';
import { engines, type TestEngine, tamper } from './testing/engines.ts';
import { approvalOf, at, begun, entry, eventOf, NOW_MS, planOf, stepOf } from './testing/samples.ts';
import { expectWhole } from './testing/whole.ts';
import { TABLE_NAMES } from './table-names.ts';

const seal = () => Promise.resolve({ seal: (text: string) => `sealed:${text}`, open: (text: string) => text.slice(7) });

const opened: Opened[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ store }) => store.close()));
});

async function open(place: StorePlace): Promise<Opened> {
  const one = await openAll(place, { now: () => NOW_MS, seal });
  opened.push(one);
  return one;
}

/** A store that holds something of all that matters: jobs in all their states, secrets, tokens and keys. */
async function filled(place: StorePlace): Promise<void> {
  const { store, service } = await open(place);
  for (let number = 0; number < 510; number++)
    await store.audit(entry(`note ${number}`, { data: { text: `ä\n${number}` } }));
  const job = await begun(store, '1');
  const claim = await store.claim({ jobId: job.id, owner: 'a', now: NOW_MS, leaseMs: 1_000 });
  if (claim === undefined) throw new Error('nobody else wants it');
  await store.start(claim, at(2), eventOf(job.id, 'started', { kind: 'started' }));
  await store.step(claim, stepOf(0, 'done'), [eventOf(job.id, 'a')], entry('step'));
  const secret = planOf('secret', 1, { cipassword: 'hunter2' });
  await store.propose(secret, approvalOf(secret), entry('proposed'));
  const times = { now: NOW_MS, aliveMs: 10, keptMs: 1_000 };
  const go = await service.beginAttempt({ caller: 'tok_1', key: 'k', hash: 'h', ...times });
  if (go.kind === 'go') await underAttempt(go.attempt, () => store.audit(entry('under a key')));
  await service.takeLease({ name: 'poll', owner: 'a', now: NOW_MS, leaseMs: 10 });
  await store.close();
}

async function exported(place: StorePlace): Promise<string[]> {
  const lines: string[] = [];
  await exportStore(place, async (line) => void lines.push(line));
  return lines;
}

const lines = new Map<string, Promise<string[]>>();

/** What a filled store of an engine exports. */
function linesOf({ name, fresh }: TestEngine): Promise<string[]> {
  const made = async (): Promise<string[]> => {
    const place = await fresh();
    await filled(place);
    return exported(place);
  };
  const known = lines.get(name) ?? made();
  lines.set(name, known);
  return known;
}

async function* given(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

const pairs = engines.flatMap((from) => engines.map((to) => ({ name: `${from.name} to ${to.name}`, from, to })));

describe.each(pairs)('a store from $name', ({ from, to }) => {
  it('holds all that it held, whole', async () => {
    const target = await to.fresh();
    const lines = await linesOf(from);
    const end = await importStore(target, given(lines));
    expect(end).toMatchObject({ sealed: 1, counts: { plans: 2, jobs: 1, audit: 516, idempotency: 1 } });
    expect(lines.join('\n')).not.toContain('"leases"');
    // Each table is in the same order: nothing was lost on the way, and nothing turned into something else.
    expect((await exported(target)).toSorted()).toEqual(lines.toSorted());
    const { store } = await open(target);
    await expectWhole(store);
    expect((await store.plan('secret'))?.plan.steps[0]?.params).toEqual({ cipassword: 'hunter2' });
    // and it can be gone on with
    await store.audit(entry('after'));
    await expectWhole(store);
  });
});

describe.each(engines)('an import on $name', (engine) => {
  const { fresh } = engine;

  async function target(lines: readonly string[], place?: StorePlace): Promise<unknown> {
    return importStore(place ?? (await fresh()), given(lines)).catch((error: unknown) => error);
  }

  it('is refused where something is kept already', async () => {
    const place = await fresh();
    const { store } = await open(place);
    await store.audit(entry('something'));
    expect(await target(await exported(place), place)).toMatchObject({
      message: expect.stringMatching(/holds something/),
    });
  });

  it.each<[what: string, edit: (lines: string[]) => string[], says: RegExp]>([
    ['breaks off', (lines) => lines.slice(0, -1), /breaks off after line/],
    [
      'lacks a row',
      (lines) => lines.filter((line) => !line.includes('"kind":"queued"') && !line.includes('\\"queued\\"')),
      /job_events/,
    ],
    [
      'has an edited record',
      (lines) => lines.map((line) => line.replace('note 7"', 'note 8"').replace('note 7\\"', 'note 8\\"')),
      /audit log is not whole/,
    ],
    ['has lost its last record', (lines) => cutAudit(lines), /audit/],
    ['goes on after its end', (lines) => [...lines, lines[1] ?? ''], /follows its end/],
    [
      'is of another version',
      (lines) => [JSON.stringify({ format: 'pxa store', version: 1, schema: '001_first' }), ...lines.slice(1)],
      /tables of another version/,
    ],
    ['is of something else', () => ['{"a":1}'], /first line/],
    ['is empty', () => [], /breaks off/],
    ['is no JSON', (lines) => [lines[0] ?? '', 'rows', ...lines.slice(1)], /line 2 is not JSON/],
    [
      'names a table that there is not',
      (lines) => [lines[0] ?? '', '["sqlite_master",{"a":1}]', ...lines.slice(1)],
      /line 2 is no row/,
    ],
    [
      'names a column that there is not',
      (lines) => [lines[0] ?? '', '["plans",{"a\\"; drop table plans; --":1}]', ...lines.slice(1)],
      /./,
    ],
    [
      'has a column more in a later row',
      (lines) => lines.map((line) => (line.includes('note 9"') || line.includes('note 9\\"') ? more(line) : line)),
      /./,
    ],
    [
      'holds a value that is none',
      (lines) => [lines[0] ?? '', '["plans",{"id":{}}]', ...lines.slice(1)],
      /line 2 is no row of plans/,
    ],
  ])('that %s is refused, and leaves nothing', async (_, edit, says) => {
    const place = await fresh();
    const error = await target(edit([...(await linesOf(engine))]), place);
    expect(error).toBeInstanceOf(StoreFailed);
    expect(String(error)).toMatch(says);
    const { store } = await open(place);
    expect(await store.auditHead()).toMatchObject({ count: 0 });
    await store.audit(entry('it is as new'));
    await expectWhole(store);
  });

  it('knows every table', async () => {
    const place = await fresh();
    await open(place);
    const here =
      place.kind === 'sqlite'
        ? `create table seen as select name from sqlite_master where type = 'table'`
        : `create table seen as select table_name as name from information_schema.tables where table_schema = current_schema()`;
    await tamper(place, here);
    const names = TABLE_NAMES.map((name) => `'${name}'`).join(', ');
    // The only tables beside ours are the migrator's and this one.
    await tamper(
      place,
      `create table checked (n integer check (n = 0)); insert into checked select count(*) from seen where name not in (${names}, 'seen') and name not like 'kysely%' and name not like 'sqlite%'`,
    );
  });
});

/** A row with a column that its table has not. */
const more = (line: string): string => line.replace(/\}\]$/, ',"more":1}]');

/** Without the last record of the audit log, but with a count that fits. */
function cutAudit(lines: readonly string[]): string[] {
  const last = lines.findLastIndex((line) => line.startsWith('["audit",'));
  return lines
    .filter((_, index) => index !== last)
    .map((line) =>
      line.replace(/"audit":(\d+),"audit_head"/, (_, count: string) => `"audit":${Number(count) - 1},"audit_head"`),
    );
}
