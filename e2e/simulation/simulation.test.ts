import { expect, test } from 'vitest';
import { simulate } from './simulate.ts';

/** Of those, many are of each kind of trouble; `npm run simulate` plays thousands. */
const SEEDS = Array.from({ length: 48 }, (_, index) => index + 1);

test('whatever goes wrong, nothing is done that was not approved, nothing twice, and nothing told that is not so', async () => {
  const verdicts = [];
  for (const seed of SEEDS) verdicts.push(await simulate(seed));
  const wrong = verdicts.flatMap(({ seed, violations }) => violations.map((says) => `seed ${seed}: ${says}`));
  expect(wrong).toEqual([]);
  const jobs = verdicts.flatMap((verdict) => verdict.jobs);
  // There is something in it.
  expect(jobs.filter((end) => end === 'done').length).toBeGreaterThan(20);
  expect(jobs.filter((end) => end !== 'done').length).toBeGreaterThan(5);
}, 60_000);

test('a seed goes the same way each time', async () => {
  const seeds = [3, 11, 12];
  const once = [];
  for (const seed of seeds) once.push((await simulate(seed)).trace);
  const again = [];
  for (const seed of seeds.toReversed()) again.unshift((await simulate(seed)).trace);
  expect(again).toEqual(once);
});
