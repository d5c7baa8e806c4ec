import { strict as assert } from 'node:assert';
import { type Claim, ClaimLost, type Store } from '../store.ts';
import { approvalOf, at, entry, eventOf, jobOf, planOf, stepOf, word } from './samples.ts';
import { expectWhole } from './whole.ts';

const LEASE_MS = 10;

/** One thing that an owner does, through one of the two stores; those of one round are under way at the same time. */
export interface Move {
  does: 'decide' | 'begin' | 'claim' | 'renew' | 'release' | 'start' | 'step' | 'end' | 'cancel' | 'wait';
  store: 0 | 1;
  plan: string;
  owner: number;
}

/** What was answered, to hold the stores against. */
export class Run {
  nowMs = 0;
  readonly #stores: readonly Store[];
  /** The last hold of each owner on each job. */
  readonly #claims = new Map<string, Claim>();
  readonly #newest = new Map<string, number>();
  /** Until when at least nobody else may take a job. */
  readonly #heldUntil = new Map<string, number>();
  readonly #begun = new Map<string, number>();
  readonly #ended = new Map<string, string>();

  constructor(stores: readonly Store[]) {
    this.#stores = stores;
  }

  /** Does all of a round at once. Time goes by after it: what is under way keeps the time that it began with. */
  async round(moves: readonly Move[]): Promise<void> {
    const [waits, others] = [moves.filter(({ does }) => does === 'wait'), moves.filter(({ does }) => does !== 'wait')];
    await Promise.all(others.map((move) => this.#play(move)));
    this.nowMs += waits.length * LEASE_MS;
  }

  async #play({ does: what, store: index, plan, owner }: Move): Promise<void> {
    const store = this.#stores[index]!;
    const approval = approvalOf(planOf(plan), { needed: 2 });
    const job = jobOf(approval, { id: `job-${plan}` });
    switch (what) {
      case 'decide':
        await store.decide(approval.id, approval.plan_hash, word(`person ${owner}`), entry('decided'));
        return;
      case 'begin': {
        const { ok } = await store.begin(approval.id, job, entry('begun'));
        if (ok) this.#begun.set(plan, (this.#begun.get(plan) ?? 0) + 1);
        assert.ok((this.#begun.get(plan) ?? 0) <= 1, 'an approval is used once');
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
    assert.ok(!isOver, 'what is over is held by nobody');
    assert.ok((this.#heldUntil.get(plan) ?? 0) <= this.nowMs, 'one holds it at a time');
    assert.ok(claim.fence > before, 'fences go up');
    this.#claims.set(`${plan} ${owner}`, claim);
    this.#newest.set(plan, Math.max(this.#newest.get(plan) ?? 0, claim.fence));
    this.#heldUntil.set(plan, this.nowMs + LEASE_MS);
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
      else if (what === 'release') return await this.#release(store, plan, claim);
      else if (what === 'start') await store.start(claim, at(1), event);
      else if (what === 'step') await store.step(claim, stepOf(owner % 2, 'done'), [event, event], entry('step'));
      else {
        await store.end(claim, { state: 'done', at: at(9), result: `by ${owner}` }, event, entry('ended'));
        this.#ended.set(plan, `by ${owner}`);
      }
      assert.ok(!mustFail, `${what} with a hold that is another's, or over`);
    } catch (error) {
      if (!(error instanceof ClaimLost)) throw error;
    }
  }

  async #release(store: Store, plan: string, claim: Claim): Promise<void> {
    // before it is done, since another may take the job in the same moment
    if (claim.fence === this.#newest.get(plan)) this.#heldUntil.set(plan, 0);
    await store.release(claim);
  }

  /** What ended stays as it ended. */
  async check(): Promise<void> {
    for (const store of this.#stores) {
      for (const [plan, result] of this.#ended) assert.equal((await store.job(`job-${plan}`))?.result, result);
      await expectWhole(store);
    }
  }
}
