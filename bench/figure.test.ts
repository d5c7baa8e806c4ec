import { expect, test } from 'vitest';
import { atMost, fails, type Figure, rounded } from './figure.ts';

const full = { short: false };
const short = { short: true };
const ratio = (value: number): Figure => atMost({ figure: 'a', value: 10, unit: 'ms', against: 5, ratio: value }, 2);
const time = (value: number): Figure => atMost({ figure: 'a', value, unit: 'ms' }, 2);
const calls = (value: number): Figure => atMost({ figure: 'a', value, unit: 'calls' }, 1);

const cases: [name: string, figure: Figure, effort: { short: boolean }, fails: boolean][] = [
  ['at its goal', ratio(2), full, false],
  ['beyond it', ratio(2.1), full, true],
  ['beyond it in a short run', ratio(2.9), short, false],
  ['far beyond it in a short run', ratio(3.1), short, true],
  ['a time alone, beyond it', time(2.1), full, true],
  ['a time alone, beyond it in a short run', time(7.9), short, false],
  ['a time alone, far beyond it in a short run', time(8.1), short, true],
  ['one call too many in a short run', calls(2), short, true],
  ['without a goal', { figure: 'a', value: 9, unit: 'ms' }, full, false],
];
test.each(cases)('%s', (_name, figure, effort, expected) => {
  expect(fails(figure, effort)).toBe(expected);
});

test('a missed goal is told in either run', () => {
  expect(ratio(2.1)).toMatchObject({ ok: false, goal: 2 });
});

test('three digits count', () => {
  expect(rounded({ figure: 'a', value: 12.3456, unit: 'ms', ratio: 1234.5 })).toMatchObject({
    value: 12.3,
    ratio: 1230,
  });
});
