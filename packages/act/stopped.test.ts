import { describe, expect, test } from 'vitest';
import { everywhere, stories } from './testing/stories.ts';

/** Each of these carries a job out as often as its process takes steps. */
const timeout = 120_000;

describe('whichever step its process is stopped at, to go on when another has taken over, it comes out the same:', () => {
  test.each(stories)('$name', { timeout }, async (story) => {
    expect((await everywhere(story, 'stopped')).length).toBeGreaterThan(0);
  });
});

describe('whichever step its process dies after, while others are under way, it comes out the same:', () => {
  test.each(stories.filter(({ name }) => name.startsWith('several')))('$name', { timeout }, async (story) => {
    expect((await everywhere(story, 'after')).length).toBeGreaterThan(0);
  });
});
