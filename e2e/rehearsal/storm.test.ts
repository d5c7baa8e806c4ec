import { expect, test } from 'vitest';
import { type Held, changesBetween, held } from '../../packages/act/after-state.ts';
import { comparable } from '../../packages/act/testing/rehearsing.ts';
import { Random } from '../../packages/sandbox/worlds/random.ts';
import type { WorldOf } from '../simulation/cluster.ts';
import { wordsFor } from '../simulation/words.ts';
import { Stage } from './orders.ts';

const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1);
const ORDERS_EACH = 8;

/** What bears the time at which it was made. */
const TIMED: readonly (readonly [RegExp, string])[] = [
  [/\d{4}_\d\d_\d\d-\d\d_\d\d_\d\d/g, 'TIME'],
  [/ctime=\d+/g, 'ctime'],
];

/** What has changed of a cluster, without what two of the same kind draw by chance or by the clock. */
function changesOf(stage: Stage, before: Held): string[] {
  const lines = comparable(changesBetween(before, held(stage.cluster.state)));
  return lines.map((line) => TIMED.reduce((text, [form, word]) => text.replaceAll(form, word), line)).toSorted();
}

/** What follows by itself: a node that is back starts its guests. */
const AFTERWARDS_MS = 300_000;

/** Two clusters that were the same stay at the same time, and nothing of what was done is under way there any more. */
async function together(a: Stage, b: Stage): Promise<void> {
  const apart = a.time.now() - b.time.now();
  await (apart > 0 ? b : a).cluster.clock.advance(Math.abs(apart));
  for (const { cluster } of [a, b]) await cluster.clock.advance(AFTERWARDS_MS);
}

test.each(SEEDS)('approved jobs and calls by hand leave the same cluster, seed %i', async (seed) => {
  const random = new Random(seed);
  const world: WorldOf = random.chance(0.5) ? 'demo' : { seed, nodes: 3, guests: 12 };
  const [byJob, byHand] = [new Stage(world), new Stage(world)];
  for (let count = 0; count < ORDERS_EACH; count++) {
    const words = wordsFor(random, world, byJob.cluster.state);
    const planned = await byJob.planned(words);
    if (planned.kind === 'none') continue;
    const before = [held(byJob.cluster.state), held(byHand.cluster.state)] as const;
    const job = await byJob.carriedOut(planned);
    const error = await byHand.sentPlainly(planned.record).then(
      () => undefined,
      (failure: unknown) => String(failure),
    );
    // A job that fails takes back what it has done, which calls by hand do not.
    expect([words, job.state === 'done', job.result]).toEqual([words, error === undefined, job.result]);
    if (error !== undefined) break;
    await together(byJob, byHand);
    expect([words, ...changesOf(byJob, before[0])]).toEqual([words, ...changesOf(byHand, before[1])]);
  }
});
