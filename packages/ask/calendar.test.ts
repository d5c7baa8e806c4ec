import { expect, test } from 'vitest';
import { type ByCalendar, whenBegins } from './calendar.ts';

/** A Monday. */
const now = Date.UTC(2026, 1, 23, 10) / 1_000;
const hour = 3_600;

const cases: readonly (readonly [what: string, instant: ByCalendar, zone: number, is: string])[] = [
  ['today', { midnight: 0 }, 0, '2026-02-23T00:00:00Z'],
  ['last night', { midnight: 1, plus: 18 * hour }, 0, '2026-02-22T18:00:00Z'],
  ['Tuesday', { weekday: 2 }, 0, '2026-02-17T00:00:00Z'],
  ['Sunday', { weekday: 0 }, 0, '2026-02-22T00:00:00Z'],
  ['Monday, said on a Monday', { weekday: 1 }, 0, '2026-02-16T00:00:00Z'],
  ['the end of Tuesday', { weekday: 2, plus: 24 * hour }, 0, '2026-02-18T00:00:00Z'],
  ['Monday to come', { weekday: 1, coming: true }, 0, '2026-03-02T00:00:00Z'],
  ['Friday to come', { weekday: 5, coming: true }, 0, '2026-02-27T00:00:00Z'],
  ['Tuesday in Zurich', { weekday: 2 }, hour, '2026-02-16T23:00:00Z'],
  ['Sunday, where Tuesday has begun', { weekday: 0 }, 14 * hour, '2026-02-21T10:00:00Z'],
  ['February', { month: 2 }, 0, '2026-02-01T00:00:00Z'],
  ['March, which has not begun', { month: 3 }, 0, '2025-03-01T00:00:00Z'],
  ['the end of March', { month: 3, months: 1 }, 0, '2025-04-01T00:00:00Z'],
  ['the end of December', { month: 12, months: 1 }, 0, '2026-01-01T00:00:00Z'],
  ['May to come', { month: 5, coming: true }, 0, '2026-05-01T00:00:00Z'],
  ['January to come', { month: 1, coming: true }, 0, '2027-01-01T00:00:00Z'],
  ['5 February', { month: 2, day: 5 }, 0, '2026-02-05T00:00:00Z'],
  ['24 February', { month: 2, day: 24 }, 0, '2025-02-24T00:00:00Z'],
  ['24 February, where it has begun', { month: 2, day: 24 }, 14 * hour, '2026-02-23T10:00:00Z'],
];

test.each(cases)('%s', (_, instant, zone, is) => {
  expect(new Date(whenBegins(instant, now, zone) * 1_000).toISOString()).toBe(is.replace('Z', '.000Z'));
});
