import type { Approval, Job, PlanRecord } from '@pxa/contract';
import { type Store, StoreFailed } from '@pxa/store';
import { afterEach, describe, expect, test } from 'vitest';
import { type Lab, openLab, withMethod } from './testing/lab.ts';
import { NODE1, NODE2, planOf, start, statusIs, stop } from './testing/plans.ts';

let lab: Lab;
afterEach(() => lab.close());

const AGENT = `${NODE2}/qemu/104`;
const MONITOR = `${NODE1}/qemu/105`;

describe('an approval that is not one', () => {
  test.each<[string, Partial<Approval>]>([
    ['not used up', { state: 'approved' }],
    ['of too few', { needed: 2 }],
    ['of nobody', { decisions: [] }],
    ['of another plan', { plan_id: 'plan_0' }],
    ['of another hash', { plan_hash: 'sha256:0' }],
    ['for another cluster', { cluster: 'other' }],
  ])('%s: nothing is sent', async (_name, changes) => {
    const edited = (store: Store): Store =>
      withMethod(store, 'approval', async (id) => {
        const approval = await store.approval(id);
        return approval === undefined ? undefined : { ...approval, ...changes };
      });
    lab = await openLab({ tamper: edited });
    const job = (await lab.run(await lab.approved(planOf([start(AGENT)])))) as Job;
    expect([job.state, lab.writes]).toEqual(['failed', []]);
  });
});

describe('a store that fails', () => {
  /** Fails whatever is written of steps from the n-th time on. */
  const failing = (from: number): ((store: Store) => Store) => {
    let times = 0;
    return (store) =>
      withMethod(store, 'step', (...args) =>
        ++times >= from ? Promise.reject(new StoreFailed('The disk is full.')) : store.step(...args),
      );
  };

  test.each([1, 2, 3])('from its write %i on: nothing more is sent, and the job is taken up again', async (from) => {
    const tamper = failing(from);
    let isBroken = true;
    lab = await openLab({ tamper: (store) => (isBroken ? tamper(store) : store) });
    const jobId = await lab.approved(planOf([start(AGENT), { ...stop(MONITOR), after: [0] }]));
    await expect(lab.run(jobId)).rejects.toThrow(StoreFailed);
    expect(lab.writes.length).toBe(from === 1 ? 0 : 1);
    isBroken = false;
    const job = await lab.resume(jobId);
    expect([job.state, lab.writes.length]).toEqual(['done', 2]);
  });

  test.each<[string, (record: PlanRecord) => PlanRecord]>([
    ['another call', (record) => ({ ...record, plan: { ...record.plan, steps: planOf([stop(MONITOR)]).plan.steps } })],
    [
      'other parameters',
      (record) => ({
        ...record,
        plan: { ...record.plan, steps: record.plan.steps.map((step) => ({ ...step, params: { skiplock: 1 } })) },
      }),
    ],
    [
      'another undo',
      (record) => ({ ...record, records: record.records.map((each) => ({ ...each, undo: record.plan.steps })) }),
    ],
    [
      'other conditions',
      (record) => ({
        ...record,
        records: record.records.map((each) => ({ ...each, relies_on: [statusIs(AGENT, 'running')] })),
      }),
    ],
    ['another cluster', (record) => ({ ...record, cluster: 'other' })],
  ])('to keep the plan as it was, and gives %s: nothing is sent', async (_name, edit) => {
    const edited = (store: Store): Store =>
      withMethod(store, 'plan', async (id) => {
        const record = await store.plan(id);
        return record === undefined ? undefined : edit(record);
      });
    lab = await openLab({ tamper: edited });
    const job = (await lab.run(await lab.approved(planOf([start(AGENT)])))) as Job;
    expect([job.state, lab.writes]).toEqual(['failed', []]);
    expect(job.result).toMatch(/^Failed: nothing was sent\. Plan plan_1 is/);
  });
});
