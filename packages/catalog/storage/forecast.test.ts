import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Point, reachOf, type Trend, trendOf } from './forecast.ts';

const day = 86_400;

function series(days: number, perDay: number, value: (index: number) => number = () => 0): Point[] {
  return Array.from({ length: days * 12 }, (_, index) => ({
    time: index * 7200,
    value: 1000 + (index / 12) * perDay + value(index),
  }));
}

function sure(found: Trend | string): Trend {
  if (typeof found === 'string') throw new Error(found);
  return found;
}

test('a line is found again, whatever its slope, start and order', () => {
  fc.assert(
    fc.property(fc.integer({ min: -500, max: 500 }), fc.integer({ min: 3, max: 30 }), (perDay, days) => {
      const { perSecond, low, high } = sure(trendOf(series(days, perDay).reverse()));
      expect(perSecond * day).toBeCloseTo(perDay, 3);
      expect(low).toBeLessThanOrEqual(perSecond + 1e-9);
      expect(high).toBeGreaterThanOrEqual(perSecond - 1e-9);
    }),
  );
});

test('a jump that is undone does not move the trend', () => {
  const copied = (index: number): number => (index > 100 && index < 130 ? 5000 : 0);
  expect(sure(trendOf(series(30, 12, copied))).perSecond * day).toBeCloseTo(12, 0);
});

test('noise widens the interval around the true growth', () => {
  const noise = (index: number): number => 40 * Math.sin(index * 12.9898);
  const { perSecond, low, high } = sure(trendOf(series(14, 12, noise)));
  expect(perSecond * day).toBeGreaterThan(8);
  expect(perSecond * day).toBeLessThan(16);
  expect(low * day).toBeLessThan(12);
  expect(high * day).toBeGreaterThan(12);
});

test.each([
  ['two points, however far apart', [point(0, 1), point(30, 2)]],
  ['nothing', []],
  ['a few hours', series(1, 12)],
])('%s: no trend', (_name, points) => {
  expect(trendOf(points)).toMatch(/too few for a trend$/);
});

test('when a level is reached, with its interval', () => {
  const trend: Trend = { perSecond: 10, low: 8, high: 20, points: 100, spanSeconds: 30 * day };
  expect(reachOf(trend, 100, 900)).toEqual({ likely: 80, earliest: 40, latest: 100 });
});

test.each([
  ['it is reached already', { perSecond: 10, low: 8, high: 20 }, 901],
  ['it shrinks', { perSecond: -1, low: -2, high: -0.5 }, 100],
  ['it may as well shrink', { perSecond: 1, low: -1, high: 2 }, 100],
])('%s: nothing is foretold', (_name, slopes, used) => {
  expect(reachOf({ ...slopes, points: 100, spanSeconds: 30 * day }, used, 900)).toBeUndefined();
});

function point(atDay: number, value: number): Point {
  return { time: atDay * day, value };
}
