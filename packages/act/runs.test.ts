import { getEventListeners } from 'node:events';
import type { Approval, Job, PlanRecord } from '@pxa/contract';
import { type Store, StoreFailed } from '@pxa/store';
import { afterEach, describe, expect, test } from 'vitest';
import { hashOf } from './hash.ts';
import { RunInterrupted } from './hold.ts';
import { runJob } from './run.ts';
import { type Lab, openLab, withMethod } from './testing/lab.ts';
import { NODE1, NODE2, NOW_MS, clone, person, planOf, start, stop } from './testing/plans.ts';

let lab: Lab;
afterEach(() => lab.close());

const AGENT = `${NODE2}/qemu/104`;
const starting = (): PlanRecord => planOf([start(AGENT)]);

/** What a run finds where it is kept is otherwise than what was approved. */
interface Found {
  readonly approval?: (is: Approval) => Partial<Approval> | undefined;
  readonly plan?: (is: PlanRecord) => Partial<PlanRecord> | undefined;
}

const found =
  ({ approval, plan }: Found) =>
  (store: Store): Store => {
    const withPlan = withMethod(store, 'plan', async (id) => {
      const is = await store.plan(id);
      if (is === undefined || plan === undefined) return is;
      const more = plan(is);
      return more && { ...is, ...more };
    });
    return withMethod(withPlan, 'approval', async (id) => {
      const is = await store.approval(id);
      if (is === undefined || approval === undefined) return is;
      const more = approval(is);
      return more && { ...is, ...more };
    });
  };

/** The record with another plan, whose hash is right. */
function rehashed(record: PlanRecord, more: Partial<PlanRecord>): PlanRecord {
  const changed = { ...record, ...more };
  return { ...changed, plan: { ...changed.plan, hash: hashOf(changed) } };
}

const withPath = (path: string) => (record: PlanRecord) =>
  rehashed(record, {
    plan: { ...record.plan, steps: record.plan.steps.map((step) => ({ ...step, path })) },
  });

const word = (name: string, decision: 'approved' | 'cancelled' = 'approved', at = NOW_MS) => ({
  by: person(name),
  at: new Date(at).toISOString(),
  decision,
});

describe('nothing is sent', () => {
  const CASES: [name: string, of: Found & { readonly both?: (is: PlanRecord) => PlanRecord }, says: RegExp][] = [
    ['without an approval that was used', { approval: () => ({ state: 'approved' }) }, /^.* was not approved\.$/],
    ['on an approval of another plan', { approval: () => ({ plan_id: 'plan_2' }) }, /was not approved/],
    ['where nobody said so', { approval: () => ({ decisions: [] }) }, /was not approved/],
    [
      'where one person cancelled',
      { approval: () => ({ decisions: [word('anna', 'cancelled')] }) },
      /was not approved/,
    ],
    [
      'where one person said so twice, and two must',
      { approval: () => ({ needed: 2, decisions: [word('anna'), word('anna')] }) },
      /was not approved/,
    ],
    ['where the approval is for another cluster', { approval: () => ({ cluster: 'other' }) }, /is for the cluster/],
    ['where the plan is for another cluster', { plan: () => ({ cluster: 'other' }) }, /is for the cluster other/],
    ['where the plan was changed', { plan: () => ({ on_failure: 'go_on' }) }, /was changed where it is kept/],
    ['where a part of the plan is missing', { both: (is) => rehashed(is, { records: [] }) }, /is not whole/],
    ['where the approval is of another hash', { approval: () => ({ plan_hash: 'sha256:0' }) }, /approved anew/],
    [
      'where it was approved after its end',
      { approval: () => ({ decisions: [word('anna', 'approved', NOW_MS + 86_400_000)] }) },
      /had expired when it was approved/,
    ],
    ['where Proxmox knows no such call', { both: withPath('/nodes/pve-node01/nothing') }, /There is no route POST/],
    [
      'where Proxmox takes no such value',
      { both: withPath(`/nodes/${NODE2}/qemu/1/status/start`) },
      /does not take this/,
    ],
  ];

  test.each(CASES)('%s', async (_, { both, ...of }, says) => {
    // What both were changed to alike: nothing but the content of the plan speaks against it.
    const alike: Found =
      both === undefined ? of : { plan: both, approval: () => ({ plan_hash: both(starting()).plan.hash }) };
    lab = await openLab({ tamper: found(alike) });
    const job = (await lab.run(await lab.approved(starting()))) as Job; // its process does not die
    expect([job.state, lab.writes, job.proof]).toEqual(['failed', [], undefined]);
    expect(job.result?.startsWith('Failed: nothing was sent. ')).toBe(true);
    expect(job.result?.replace('Failed: nothing was sent. ', '')).toMatch(says);
    const last = (await lab.store.auditLog(0, 20)).at(-1);
    expect(last).toMatchObject({ kind: 'job.ended', job_id: job.id, data: { state: 'failed', result: job.result } });
  });

  test('where the right number of different people said so, it is', async () => {
    lab = await openLab({ tamper: found({ approval: () => ({ needed: 2, decisions: [word('anna'), word('ben')] }) }) });
    expect(await lab.run(await lab.approved(starting()))).toMatchObject({ state: 'done' });
  });
});

