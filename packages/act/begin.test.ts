import type { Approval, PlanRecord } from '@pxa/contract';
import { type Store, openStore } from '@pxa/store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { approve } from './approve.ts';
import { begin, cancelJob } from './begin.ts';
import { withMethod } from './testing/lab.ts';
import { CLUSTER, NODE2, NOW_MS, approvalFor, person, planOf, start, stop } from './testing/plans.ts';

let store: Store;
beforeEach(async () => {
  store = await openStore({ kind: 'sqlite', file: ':memory:' }, { now: () => NOW_MS });
});
afterEach(() => store.close());

const deps = () => ({ store, now: () => NOW_MS + 1_000, id: (prefix: string) => `${prefix}_1` });
const plan = (): PlanRecord => planOf([start(`${NODE2}/qemu/104`), stop(`${NODE2}/qemu/110`)]);

async function approved(record: PlanRecord): Promise<Approval> {
  const approval = approvalFor(record);
  const { created_at: at, cluster } = record;
  const who = { who: 'anna', door: 'terminal', cluster, plan_id: record.plan.id, job_id: null };
  await store.propose(record, approval, { at, kind: 'plan.proposed', data: {}, ...who });
  await approve(deps(), approval.id, { name: 'ben', door: 'web' });
  return approval;
}

const logged = async (): Promise<unknown> => (await store.auditLog(0, 20)).at(-1);
const AT = new Date(NOW_MS + 1_000).toISOString();

test('a job is one of its plan, with a step for each call, and the log tells on whose word', async () => {
  const record = plan();
  const { id, plan_hash: hash } = await approved(record);
  const { says } = record.plan;
  const job = {
    id: 'job_1',
    plan_id: 'plan_1',
    approval_id: id,
    cluster: CLUSTER,
    says,
    state: 'queued',
    steps: [
      { index: 0, state: 'pending' },
      { index: 1, state: 'pending' },
    ],
    created_at: AT,
    cancelling: false,
  };
  expect(await begin(deps(), id)).toEqual({ ok: true, job });
  expect(await store.job('job_1')).toEqual(job);
  expect(await logged()).toMatchObject({
    ...{ at: AT, kind: 'job.begun', who: 'ben', door: 'web', cluster: CLUSTER, plan_id: 'plan_1', job_id: 'job_1' },
    data: { approval: id, hash, says, steps: 2 },
  });
});

test.each<[name: string, of: (store: Store) => Store]>([
  ['an approval that there is not', (is) => is],
  ['an approval whose plan is gone', (is) => withMethod(is, 'plan', () => Promise.resolve(undefined))],
])('there is no job of %s', async (name, of) => {
  const { id } = await approved(plan());
  const asked = name.endsWith('not') ? 'approval_0' : id;
  const refused = `There is no approval by the id ${asked}. List them with: pxa approvals`;
  expect(await begin({ ...deps(), store: of(store) }, asked)).toEqual({ ok: false, refused });
  expect(await store.jobs({ limit: 1 })).toEqual([]);
});

describe('that a job is to stop', () => {
  test('is kept with who asked', async () => {
    const { id } = await approved(plan());
    await begin(deps(), id);
    expect(await cancelJob(deps(), 'job_1', person('cora'))).toBe(true);
    expect(await store.job('job_1')).toMatchObject({ state: 'queued', cancelling: true });
    expect((await store.events('job_1', 0, 10)).at(-1)).toMatchObject({
      kind: 'cancelling',
      at: AT,
      text: 'cora asked that it stop.',
    });
    expect(await logged()).toMatchObject({
      ...{ at: AT, kind: 'job.cancelling', who: 'cora', door: 'terminal', cluster: CLUSTER },
      ...{ plan_id: 'plan_1', job_id: 'job_1', data: { says: plan().plan.says } },
    });
  });

  test('cannot be asked of a job that there is not', async () => {
    expect(await cancelJob(deps(), 'job_0', person('cora'))).toBe(false);
    expect(await logged()).toBeUndefined();
  });
});
