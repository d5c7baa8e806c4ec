import { DatabaseSync } from 'node:sqlite';
import { approve, begin } from '@pxa/act';
import { JobEvent } from '@pxa/contract';
import { SandboxClock, startSandbox } from '@pxa/sandbox';
import { openStore, type Claim, type Store } from '@pxa/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Somebody, Standing } from './standing.ts';

const NOW = Date.UTC(2026, 1, 23, 10);
let here: Standing;

beforeAll(async () => {
  const clock = new SandboxClock(NOW, 0);
  here = new Standing(await startSandbox({ clock }), clock);
});
afterAll(() => here.sandbox.close());

const numbered = (text: string): number[] => [...text.matchAll(/line (\d+)$/gm)].map(([, number]) => Number(number));
const upTo = (last: number, first = 1): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** A job that another process works on, as the store has it. */
class Elsewhere {
  readonly id = 'job_elsewhere';
  readonly #store: Store;
  readonly #claim: Claim;

  private constructor(store: Store, claim: Claim) {
    this.#store = store;
    this.#claim = claim;
  }

  static async begin(who: Somebody): Promise<Elsewhere> {
    const plan = await who.plan('shut down docker-host-01');
    const now = (): number => here.clock.now();
    const store = await openStore({ kind: 'sqlite', file: who.store }, { now });
    const deps = { store, now, id: () => 'job_elsewhere' };
    const { id = '' } = (await store.approvalOf(plan)) ?? {};
    await approve(deps, id, { name: 'anna', door: 'terminal' });
    await begin(deps, id);
    const claim = await store.claim({ jobId: 'job_elsewhere', owner: 'other', now: now(), leaseMs: 3_600_000 });
    if (claim === undefined) throw new Error('somebody else holds it');
    const at = new Date(now()).toISOString();
    await store.start(claim, at, { job_id: 'job_elsewhere', at, kind: 'started', text: 'Begun.' });
    return new Elsewhere(store, claim);
  }

  async write(lines: readonly number[]): Promise<void> {
    const at = new Date(here.clock.now()).toISOString();
    const events = lines.map((line) => ({ job_id: this.id, at, kind: 'log' as const, text: `line ${line}`, step: 0 }));
    await this.#store.step(this.#claim, { index: 0, state: 'waiting' }, events);
  }

  async end(): Promise<void> {
    const at = new Date(here.clock.now()).toISOString();
    const event = { job_id: this.id, at, kind: 'ended' as const, text: 'Done.' };
    const entry = { at, kind: 'job.ended', who: 'anna', door: 'terminal', cluster: '', plan_id: null, job_id: this.id };
    await this.#store.end(this.#claim, { state: 'done', at, result: 'Done.' }, event, { ...entry, data: {} });
    await this.#store.close();
  }
}

describe('a job of many events', () => {
  test('is shown with the last of them, how many are before, and what prints them all', async () => {
    const anna = here.person();
    const other = await Elsewhere.begin(anna);
    await other.write(upTo(1_000));
    const { stdout } = await anna.run(['job', other.id]);
    expect(numbered(stdout)).toEqual(upTo(1_000, 961));
    expect(stdout).toMatch(/\n {2}… 962 earlier events: pxa job job_elsewhere --events\n/);
    await other.end();
    const all = await anna.run(['job', other.id, '--events']);
    expect([all.code, numbered(all.stdout)]).toEqual([0, upTo(1_000)]);
    const json = (await anna.run(['job', other.id, '--events', '--json'])).stdout.trimEnd().split('\n');
    expect(json.map((line) => JobEvent.parse(JSON.parse(line)).seq)).toEqual(upTo(1_003));
  });

  test('is followed without missing any, however many come between two looks', async () => {
    const anna = here.person();
    const other = await Elsewhere.begin(anna);
    await other.write(upTo(250));
    // Each wait of who follows: more events than a page has, then none, then the end.
    const meanwhile = [
      () => other.write(upTo(700, 251)),
      () => Promise.resolve(),
      () => other.write(upTo(1_100, 701)),
      () => other.write(upTo(1_101, 1_101)).then(() => other.end()),
    ];
    const sleep = async (): Promise<void> => meanwhile.shift()?.();
    const { stdout, code } = await anna.run(['job', other.id, '--follow'], { sleep });
    expect([code, numbered(stdout)]).toEqual([0, upTo(1_101, 251)]);
    expect(stdout).toMatch(/\n\[OK\] Done\.\n/);
  });
});

test('a list that is cut says so, and where the rest is', async () => {
  const anna = here.person();
  const plan = await anna.plan('add the tag many to 105');
  const database = new DatabaseSync(anna.store);
  const numbers = 'with recursive numbers(i) as (select 1 union all select i + 1 from numbers where i < 250)';
  database.exec(
    `insert into plans (id, sealed, body) ${numbers} select 'plan_n' || i, sealed, json_set(body, '$.plan.id', 'plan_n' || i) from plans, numbers;
     insert into approvals (id, plan_id, state, expires_ms, made, decisions, body) ${numbers} select 'approval_n' || i, 'plan_n' || i, state, expires_ms, 1000 + i, decisions, json_set(body, '$.plan_id', 'plan_n' || i) from approvals, numbers`,
  );
  database.close();
  const { stdout, stderr } = await anna.run(['approvals']);
  expect(stdout.match(/^plan_n\d+ /gm)).toHaveLength(200);
  expect(stdout).not.toContain(plan);
  expect(stderr).toBe('These are the newest 200. What was before them is in the log: pxa audit\n');
  expect((await anna.run(['jobs'])).stderr).toBe('');
});

describe('ids are completed from the store, without a cluster', () => {
  const complete = async (who: Somebody, ...words: string[]): Promise<string[]> => {
    const env = { PXA_PVE_URL: 'https://127.0.0.1:1' };
    const { stdout, stderr, code } = await who.run(['__complete', '--', ...words], { env });
    expect([stderr, code]).toEqual(['', 0]);
    return stdout.split('\n').filter((line) => line !== '');
  };

  test('plans that wait, jobs, and what can be taken back', async () => {
    const anna = here.person();
    expect(await complete(anna, 'approve', '')).toEqual([]);
    const done = await anna.done('add the tag completed to 105');
    const cancelled = await anna.plan('shut down docker-host-01');
    await anna.run(['cancel', cancelled]);
    const [first, second] = [await anna.plan('shut down dc01-win2022'), await anna.plan('shut down app-server-prod')];
    const other = await Elsewhere.begin(anna);
    expect(await complete(anna, 'approve', '')).toEqual([second, first]);
    expect(await complete(anna, 'cancel', first.slice(0, -1))).toEqual([first]);
    expect(await complete(anna, 'job', 'job_')).toEqual([other.id, done]);
    expect(await complete(anna, 'undo', '')).toEqual([done]);
    expect(await complete(anna, 'job', done, '--')).toContain('--follow');
    expect(await complete(anna, 'jobs', '')).toEqual([]);
    expect(await complete(anna, 'approve', first, '')).toEqual([]);
    await other.end();
  });
});