describe('a run is given up, with its job as it was,', () => {
  const formless = (is: PlanRecord): PlanRecord => rehashed(is, { records: [null as never] });
  const CASES: [name: string, of: Found, says: RegExp][] = [
    [
      'where what is kept has another form than ours',
      { plan: formless, approval: () => ({ plan_hash: formless(starting()).plan.hash }) },
      /^Cannot destructure/,
    ],
    ['where the plan is gone', { plan: () => undefined }, /job job_\d+ has no plan or no approval/],
    ['where the approval is gone', { approval: () => undefined }, /job job_\d+ has no plan or no approval/],
  ];
  test.each(CASES)('%s', async (_, of, says) => {
    lab = await openLab({ tamper: found(of) });
    const jobId = await lab.approved(starting());
    await expect(lab.run(jobId)).rejects.toThrow(says);
    expect([(await lab.store.job(jobId))?.state, lab.writes]).toEqual(['queued', []]);
  });

  test('of a job that there is not', async () => {
    lab = await openLab();
    await expect(runJob(lab.deps(lab.process()), 'job_0')).rejects.toThrow('there is no job job_0');
  });

  test('of another cluster, before it is taken hold of', async () => {
    lab = await openLab();
    const jobId = await lab.approved(starting());
    const other = { ...lab.deps(lab.process()), clusterId: 'other' };
    await expect(runJob(other, jobId)).rejects.toThrow(`job ${jobId} is one of cluster`);
    expect(await lab.store.claim({ jobId, owner: 'me', now: NOW_MS, leaseMs: 1 })).toBeDefined();
  });
});

describe('who holds a job', () => {
  const claimed = (jobId: string): Promise<unknown> =>
    lab.store.claim({ jobId, owner: 'me', now: lab.sandbox.clock.now(), leaseMs: 1_000 });

  test('is left alone: the job is given as it stands', async () => {
    lab = await openLab();
    const jobId = await lab.approved(starting());
    await claimed(jobId);
    expect(await lab.run(jobId)).toMatchObject({ state: 'queued' });
    expect(lab.writes).toEqual([]);
  });

  test('lets go of it when told to end before it begins; nothing is sent, and nobody listens any more', async () => {
    lab = await openLab();
    const jobId = await lab.approved(starting());
    const ends = new AbortController();
    ends.abort();
    await expect(lab.run(jobId, { hooks: { signal: ends.signal } })).rejects.toThrow(RunInterrupted);
    expect([lab.writes, getEventListeners(ends.signal, 'abort')]).toEqual([[], []]);
    expect(await claimed(jobId)).toBeDefined();
  });

  test('keeps it until its lease is over where the store failed', async () => {
    const fails = (store: Store): Store =>
      withMethod(store, 'step', () => Promise.reject(new StoreFailed('The disk is full.')));
    lab = await openLab({ tamper: fails });
    const jobId = await lab.approved(starting());
    await expect(lab.run(jobId)).rejects.toThrow('The disk is full.');
    expect(lab.writes).toEqual([]);
    expect(await claimed(jobId)).toBeUndefined();
    await lab.pass(61_000);
    expect(await claimed(jobId)).toBeDefined();
  });

  test('neither renews it nor listens when it has ended', async () => {
    let renewals = 0;
    const counted = (store: Store): Store =>
      withMethod(store, 'renew', (...of) => {
        renewals += 1;
        return store.renew(...of);
      });
    lab = await openLab({ tamper: counted });
    const { signal } = new AbortController();
    await lab.run(await lab.approved(planOf([clone(AGENT, 300)])), { hooks: { signal } });
    const meanwhile = renewals;
    expect(meanwhile).toBeGreaterThan(1);
    await lab.pass(300_000);
    expect([renewals, getEventListeners(signal, 'abort')]).toEqual([meanwhile, []]);
  });

  test('has its limits, or the usual ones', async () => {
    lab = await openLab({ limits: { leaseMs: 5_000 } });
    const jobId = await lab.approved(starting());
    lab.after(200, async () => {
      const now = lab.sandbox.clock.now();
      expect(await lab.store.claim({ jobId, owner: 'me', now: now + 4_000, leaseMs: 1 })).toBeUndefined();
    });
    expect(await lab.run(jobId)).toMatchObject({ state: 'done' });
  });
});

test('steps that were never begun are said to be so, and the log tells how it ended', async () => {
  lab = await openLab();
  const plan = planOf([stop(`${NODE1}/qemu/105`), { ...start(`${NODE1}/qemu/105`), after: [0], relies_on: [] }]);
  lab.sandbox.faults.add({ fault: 'error', status: 500, message: 'no', method: 'POST' });
  const jobId = await lab.approved(plan);
  const job = (await lab.run(jobId)) as Job; // its process does not die
  expect(job.steps.map(({ state }) => state)).toEqual(['failed', 'skipped']);
  const events = await lab.store.events(jobId, 0, 100);
  expect(events.find(({ step, kind }) => step === 1 && kind === 'step')?.text).toBe('Not begun.');
  const last = (await lab.store.auditLog(0, 50)).at(-1);
  expect(last?.data).toMatchObject({ state: 'failed', proof: 'none', differs: [], result: job.result });
});

test('what was verified stands in the log as that', async () => {
  lab = await openLab();
  await lab.run(await lab.approved(starting()));
  const last = (await lab.store.auditLog(0, 50)).at(-1);
  expect(last).toMatchObject({ kind: 'job.ended', data: { state: 'done', proof: 'verified', differs: [] } });
});
