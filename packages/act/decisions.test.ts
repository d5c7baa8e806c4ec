import type { Approval, Person, PlanRecord } from '@pxa/contract';
import { type Store, openStore } from '@pxa/store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { approve, cancel } from './approve.ts';
import { begin } from './begin.ts';
import { withMethod } from './testing/lab.ts';
import { CLUSTER, NODE2, NOW_MS, approvalFor, destroy, person, planOf, start } from './testing/plans.ts';

let store: Store;
let now: number;
beforeEach(async () => {
  now = NOW_MS;
  store = await openStore({ kind: 'sqlite', file: ':memory:' }, { now: () => now });
});
afterEach(() => store.close());

const deps = () => ({ store, now: () => now });
const starting = (): PlanRecord => planOf([start(`${NODE2}/qemu/104`)]);
const removing = (): PlanRecord => planOf([destroy(`${NODE2}/qemu/104`)], { confirm: 'build-agent-01' });

async function propose(record: PlanRecord, more: Partial<Approval> = {}): Promise<Approval> {
  const approval = approvalFor(record, more);
  const { created_at: at, cluster, plan } = record;
  const who = { who: 'anna', door: 'terminal', cluster, plan_id: plan.id, job_id: null };
  await store.propose(record, approval, { at, kind: 'plan.proposed', data: {}, ...who });
  return approval;
}

const logged = async (): Promise<unknown> => (await store.auditLog(0, 20)).at(-1);

const AGAIN = 'Ask for it again to get a fresh plan.';

describe('what a person reads of a word that is not taken:', () => {
  interface Case {
    readonly name: string;
    readonly record?: () => PlanRecord;
    readonly more?: Partial<Approval>;
    readonly before?: (id: string) => unknown;
    readonly by?: Person;
    readonly typed?: string;
    readonly says: string;
  }
  const CASES: readonly Case[] = [
    { name: 'nothing typed', record: removing, says: 'To approve it, type exactly: build-agent-01' },
    { name: 'an empty line typed', record: removing, typed: '', says: 'To approve it, type exactly: build-agent-01' },
    {
      name: 'another name typed',
      record: removing,
      typed: 'build-agent-02',
      says: 'To approve it, type exactly: build-agent-01. What was typed is not that.',
    },
    { name: 'nobody', by: person(''), says: 'Only a person whom this door knows by name can decide. Sign in first.' },
    {
      name: 'too late',
      before: () => (now = Date.parse(starting().plan.expires_at)),
      says: `This plan was not approved in time. ${AGAIN}`,
    },
    { name: 'cancelled', before: (id) => cancel(deps(), id, person('ben')), says: `This plan was cancelled. ${AGAIN}` },
    {
      name: 'approved',
      before: (id) => approve(deps(), id, person('ben')),
      says: 'This plan is approved already; it is being carried out. See it with: pxa jobs',
    },
    {
      name: 'used',
      before: async (id) => {
        await approve(deps(), id, person('ben'));
        await begin({ ...deps(), id: () => 'job_1' }, id);
      },
      says: 'This plan has been approved and carried out already: an approval is used once. See it with: pxa jobs',
    },
    {
      name: 'said before',
      more: { needed: 2, requester_may: false, requested_by: person('ben') },
      before: (id) => approve(deps(), id, person('anna')),
      says: "anna has approved this plan already. It waits for somebody else's word.",
    },
    {
      name: 'the one who asked',
      more: { requester_may: false },
      says: 'anna asked for this plan, and somebody else has to approve it.',
    },
  ];

  test.each(CASES)('$name', async ({ record = starting, more = {}, before, by = person('anna'), typed, says }) => {
    const { id, plan_hash: hash } = await propose(record(), more);
    await before?.(id);
    const state = (await store.approval(id))?.state;
    const decided = await approve(deps(), id, by, typed);
    expect(decided.ok ? '' : decided.refused).toContain(says);
    // Doors ask again for the name that is to be typed, and for nothing else.
    expect('asksFor' in decided && decided.asksFor).toBe(says.includes('type exactly') && 'confirm');
    expect((await store.approval(id))?.state).toBe(state);
    expect(await logged()).toMatchObject({
      kind: 'plan.decision_refused',
      who: by.name,
      door: by.door,
      cluster: CLUSTER,
      plan_id: 'plan_1',
      job_id: null,
      at: new Date(now).toISOString(),
      data: { approval: id, hash, decision: 'approved', why: expect.stringContaining(says) },
    });
  });

  test('of a plan that there is not: how to find those that there are', async () => {
    const refused = 'There is no plan to approve by the id approval_0. List those that wait with: pxa approvals';
    expect(await approve(deps(), 'approval_0', person('anna'))).toEqual({ ok: false, refused });
    expect(await logged()).toBeUndefined();
  });
});

