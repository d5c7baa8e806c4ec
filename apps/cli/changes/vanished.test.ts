import { approve, begin } from '@pxa/act';
import { Job } from '@pxa/contract';
import { SandboxClock, startSandbox } from '@pxa/sandbox';
import { openStore } from '@pxa/store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Ran } from '../in-process.ts';
import { type Somebody, Standing } from './standing.ts';

let here: Standing;
beforeEach(async () => {
  const clock = new SandboxClock(Date.UTC(2026, 1, 23, 10), 0);
  here = new Standing(await startSandbox({ clock }), clock);
});
afterEach(() => here.sandbox.close());

const AGENT = 104;
const vanish = (): void => void here.sandbox.state.guests.delete(AGENT);
const started = (): string[] =>
  here.sandbox.tasks
    .all()
    .filter(({ starttime }) => starttime >= Date.UTC(2026, 1, 23, 10) / 1_000)
    .map(({ type, id }) => `${type} ${id}`);

/** Approves as another process would, that dies before it carries the job out. */
async function approvedElsewhere(who: Somebody, plan: string): Promise<string> {
  const now = (): number => here.clock.now();
  const store = await openStore({ kind: 'sqlite', file: who.store }, { now });
  const { id = '' } = (await store.approvalOf(plan)) ?? {};
  const deps = { store, now, id: () => 'job_elsewhere' };
  await approve(deps, id, { name: 'anna', door: 'terminal' }, 'build-agent');
  await begin(deps, id);
  await store.close();
  return 'job_elsewhere';
}

/** Orders of one step, and what of the guest has to be as planned. */
const ORDERS = ['start build-agent', 'delete build-agent', 'set the cores of build-agent to 2', 'snapshot build-agent'];

function expectDrifted({ code, stdout, stderr }: Ran): void {
  expect([code, stderr]).toEqual([1, '']);
  expect(stdout).toMatch(/\[DRIFTED\] The cluster is no longer as planned[^]*104/);
  expect(stdout).toMatch(/Ask for it again/);
  expect(stdout).not.toMatch(/went wrong inside|To take it back|undefined/);
}

describe('a guest that vanishes', () => {
  test.each(ORDERS)('before the plan is approved: %s', async (order) => {
    const anna = here.person();
    const plan = await anna.plan(order);
    vanish();
    expectDrifted(await anna.run(['approve', plan, '--type', 'build-agent']));
    expect(started()).toEqual([]);
  });

  test.each(ORDERS)('between the approval and the execution: %s', async (order) => {
    const anna = here.person();
    const job = await approvedElsewhere(anna, await anna.plan(order));
    vanish();
    expectDrifted(await anna.run(['job', job, '--follow']));
    expect(started()).toEqual([]);
  });

  test('between two steps: what was done is told, and what was not begun', async () => {
    const anna = here.person();
    const plan = await anna.plan('create a VM called twice from debian-12-cloud with 2 cores and start it');
    const made = (): number => Math.max(...here.sandbox.state.guests.keys());
    const onOutput = (text: string): void => {
      if (/its task ended OK/.test(text)) here.sandbox.state.guests.delete(106);
    };
    const ran = await anna.run(['approve', plan], { onOutput });
    expect(made()).not.toBe(106);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(/\[(?:DRIFTED|FAILED)\][^]*Not begun: /);
    const [job] = Job.array().parse(JSON.parse((await anna.run(['jobs', '--json'])).stdout));
    expect(job?.steps.map(({ state }) => state)).not.toContain('unknown');
    expect(started().filter((task) => task.startsWith('qmstart'))).toEqual([]);
  });

  test('of several, that one alone is left out where the others can go on', async () => {
    const anna = here.person();
    const plan = await anna.plan('snapshot build-agent and docker-host-01');
    vanish();
    const ran = await anna.run(['approve', plan]);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(/no longer as planned[^]*104/);
    expect(started()).toEqual(['qmsnapshot 103']);
  });
});
