import { ClaimLost, type Store, StoreFailed, openStore } from '@pxa/store';
import { connect } from '@pxa/pve';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { approve } from './approve.ts';
import { begin } from './begin.ts';
import { Hold, RunInterrupted } from './hold.ts';
import { defaultLimits } from './limits.ts';
import { withMethod } from './testing/lab.ts';
import { CLUSTER, NODE2, NOW_MS, approvalFor, person, planOf, start } from './testing/plans.ts';

const LEASE_MS = 9_000;
const limits = { ...defaultLimits, leaseMs: LEASE_MS };

let store: Store;
let now: number;
let renewals: number;
/** What a renewal comes to, where that is not what the store says. */
let renewing: (() => Promise<void>) | undefined;
/** The waits that are under way: how long, and what ends them. */
let waits: { ms: number; over: () => void }[];

beforeEach(async () => {
  [now, renewals, renewing, waits] = [NOW_MS, 0, undefined, []];
  store = await openStore({ kind: 'sqlite', file: ':memory:' }, { now: () => now });
  const record = planOf([start(`${NODE2}/qemu/104`)]);
  const approval = approvalFor(record);
  const who = { who: 'anna', door: 'terminal', cluster: CLUSTER, plan_id: record.plan.id, job_id: null };
  await store.propose(record, approval, { at: record.created_at, kind: 'plan.proposed', data: {}, ...who });
  await approve({ store, now: () => now }, approval.id, person('anna'));
  await begin({ store, now: () => now, id: () => 'job_1' }, approval.id);
});
afterEach(() => store.close());

const cluster = connect({
  url: 'https://127.0.0.1:1',
  auth: { kind: 'token', tokenId: 'a@pve!token', secret: 'c' },
  tls: {},
});

async function taken(): Promise<Hold> {
  const counted = withMethod(store, 'renew', (...of) => {
    renewals += 1;
    return renewing?.() ?? store.renew(...of);
  });
  const sleep = (ms: number): Promise<void> => new Promise((over) => void waits.push({ ms, over }));
  const deps = { store: counted, cluster, clusterId: CLUSTER, user: 'a', owner: 'me', now: () => now, sleep };
  const hold = await Hold.take(deps, limits, 'job_1');
  if (hold === undefined) throw new Error('somebody else holds it');
  return hold;
}

/** So many turns of the event loop no renewal takes. */
const TURNS = 10;

/** Lets a wait be over, and what follows on it be done. */
async function next(afterMs: number): Promise<void> {
  now += afterMs;
  waits.shift()?.over();
  for (let turn = 0; turn < TURNS; turn++) await new Promise(setImmediate);
}

/** How a hold stands: what its check throws, whether work under it is cut off, and how often it was renewed. */
function standing(hold: Hold): { lost: string; isCutOff: boolean; renewals: number } {
  let lost = '';
  try {
    hold.check();
  } catch (error) {
    lost = String(error);
  }
  return { lost, isCutOff: hold.signal.aborted, renewals };
}

const RAN_OUT = String(
  new ClaimLost('The hold on this job ran out: somebody else may be working on it. Nothing more was sent.'),
);
const HELD = { lost: '', isCutOff: false };

test('a job that somebody else holds is not taken', async () => {
  await store.claim({ jobId: 'job_1', owner: 'other', now, leaseMs: 1_000 });
  await expect(taken()).rejects.toThrow('somebody else holds it');
});

describe('a lease', () => {
  test.each([
    [LEASE_MS - 1, { ...HELD, renewals: 0 }],
    [LEASE_MS, { lost: RAN_OUT, isCutOff: true, renewals: 0 }],
  ])('is over by our own clock, before anybody is asked: after %i ms', async (ms, expected) => {
    const hold = await taken();
    now += ms;
    expect(standing(hold)).toEqual(expected);
  });

  test('is renewed when a third of it is over, from then on', async () => {
    const hold = await taken();
    expect(waits.map(({ ms }) => ms)).toEqual([LEASE_MS / 3]);
    await next(3_000);
    now += LEASE_MS - 1;
    expect(standing(hold)).toEqual({ ...HELD, renewals: 1 });
    now += 1;
    expect(standing(hold)).toEqual({ lost: RAN_OUT, isCutOff: true, renewals: 1 });
  });

  test.each([
    [LEASE_MS - 1, { ...HELD, renewals: 1 }],
    [LEASE_MS, { lost: RAN_OUT, isCutOff: true, renewals: 0 }],
  ])('is not renewed by a process that was stopped past it: after %i ms', async (ms, expected) => {
    const hold = await taken();
    await next(ms);
    expect(hold.signal.aborted).toBe(expected.isCutOff);
    expect(standing(hold)).toEqual(expected);
    expect(waits).toHaveLength(expected.isCutOff ? 0 : 1);
  });
});

describe('a renewal', () => {
  const full = new StoreFailed('The disk is full.');

  test('that fails once costs nothing while the lease lasts', async () => {
    const hold = await taken();
    renewing = () => Promise.reject(full);
    await next(3_000);
    expect(standing(hold)).toEqual({ ...HELD, renewals: 1 });
    renewing = undefined;
    await next(3_000);
    now += LEASE_MS - 1;
    expect(standing(hold)).toEqual({ ...HELD, renewals: 2 });
  });

  test.each([
    [LEASE_MS - 3_001, { ...HELD, renewals: 1 }],
    [LEASE_MS - 3_000, { lost: String(full), isCutOff: true, renewals: 1 }],
  ])('that fails after %i ms more, when the lease is over, ends the hold with why', async (ms, expected) => {
    const hold = await taken();
    renewing = () => {
      now += ms;
      return Promise.reject(full);
    };
    await next(3_000);
    expect(hold.signal.aborted).toBe(expected.isCutOff);
    expect(standing(hold)).toEqual(expected);
  });

  test('that finds the job in other hands ends the hold at once', async () => {
    const hold = await taken();
    await store.claim({ jobId: 'job_1', owner: 'other', now: now + 60_000, leaseMs: 60_000 });
    await next(3_000);
    expect(hold.signal.aborted).toBe(true);
    expect(standing(hold).lost).toMatch(/^ClaimLost: Job job_1 is in other hands/);
    expect(waits).toEqual([]);
  });
});

test('of several reasons the first is told', async () => {
  const hold = await taken();
  hold.fail(new RunInterrupted('first'));
  hold.fail(new Error('second'));
  now += LEASE_MS;
  expect(standing(hold)).toEqual({ lost: 'RunInterrupted: first', isCutOff: true, renewals: 0 });
  expect(hold.closed.aborted).toBe(false);
});

test('when the work is over it is renewed no more, and is not called lost', async () => {
  const hold = await taken();
  hold.close();
  await next(3_000);
  expect(standing(hold)).toEqual({ ...HELD, renewals: 0 });
  expect([hold.closed.aborted, waits.length]).toEqual([true, 0]);
});
