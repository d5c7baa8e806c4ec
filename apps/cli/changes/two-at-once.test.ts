import { Job } from '@pxa/contract';
import { SandboxClock, startSandbox } from '@pxa/sandbox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Ran } from '../in-process.ts';
import { type Somebody, Standing } from './standing.ts';

let here: Standing;

beforeAll(async () => {
  const clock = new SandboxClock(Date.UTC(2026, 1, 23, 10), 0);
  here = new Standing(await startSandbox({ clock }), clock);
});
afterAll(() => here.sandbox.close());

/** Several `pxa` of one person at the same moment, each with a store of its own on the same file. */
const together = (who: Somebody, ...argv: string[][]): Promise<Ran[]> => Promise.all(argv.map((each) => who.run(each)));

const jobsOf = async (who: Somebody): Promise<Job[]> =>
  Job.array().parse(JSON.parse((await who.run(['jobs', '--json'])).stdout));

const UNFORESEEN = /went wrong inside|PXA_DEBUG|UNIQUE|SQLITE| at .*\.ts:\d+/;

test('both plan, and every plan is kept', async () => {
  const anna = here.person();
  const words = ['add the tag one to 105', 'add the tag two to 105', 'shut down docker-host-01', 'start build-agent'];
  const ran = await together(anna, ...words.map((each) => ['ask', '-q', each]));
  expect(ran.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  expect((await anna.run(['approvals'])).stdout).toMatch(/\n4 to decide:/);
  expect((await anna.run(['audit', 'verify'])).stdout).toMatch(/^\[OK\] 4 records,/);
});

test('of those who approve one plan at the same moment, one carries it out, and the others are told', async () => {
  const anna = here.person();
  const plan = await anna.plan('shut down docker-host-01');
  const begun = here.sandbox.tasks.all().length;
  const ran = await together(anna, ['approve', plan], ['approve', plan], ['approve', plan]);
  const [won, ...others] = ran.toSorted((a, b) => a.code - b.code);
  expect(won).toMatchObject({ code: 0, stdout: expect.stringMatching(/\[OK\] Done/) });
  for (const { code, stdout, stderr } of others) {
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toMatch(/^Not approved: .*(?:approved already|carried out already|used).*\n$/);
    expect(stdout).not.toMatch(UNFORESEEN);
  }
  expect(here.sandbox.tasks.all().length - begun).toBe(1);
  expect(await jobsOf(anna)).toMatchObject([{ state: 'done', plan_id: plan }]);
});

test('a plan that one approves and another cancels at the same moment is either carried out or not', async () => {
  const anna = here.person();
  const plan = await anna.plan('start build-agent');
  const [approved, cancelled] = await together(anna, ['approve', plan], ['cancel', plan]);
  expect([approved, cancelled].filter((ran) => ran?.code === 0)).toHaveLength(1);
  const jobs = await jobsOf(anna);
  expect(jobs.map(({ state }) => state)).toEqual(approved?.code === 0 ? ['done'] : []);
  expect(here.sandbox.state.guests.get(104)?.status).toBe(approved?.code === 0 ? 'running' : 'stopped');
});

test('of those who go on with one job at the same moment, one does, and the others watch it to its end', async () => {
  const anna = here.person();
  const plan = await anna.plan('clone debian-12-cloud to twice-01');
  const seen = Promise.withResolvers<void>();
  const onOutput = (text: string): void => {
    if (/A task began/.test(text)) seen.resolve();
  };
  const left = await anna.run(['approve', plan], { stop: seen.promise, onOutput });
  expect(left.code).toBe(130);
  const [job] = await jobsOf(anna);
  const follow = ['job', job?.id ?? '', '--follow'];
  const ran = await together(anna, follow, follow, follow);
  for (const each of ran) expect(each).toMatchObject({ code: 0, stdout: expect.stringMatching(/\[OK\] Done: 1 step/) });
  expect(here.sandbox.tasks.all().filter(({ type }) => type === 'qmclone')).toHaveLength(1);
  expect((await anna.run(['audit', 'verify'])).code).toBe(0);
});
