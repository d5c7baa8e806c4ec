import { describe, expect, test } from 'vitest';
import type { Death } from './testing/sim.ts';
import { stories, tell } from './testing/stories.ts';

/** So many steps no run of these stories makes. */
const MOST_STEPS = 250;

/** Lets the first process end at each of its steps in turn. */
async function everywhere(story: (typeof stories)[number], when: Death['when']): Promise<string[]> {
  const places: string[] = [];
  for (let at = 1; at < MOST_STEPS; at++) {
    const told = await tell(story, [{ at, when }]);
    if (!told.hasDied) return places;
    places.push(...told.places);
  }
  throw new Error(`the story takes more than ${MOST_STEPS} steps`);
}

const isWrite = (place: string): boolean => /^(?:POST|PUT|DELETE) /.test(place);

// What happens after one step happens before the next, so that one of the two is enough where one thing happens at a time.
describe.each(stories)('$name comes out the same', (story) => {
  test('whichever step its process dies before', { timeout: 120_000 }, async () => {
    const places = await everywhere(story, 'before');
    expect(places.filter(isWrite)).toHaveLength(story.ends.steps.length + (story.ends.state === 'failed' ? 1 : 0));
  });

  test(
    'whichever step its process is stopped at, to go on when another has taken over',
    { timeout: 120_000 },
    async () => {
      expect((await everywhere(story, 'stopped')).length).toBeGreaterThan(0);
    },
  );
});

test('several at a time come out the same, whichever step their process dies after', { timeout: 120_000 }, async () => {
  const story = stories.find(({ name }) => name.startsWith('several'));
  if (story === undefined) throw new Error('there is no such story');
  expect((await everywhere(story, 'after')).length).toBeGreaterThan(0);
});

/** Numbers that look random and are the same each time (a linear congruential generator, as of Numerical Recipes). */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state;
  }
}

test('two processes die, one after the other', { timeout: 120_000 }, async () => {
  const random = numbers(7);
  const below = (limit: number): number => random.next().value % limit;
  for (let round = 0; round < 60; round++) {
    const story = stories[below(stories.length)];
    if (story === undefined) continue;
    const when = (['before', 'after'] as const)[below(2)] ?? 'before';
    await tell(story, [
      { at: 1 + below(20), when },
      { at: 1 + below(12), when: 'after' },
    ]);
  }
});
