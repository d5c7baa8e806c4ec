import { describe, expect, test } from 'vitest';
import { everywhere, stories, tell, troubled } from './testing/stories.ts';

/** Each of these carries a job out as often as its process takes steps. */
const timeout = 120_000;
const isWrite = (place: string): boolean => /^(?:POST|PUT|DELETE) /.test(place);

// What happens after one step happens before the next, so that one of the two is enough where one thing happens at a time.
describe('whichever step its process dies before, it comes out the same:', () => {
  test.each([...stories, ...troubled])('$name', { timeout }, async (story) => {
    // It did die right before calls that change something.
    expect((await everywhere(story, 'before')).filter(isWrite).length).toBeGreaterThan(0);
  });
});

/** Numbers that look random and are the same each time (a linear congruential generator, as of Numerical Recipes). */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state;
  }
}

test('two processes die, one after the other', { timeout }, async () => {
  const random = numbers(7);
  const below = (limit: number): number => random.next().value % limit;
  for (let round = 0; round < 60; round++) {
    const story = stories[below(stories.length)];
    if (story === undefined) continue;
    const when = below(2) === 0 ? 'before' : 'after';
    const deaths = [
      { at: 1 + below(20), when },
      { at: 1 + below(12), when: 'after' },
    ] as const;
    // It throws where the end is not the story's.
    await tell(story, deaths);
  }
  expect(stories.length).toBeGreaterThan(0);
});