test('a word that is taken is kept with who said it, over which door and when', async () => {
  const { id, plan_hash: hash } = await propose(starting(), { needed: 2 });
  now += 1_000;
  expect(await approve(deps(), id, { name: 'ben', door: 'web' })).toMatchObject({ ok: true });
  expect((await store.approval(id))?.decisions).toEqual([
    { by: { name: 'ben', door: 'web' }, at: new Date(now).toISOString(), decision: 'approved' },
  ]);
  expect(await logged()).toMatchObject({
    kind: 'plan.approved',
    who: 'ben',
    door: 'web',
    data: { approval: id, hash, says: starting().plan.says },
  });
});

describe('what the store says is not taken for granted:', () => {
  /** A store that gives the approval otherwise than it is. */
  const told = (more: Partial<Approval>): Store =>
    withMethod(store, 'approval', async (id) => {
      const approval = await store.approval(id);
      return approval && { ...approval, ...more };
    });

  test('an end that is over, though it is said to be waiting', async () => {
    const { id, expires_at: end } = await propose(starting());
    now = Date.parse(end) + 1;
    const decided = await approve({ store: told({ state: 'pending' }), now: () => now }, id, person('anna'));
    expect(decided).toEqual({ ok: false, refused: `The time to approve this plan ended at ${end}. ${AGAIN}` });
  });

  test('in the moment of the end it is for the store to say', async () => {
    const { id, expires_at: end } = await propose(starting());
    now = Date.parse(end);
    const decided = await approve({ store: told({ state: 'pending' }), now: () => now }, id, person('anna'));
    expect(decided.ok ? '' : decided.refused).not.toContain('The time to approve this plan ended');
  });

  test.each([
    ['an approval of another hash', { plan_hash: 'sha256:0' }],
    ['an approval of a plan that there is not', { plan_id: 'plan_0' }],
  ])('%s', async (_, more) => {
    const { id } = await propose(starting());
    const decided = await approve({ store: told(more), now: () => now }, id, person('anna'));
    expect(decided.ok ? '' : decided.refused).toMatch(/is not the one that was proposed|There is no plan to approve/);
    expect((await store.approval(id))?.state).toBe('pending');
  });

  test('a plan whose own hash is another', async () => {
    const { id } = await propose(starting());
    const changed = withMethod(store, 'plan', async (planId) => {
      const record = await store.plan(planId);
      return record && { ...record, plan: { ...record.plan, hash: 'sha256:0' } };
    });
    expect(await approve({ store: changed, now: () => now }, id, person('anna'))).toMatchObject({ ok: false });
  });
});

describe('it is taken', () => {
  test('of the one who asked, where that is allowed', async () => {
    const { id } = await propose(starting(), { requester_may: true });
    expect(await approve(deps(), id, person('anna'))).toMatchObject({ ok: true });
  });

  test('of another one, where the one who asked may not', async () => {
    const { id } = await propose(starting(), { requester_may: false });
    expect(await approve(deps(), id, person('ben'))).toMatchObject({ ok: true });
  });

  test('whatever was typed where nothing has to be', async () => {
    const { id } = await propose(starting());
    expect(await approve(deps(), id, person('anna'), 'anything')).toMatchObject({ ok: true });
  });
});

describe('cancelled', () => {
  test('by who asked, with nothing typed, though neither would do to approve it', async () => {
    const { id, plan_hash: hash } = await propose(removing(), { requester_may: false });
    expect(await cancel(deps(), id, person('anna'))).toMatchObject({ ok: true, approval: { state: 'cancelled' } });
    expect(await logged()).toMatchObject({ kind: 'plan.cancelled', who: 'anna', data: { approval: id, hash } });
  });

  test('not by nobody, and not when it is over', async () => {
    const { id } = await propose(starting());
    expect(await cancel(deps(), id, person(' '))).toMatchObject({ ok: false });
    await cancel(deps(), id, person('anna'));
    expect(await cancel(deps(), id, person('anna'))).toMatchObject({ ok: false });
    expect(await logged()).toMatchObject({ kind: 'plan.decision_refused', data: { decision: 'cancelled' } });
  });
});
