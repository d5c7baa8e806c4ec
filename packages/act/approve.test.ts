import type { Approval, Person, PlanRecord } from '@pxa/contract';
import { type Store, openStore } from '@pxa/store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { approve, cancel } from './approve.ts';
import { begin } from './begin.ts';
import { NODE2, NOW_MS, approvalFor, destroy, person, planOf, start } from './testing/plans.ts';

let store: Store;
let now: number;
beforeEach(async () => {
  now = NOW_MS;
  store = await openStore({ kind: 'sqlite', file: ':memory:' }, { now: () => now });
});
afterEach(() => store.close());

const AGENT = `${NODE2}/qemu/104`;
const deps = () => ({ store, now: () => now });
const beginning = () => ({ ...deps(), id: (prefix: string) => `${prefix}_1` });

async function propose(record: PlanRecord, more: Partial<Approval> = {}): Promise<string> {
  const approval = approvalFor(record, more);
  await store.propose(record, approval, {
    at: record.created_at,
    kind: 'plan.proposed',
    who: 'anna',
    door: 'terminal',
    cluster: record.cluster,
    plan_id: record.plan.id,
    job_id: null,
    data: {},
  });
  return approval.id;
}

const starting = (): PlanRecord => planOf([start(AGENT)]);
const removing = (): PlanRecord => planOf([destroy(AGENT)], { confirm: 'build-agent-01' });

test('a plan that is approved is begun once', async () => {
  const id = await propose(starting());
  expect(await approve(deps(), id, person('anna'))).toMatchObject({ ok: true, approval: { state: 'approved' } });
  expect(await begin(beginning(), id)).toMatchObject({
    ok: true,
    job: { state: 'queued', steps: [{ state: 'pending' }] },
  });
  expect(await begin({ ...beginning(), id: () => 'job_2' }, id)).toMatchObject({
    ok: false,
    refused: expect.stringMatching(/used/),
  });
  const log = await store.auditLog(0, 10);
  expect(log.map(({ kind, who }) => `${kind} ${who}`)).toEqual([
    'plan.proposed anna',
    'plan.approved anna',
    'job.begun anna',
  ]);
});

test('what is lost is approved by typing its name', async () => {
  const id = await propose(removing());
  expect(await approve(deps(), id, person('anna'), 'build-agent-01')).toMatchObject({ ok: true });
});

test('several have to approve it where that is asked', async () => {
  const id = await propose(starting(), { needed: 2, requester_may: false });
  expect(await approve(deps(), id, person('ben'))).toMatchObject({ ok: true, approval: { state: 'pending' } });
  expect(await begin(beginning(), id)).toMatchObject({ ok: false });
  expect(await approve(deps(), id, person('cora'))).toMatchObject({ ok: true, approval: { state: 'approved' } });
});

describe('an approval is refused, and kept in the audit log as that', () => {
  interface Case {
    name: string;
    record?: () => PlanRecord;
    more?: Partial<Approval>;
    before?: (id: string) => unknown;
    by?: Person;
    typed?: string;
    says: RegExp;
  }
  const CASES: Case[] = [
    { name: 'nothing was typed', record: removing, says: /type exactly: build-agent-01$/ },
    { name: 'something else was typed', record: removing, typed: 'build-agent', says: /What was typed is not that/ },
    { name: 'it was typed in another case', record: removing, typed: 'Build-Agent-01', says: /type exactly/ },
    { name: 'it was typed with a blank', record: removing, typed: 'build-agent-01 ', says: /type exactly/ },
    {
      name: 'it came too late',
      before: () => (now += 16 * 60_000),
      says: /not approved in time|time to approve.* ended/,
    },
    {
      name: 'it was cancelled',
      before: (id) => cancel(deps(), id, person('anna')),
      says: /was cancelled\. Ask for it again/,
    },
    { name: 'it was approved already', before: (id) => approve(deps(), id, person('ben')), says: /approved already/ },
    {
      name: 'it was used already',
      before: async (id) => {
        await approve(deps(), id, person('ben'));
        await begin(beginning(), id);
      },
      says: /an approval is used once/,
    },
    {
      name: 'the same person says so twice',
      more: { needed: 2 },
      before: (id) => approve(deps(), id, person('anna')),
      says: /anna has approved this plan already\. It waits for somebody else/,
    },
    {
      name: 'the same person says so twice, in other letters',
      more: { needed: 2 },
      before: (id) => approve(deps(), id, person('anna')),
      by: person('ANNA'),
      says: /somebody else/,
    },
    { name: 'who asked for it may not', more: { requester_may: false }, says: /somebody else has to approve it/ },
    { name: 'by nobody', by: person(' '), says: /Only a person whom this door knows/ },
    // A door hands over what its own types do not allow.
    {
      name: 'through no door',
      by: { name: 'anna', door: 'llm' } as unknown as Person,
      says: /Only a person whom this door knows/,
    },
    {
      name: 'the plan was changed where it is kept',
      record: () => ({ ...starting(), plan: { ...starting().plan, steps: removing().plan.steps } }),
      says: /not the one that was proposed/,
    },
    {
      name: 'what must be typed was taken out of it',
      record: () => ({
        ...removing(),
        plan: { ...starting().plan, hash: removing().plan.hash, steps: removing().plan.steps },
      }),
      says: /not the one that was proposed/,
    },
  ];
  test.each(CASES)('$name', async ({ record = starting, more = {}, before, by = person('anna'), typed, says }) => {
    const id = await propose(record(), more);
    await before?.(id);
    const decided = await approve(deps(), id, by, typed);
    expect(decided).toMatchObject({ ok: false, refused: expect.stringMatching(says) });
    const last = (await store.auditLog(0, 20)).at(-1);
    expect(last).toMatchObject({ kind: 'plan.decision_refused', data: { decision: 'approved' } });
  });

  test('of a plan that there is not', async () => {
    expect(await approve(deps(), 'approval_0', person('anna'))).toMatchObject({ ok: false });
    expect(await cancel(deps(), 'approval_0', person('anna'))).toMatchObject({ ok: false });
    expect(await begin(beginning(), 'approval_0')).toMatchObject({ ok: false });
  });
});

test('of many who approve at the same moment, each counts once', async () => {
  const id = await propose(starting(), { needed: 3 });
  const words = await Promise.all(
    ['anna', 'ben', 'anna', 'ben', 'anna'].map((name) => approve(deps(), id, person(name))),
  );
  expect(words.filter(({ ok }) => ok)).toHaveLength(2);
  expect((await store.approval(id))?.state).toBe('pending');
});

test('of two who begin at the same moment, one does', async () => {
  const id = await propose(starting());
  await approve(deps(), id, person('anna'));
  const begun = await Promise.all(['job_1', 'job_2'].map((job) => begin({ ...deps(), id: () => job }, id)));
  expect(begun.filter(({ ok }) => ok)).toHaveLength(1);
});
