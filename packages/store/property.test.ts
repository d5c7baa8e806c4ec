import fc from 'fast-check';
import { describe, it } from 'vitest';
import { openStore } from './open.ts';
import { engines } from './testing/engines.ts';
import { type Move, Run } from './testing/run.ts';
import { approvalOf, entry, NOW_MS, planOf } from './testing/samples.ts';

const PLANS = ['0', '1'];

const does: Move['does'][] = ['decide', 'begin', 'claim', 'renew', 'release', 'start', 'step', 'end', 'cancel', 'wait'];
const move: fc.Arbitrary<Move> = fc.record({
  does: fc.constantFrom<Move['does'][]>(...does, 'decide', 'begin', 'claim', 'claim', 'step'),
  store: fc.constantFrom(0, 1),
  plan: fc.constantFrom(...PLANS),
  owner: fc.integer({ min: 0, max: 2 }),
});
const rounds = fc.array(fc.array(move, { minLength: 1, maxLength: 4 }), { minLength: 5, maxLength: 40 });

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
        for (const round of moves) await run.round(round);
        await run.check();
      } finally {
        await Promise.all(stores.map((store) => store.close()));
      }
    };
    await fc.assert(fc.asyncProperty(rounds, play), { numRuns: name === 'sqlite' ? 40 : 15 });
  }, 60_000);
});
