import { expect, test } from 'vitest';
import { type Grade } from './rule.ts';
import { scoreOf, scoresOf } from './score.ts';
import { ratedBy, ratingsOf } from './tracker.ts';

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

const tracker = {
  openssl: {
    'CVE-2025-15467': { releases: { trixie: { status: 'resolved', urgency: 'high**' }, bookworm: { urgency: 'low' } } },
    'CVE-2025-69419': { releases: { trixie: { status: 'resolved', urgency: 'not yet assigned' } } },
  },
  curl: {
    'CVE-2025-9086': { releases: { trixie: { urgency: 'unimportant' } } },
    'CVE-1': { releases: 7 },
    'CVE-2': null,
  },
  broken: [],
};

test.each<[grade: Grade, cves: string[], rated: Grade]>([
  ['unrated', ['CVE-2025-15467', 'CVE-2025-9086'], 'high'],
  ['unrated', ['CVE-2025-9086'], 'low'],
  ['unrated', ['CVE-2025-69419', 'CVE-1', 'CVE-2'], 'unrated'],
  ['unrated', [], 'unrated'],
  ['medium', ['CVE-2025-15467'], 'medium'],
])('%s with %j becomes %s by the tracker', (grade, cves, rated) => {
  expect(ratedBy(ratingsOf(tracker), grade, cves)).toBe(rated);
});

test.each([[null], [[]], ['text'], [7]])('%j is no copy of the tracker', (data) => {
  expect(() => ratingsOf(data)).toThrow(/one JSON object, of packages/);
});
