import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { DueDelivery } from './event-store.ts';
import { openAll } from './open.ts';
import type { ServiceStore } from './service-store.ts';
import { engines } from './testing/engines.ts';
import { newEvent, turning, webhookOf } from './testing/hooks.ts';
import { entry } from './testing/samples.ts';

const LEASE_MS = 30;
const HOOKS = ['h1', 'h2'];

/** One thing that a process does, through one of two stores; those of one round are under way at the same time. */
interface Move {
  readonly does: 'happen' | 'claim' | 'deliver' | 'fail' | 'wait';
  readonly store: 0 | 1;
  readonly owner: number;
}

const move: fc.Arbitrary<Move> = fc.record({
  does: fc.constantFrom<Move['does'][]>('happen', 'claim', 'claim', 'deliver', 'fail', 'wait'),
  store: fc.constantFrom(0, 1),
  owner: fc.nat(2),
});
const rounds = fc.array(fc.array(move, { minLength: 1, maxLength: 4 }), { minLength: 5, maxLength: 25 });

/** What was answered, to hold the stores against. */
class Run {
  readonly #stores: readonly ServiceStore[];
  readonly #holds = new Map<number, DueDelivery & { readonly untilMs: number }>();
  readonly #fences = new Map<string, number>();
  readonly #delivered = new Map<string, number[]>(HOOKS.map((id) => [id, []]));
  #nowMs = 0;
  #made = 0;

  constructor(stores: readonly ServiceStore[]) {
    this.#stores = stores;
  }

  async play({ does, store: index, owner }: Move): Promise<void> {
    const store = this.#stores[index]!;
    if (does === 'wait') this.#nowMs += LEASE_MS;
    else if (does === 'happen') await store.addEvents([newEvent(String(++this.#made))], this.#nowMs);
    else if (does === 'claim') await this.#claim(store, owner);
    else await this.#record(store, owner, does);
  }

  async #claim(store: ServiceStore, owner: number): Promise<void> {
    const now = this.#nowMs;
    const due = await store.claimDelivery({ owner: String(owner), now, leaseMs: LEASE_MS });
    if (due === undefined) return;
    const { id, fence } = due.hold;
    const held = [...this.#holds.values()].filter(({ hold, untilMs }) => hold.id === id && untilMs > now);
    assert.deepEqual(held, [], 'one holds it at a time');
    assert.ok(fence > (this.#fences.get(id) ?? 0), 'fences go up');
    this.#fences.set(id, fence);
    this.#holds.set(owner, { ...due, untilMs: now + LEASE_MS });
  }

  async #record(store: ServiceStore, owner: number, does: 'deliver' | 'fail'): Promise<void> {
    const mine = this.#holds.get(owner);
    if (mine === undefined) return;
    this.#holds.delete(owner);
    const { hold, delivery } = mine;
    const isMine = this.#fences.get(hold.id) === hold.fence;
    const state = does === 'deliver' ? 'delivered' : 'pending';
    const came = { triedMs: this.#nowMs, code: 204, error: null, excerpt: null, failingSinceMs: null, told: false };
    const attempt = { ...came, seq: delivery.event.seq, state, nextMs: this.#nowMs, audit: [] } as const;
    const isWritten = await store.recordAttempt(hold, attempt);
    assert.ok(isMine || !isWritten, 'what is late is not written');
    if (isWritten && does === 'deliver') this.#delivered.get(hold.id)?.push(delivery.event.seq);
  }

  /** Nothing was left out and nothing went before its turn; what waits is due. */
  async check(): Promise<void> {
    this.#nowMs += LEASE_MS;
    this.#holds.clear();
    const [store] = this.#stores;
    for (;;) {
      const due = await store!.claimDelivery({ owner: 'last', now: this.#nowMs, leaseMs: LEASE_MS });
      if (due === undefined) break;
      this.#fences.set(due.hold.id, due.hold.fence);
      this.#holds.set(9, { ...due, untilMs: 0 });
      await this.#record(store!, 9, 'deliver');
    }
    const all = Array.from({ length: this.#made }, (_, index) => index + 1);
    for (const seqs of this.#delivered.values()) assert.deepEqual(seqs, all);
  }
}

describe.each(engines)('$name', ({ name, fresh }) => {
  it('delivers each event to each webhook in order, whatever several processes do at once', async () => {
    const play = async (moves: Move[][]): Promise<void> => {
      const place = await fresh();
      const deps = { now: () => 0, seal: () => Promise.resolve(turning) };
      const opened = await Promise.all([0, 1].map(() => openAll(place, deps)));
      try {
        const stores = opened.map(({ service }) => service);
        for (const id of HOOKS) await stores[0]!.addWebhook(webhookOf(id), 9, entry('webhook.created'));
        const run = new Run(stores);
        for (const round of moves) await Promise.all(round.map((one) => run.play(one)));
        await run.check();
      } finally {
        await Promise.all(opened.map(({ store }) => store.close()));
      }
    };
    await fc.assert(fc.asyncProperty(rounds, play), { numRuns: name === 'sqlite' ? 40 : 15 });
  });
});
