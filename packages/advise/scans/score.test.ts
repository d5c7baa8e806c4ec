import { expect, test } from 'vitest';
import { type Grade } from './rule.ts';
import { scoreOf, scoresOf } from './score.ts';

type Line = [rule: string, target: string, state: string, grade?: Grade];
const checks = (...lines: Line[]): Parameters<typeof scoresOf>[0] =>
  lines.map(([rule, target, state, grade = 'low']) => ({ rule, target, state, grade }));

test.each<[name: string, lines: Line[], scores: (number | null)[], whole: number | null]>([
  ['all is well', [['a', 'x', 'passed']], [100], 100],
  [
    'each rule costs its points',
    [
      ['a', 'x', 'failed', 'high'],
      ['b', 'x', 'failed', 'medium'],
      ['c', 'x', 'passed'],
    ],
    [72],
    72,
  ],
  [
    'a rule costs once, by its gravest finding',
    [
      ['a', 'x', 'failed', 'low'],
      ['a', 'x', 'failed', 'high'],
    ],
    [80],
    80,
  ],
  [
    'what is unknown costs nothing',
    [
      ['a', 'x', 'failed', 'low'],
      ['b', 'x', 'unknown', 'critical'],
    ],
    [98],
    98,
  ],
  ['nothing is said where nothing is known', [['a', 'x', 'unknown']], [null], null],
  [
    'never below 0',
    [
      ['a', 'x', 'failed', 'critical'],
      ['b', 'x', 'failed', 'critical'],
      ['c', 'x', 'failed', 'critical'],
    ],
    [0],
    0,
  ],
  [
    'the whole is the mean of what is known, rounded down',
    [
      ['a', 'x', 'failed', 'low'],
      ['a', 'y', 'passed'],
      ['a', 'z', 'failed', 'unrated'],
      ['a', 'u', 'unknown'],
    ],
    [98, 100, 96, null],
    98,
  ],
])('%s', (_name, lines, expected, whole) => {
  const scores = scoresOf(checks(...lines));
  expect(scores.map(({ score }) => score)).toEqual(expected);
  expect(scoreOf(scores)).toBe(whole);
});

test('findings and what is unknown are counted', () => {
  const [score] = scoresOf(checks(['a', 'x', 'failed', 'high'], ['a', 'x', 'failed', 'high'], ['b', 'x', 'unknown']));
  expect(score).toMatchObject({ counts: { critical: 0, high: 2, medium: 0, low: 0, unrated: 0 }, unknown: 1 });
});
