import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nextEvent, parseEvent } from './calendar.ts';

/** A Thursday, 10:30 UTC. */
const NOW = Date.parse('2025-11-20T10:30:00Z') / 1000;

/** Schedule, hours east of UTC, next time in UTC. */
const EVENTS: [string, number, string][] = [
  ['21:00', 1, '2025-11-20T20:00'],
  ['21:00', 0, '2025-11-20T21:00'],
  ['10:30', 0, '2025-11-21T10:30'],
  ['sun 03:00', 0, '2025-11-23T03:00'],
  ['mon..fri 22:30', 0, '2025-11-20T22:30'],
  ['sat..mon 01:00', 0, '2025-11-22T01:00'],
  ['tue,thu 09:00', 0, '2025-11-25T09:00'],
  ['*/15', 0, '2025-11-20T10:45'],
  ['*/30', 0, '2025-11-20T11:00'],
  ['2,22:0', 0, '2025-11-20T22:00'],
  ['8..17/3:15', 0, '2025-11-20T11:15'],
  ['daily', 0, '2025-11-21T00:00'],
  ['hourly', 0, '2025-11-20T11:00'],
  ['weekly', 0, '2025-11-24T00:00'],
  ['monthly', 0, '2025-12-01T00:00'],
  ['yearly', 0, '2026-01-01T00:00'],
  ['quarterly', 0, '2026-01-01T00:00'],
  ['*-*-15 04:00', 0, '2025-12-15T04:00'],
  ['12-24 06:00', 0, '2025-12-24T06:00'],
  ['sat *-1..7 15:00', 0, '2025-12-06T15:00'],
];

it.each(EVENTS)('%s, %i h east of UTC: %s', (schedule, hours, utc) => {
  const next = nextEvent(schedule, NOW, hours * 3600);
  expect(new Date((next ?? 0) * 1000).toISOString().slice(0, 16)).toBe(utc);
});

it('finds nothing for what never comes', () => {
  expect(nextEvent('*-02-30 00:00', NOW, 0)).toBeUndefined();
  expect(parseEvent('')).toBeUndefined();
});

it('never throws, whatever the schedule', () => {
  fc.assert(
    fc.property(fc.string(), (text) => void parseEvent(text)),
    { examples: [['__proto__']] },
  );
});
