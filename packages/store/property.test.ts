import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openStore } from './open.ts';
import { type Claim, ClaimLost, type Store } from './store.ts';
import { engines } from './testing/engines.ts';
import { approvalOf, at, entry, eventOf, jobOf, NOW_MS, planOf, stepOf, word } from './testing/samples.ts';
import { expectWhole } from './testing/whole.ts';

const PLANS = ['0', '1'];
const LEASE_MS = 10;

/** One thing that an owner does, through one of the two stores; those of one round are under way at the same time. */
interface Move {
  does: 'decide' | 'begin' | 'claim' | 'renew' | 'release' | 'start' | 'step' | 'end' | 'cancel' | 'wait';
  store: 0 | 1;
  plan: string;
  owner: number;
}

const does: Move['does'][] = ['decide', 'begin', 'claim', 'renew', 'release', 'start', 'step', 'end', 'cancel', 'wait'];
const move: fc.Arbitrary<Move> = fc.record({
  does: fc.constantFrom<Move['does'][]>(...does, 'decide', 'begin', 'claim', 'claim', 'step'),
  store: fc.constantFrom(0, 1),
  plan: fc.constantFrom(...PLANS),
  owner: fc.integer({ min: 0, max: 2 }),
});
const rounds = fc.array(fc.array(move, { minLength: 1, maxLength: 4 }), { minLength: 5, maxLength: 40 });

/** What was answered, to hold the stores against. */
class Run {
  nowMs = 0;
  readonly #stores: readonly Store[];
  /** The last hold of each owner on each job. */
  readonly #claims = new Map<string, Claim>();
  readonly #newest = new Map<string, number>();
  readonly #begun = new Map<string, number>();
  readonly #ended = new Map<string, string>();

  constructor(stores: readonly Store[]) {
    this.#stores = stores;
  }

  async play({ does: what, store: index, plan, owner }: Move): Promise<void> {
    const store = this.#stores[index]!;
    const approval = approvalOf(planOf(plan), { needed: 2 });
    const job = jobOf(approval, { id: `job-${plan}` });
    switch (what) {
      case 'wait':
        this.nowMs += LEASE_MS;
        return;
      case 'decide':
        await store.decide(approval.id, approval.plan_hash, word(`person ${owner}`), entry('decided'));
        return;
      case 'begin': {
        const { ok } = await store.begin(approval.id, job, entry('begun'));
        if (ok) this.#begun.set(plan, (this.#begun.get(plan) ?? 0) + 1);
        expect(this.#begun.get(plan) ?? 0, 'an approval is used once').toBeLessThanOrEqual(1);
        return;
      }
      case 'claim':
        return this.#claim(store, plan, owner);
      case 'cancel':
        await store.cancel(job.id, eventOf(job.id, 'cancel'), entry('cancel'));
        return;
      default:
        return this.#write(store, { what, plan, owner });
    }
  }

  async #claim(store: Store, plan: string, owner: number): Promise<void> {
    const before = this.#newest.get(plan) ?? 0;
    const isOver = this.#ended.has(plan);
    const claim = await store.claim({ jobId: `job-${plan}`, owner: String(owner), now: this.nowMs, leaseMs: LEASE_MS });
    if (claim === undefined) return;
    expect(isOver, 'what is over is held by nobody').toBe(false);
    expect(claim.fence, 'fences go up').toBeGreaterThan(before);
    expect([...this.#claims.values()], 'a fence is one hold').not.toContainEqual(claim);
    this.#claims.set(`${plan} ${owner}`, claim);
    this.#newest.set(plan, Math.max(this.#newest.get(plan) ?? 0, claim.fence));
  }

  async #write(
    store: Store,
    { what, plan, owner }: { what: Move['does']; plan: string; owner: number },
  ): Promise<void> {
    const claim = this.#claims.get(`${plan} ${owner}`);
    if (claim === undefined) return;
    const mustFail = claim.fence < (this.#newest.get(plan) ?? 0) || this.#ended.has(plan);
    const event = eventOf(claim.jobId, what, { kind: what === 'end' ? 'ended' : 'log' });
    try {
      if (what === 'renew') await store.renew(claim, this.nowMs, LEASE_MS);
      else if (what === 'release') return await store.release(claim);
      else if (what === 'start') await store.start(claim, at(1), event);
      else if (what === 'step') await store.step(claim, stepOf(owner % 2, 'done'), [event, event], entry('step'));
      else {
        await store.end(claim, { state: 'done', at: at(9), result: `by ${owner}` }, event, entry('ended'));
        this.#ended.set(plan, `by ${owner}`);
      }
      expect(mustFail, `${what} with a hold that is another's, or over`).toBe(false);
    } catch (error) {
      if (!(error instanceof ClaimLost)) throw error;
    }
  }

  /** What ended stays as it ended. */
  async check(): Promise<void> {
    for (const store of this.#stores) {
      for (const [plan, result] of this.#ended)
        expect(await store.job(`job-${plan}`)).toMatchObject({ state: 'done', result });
      await expectWhole(store);
    }
  }
}

describe.each(engines)('$name', ({ name, fresh }) => {
  it('keeps what always holds, whatever several owners do through two stores at once', async () => {
    const play = async (moves: Move[][]): Promise<void> => {
      const place = await fresh();
      const stores = await Promise.all([0, 1].map(() => openStore(place, { now: () => NOW_MS })));
      try {
        for (const plan of PLANS) {
          const record = planOf(plan);
          await stores[0]!.propose(record, approvalOf(record, { needed: 2 }), entry('proposed'));
        }
        const run = new Run(stores);
        for (const round of moves) await Promise.all(round.map((one) => run.play(one)));
        await run.check();
      } finally {
        await Promise.all(stores.map((store) => store.close()));
      }
    };
    await fc.assert(fc.asyncProperty(rounds, play), { numRuns: name === 'sqlite' ? 60 : 30 });
  }, 60_000);
});
