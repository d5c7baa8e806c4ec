import { openAll, type Seal, type ServiceStore } from '@pxa/assistant/store';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serviceSettings } from '../settings.ts';
import { Receiver } from '../testing/receiver.ts';
import { Courier } from './courier.ts';

const seal: Seal = { seal: (text) => text, open: (text) => text };
const HOOKS = ['a', 'b'];
const LEASE_S = 31;

let receivers: Receiver[];
beforeAll(async () => {
  receivers = await Promise.all(HOOKS.map(() => Receiver.start()));
});
afterAll(() => receivers.forEach((receiver) => receiver.close()));

/** Where a process ends: not at all, before it has sent anything, or before it has written what came of it. */
type Crash = 'none' | 'before sending' | 'before writing';

type Move =
  | { readonly does: 'happen' }
  | { readonly does: 'fail'; readonly hook: number; readonly codes: readonly number[] }
  | { readonly does: 'wait'; readonly seconds: number }
  | { readonly does: 'deliver'; readonly crash: Crash };

const move: fc.Arbitrary<Move> = fc.oneof(
  fc.constant<Move>({ does: 'happen' }),
  fc.record({
    does: fc.constant('fail' as const),
    hook: fc.nat(HOOKS.length - 1),
    codes: fc.array(fc.constantFrom(500, 302, 404, 429), { minLength: 1, maxLength: 4 }),
  }),
  fc.record({ does: fc.constant('wait' as const), seconds: fc.constantFrom(1, 5, LEASE_S, 600, 3_600) }),
  fc.record({
    does: fc.constant('deliver' as const),
    crash: fc.constantFrom<Crash[]>('none', 'none', 'before sending', 'before writing'),
  }),
);

/** The store as a process sees it that ends at some point. */
function ending(kept: ServiceStore, crash: Crash): ServiceStore {
  const crashed = (): Promise<never> => Promise.reject(new Error('the process has ended'));
  if (crash === 'before sending') {
    return {
      ...kept,
      claimDelivery: async (of) => ((await kept.claimDelivery(of)) === undefined ? undefined : crashed()),
    };
  }
  return crash === 'before writing' ? { ...kept, recordAttempt: crashed } : kept;
}

class World {
  nowMs = 0;
  made = 0;
  readonly #kept: ServiceStore;

  constructor(kept: ServiceStore) {
    this.#kept = kept;
  }

  async play(step: Move): Promise<void> {
    switch (step.does) {
      case 'happen': {
        const data = { number: ++this.made };
        const event = { key: String(this.made), type: 'vm.created', atMs: this.nowMs, connection: '', data };
        await this.#kept.addEvents([event], this.nowMs);
        return;
      }
      case 'fail':
        return receivers[step.hook]?.next(...step.codes);
      case 'wait':
        this.nowMs += step.seconds * 1_000;
        return;
      case 'deliver':
        return this.#deliver(step.crash);
    }
  }

  /** Everything works again, for as long as it takes. */
  async settle(): Promise<void> {
    for (const receiver of receivers) receiver.mend();
    for (let turn = 0; turn < 12; turn++) {
      await this.#deliver('none');
      this.nowMs += 1_200_000;
    }
  }

  /** One process after the other, each of which may end in the middle. */
  async #deliver(crash: Crash): Promise<void> {
    const kept = ending(this.#kept, crash);
    const settings = serviceSettings({ allow_private_addresses: true }, {});
    const random = (bytes: number): Buffer => Buffer.alloc(bytes, 0x80);
    const sleep = (): Promise<void> => Promise.resolve();
    const deps = { kept, now: () => this.nowMs, sleep, owner: 'one', random, version: '1', settings };
    const courier = new Courier(deps, () => undefined);
    await courier.deliverDue().catch((error: unknown) => {
      if (!String(error).includes('has ended')) throw error;
    });
  }
}

test('whatever fails and ends, each webhook is told of everything, in order, at least once', async () => {
  const play = async (moves: readonly Move[]): Promise<void> => {
    const deps = { now: () => 0, seal: () => Promise.resolve(seal) };
    const { store, service: kept } = await openAll({ kind: 'sqlite', file: ':memory:' }, deps);
    for (const [index, id] of HOOKS.entries()) {
      receivers[index]?.mend();
      receivers[index]?.seen.splice(0);
      await kept.addWebhook(hookOf(id, receivers[index]?.url ?? ''), 9, entry);
    }
    const world = new World(kept);
    for (const each of moves) await world.play(each);
    await world.settle();
    const all = Array.from({ length: world.made }, (_, index) => index + 1);
    for (const { seen } of receivers) {
      const numbers = seen.map(({ body }) => Number(body.data['number']));
      expect([...new Set(numbers)]).toEqual(all);
      // It never goes back to what came before, and each comes with the one id that it has.
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      const ids = new Set(
        seen.map(({ headers, body }) => `${String(headers['webhook-id'])} ${String(body.data['number'])}`),
      );
      expect(ids.size).toBe(all.length);
    }
    for (const id of HOOKS) expect(await kept.countDeliveries(id, { state: 'delivered' })).toBe(all.length);
    await store.close();
  };
  await fc.assert(fc.asyncProperty(fc.array(move, { minLength: 3, maxLength: 14 }), play), { numRuns: 60 });
});

const entry = {
  at: '',
  kind: 'webhook.created',
  who: '',
  door: 'rest',
  cluster: '',
  plan_id: null,
  job_id: null,
  data: {},
};

function hookOf(id: string, url: string): Parameters<ServiceStore['addWebhook']>[0] {
  const nobody = { description: '', created_by: '', created_at: '', updated_at: '' };
  const more = { active: true, events: ['vm.created'], revision: 1, disabled: null, failingSinceMs: null };
  return { id, url, secret: 'a secret that nobody knows', ...nobody, ...more };
}
