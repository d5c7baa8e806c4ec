import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fallsAt, parseSchedule, scheduleText } from './schedule.ts';

/** Schedule, a local time, and whether the schedule has it (or had it within the three minutes before). */
const cases: readonly [schedule: string, time: string, falls: boolean | 'not known'][] = [
  ['21:00', '2025-11-19T21:00', true],
  ['21:00', '2025-11-19T21:02', true],
  ['21:00', '2025-11-19T21:10', false],
  ['21:00', '2025-11-19T20:59', false],
  ['sun 03:00', '2025-11-16T03:00', true],
  ['sun 03:00', '2025-11-17T03:00', false],
  ['sunday 03:00', '2025-11-16T03:01', true],
  ['mon..fri 22:30', '2025-11-14T22:30', true],
  ['mon..fri 22:30', '2025-11-15T22:30', false],
  ['fri..mon 01:00', '2025-11-16T01:00', true],
  ['sat,wed 02:00', '2025-11-19T02:00', true],
  ['*/15', '2025-11-19T07:45', true],
  ['*/30', '2025-11-19T07:45', false],
  ['2,22:30', '2025-11-19T22:30', true],
  ['8..18:00', '2025-11-19T12:00', true],
  ['0/6:00', '2025-11-19T18:00', true],
  ['*-*-1 02:00', '2025-11-01T02:00', true],
  ['*-*-1 02:00', '2025-11-02T02:00', false],
  ['daily', '2025-11-19T00:00', true],
  ['weekly', '2025-11-17T00:01', true],
  ['monthly', '2025-11-01T00:00', true],
  ['monthly', '2025-11-19T00:00', false],
  ['yearly', '2025-01-01T00:00', true],
  ['hourly', '2025-11-19T13:00', true],
  ['next tuesday', '2025-11-19T13:00', 'not known'],
  ['25 o’clock', '2025-11-19T13:00', 'not known'],
  ['*/0', '2025-11-19T13:00', 'not known'],
];

test.each(cases)('%s at %s: %s', (schedule, time, falls) => {
  const event = parseSchedule(schedule);
  const local = Date.parse(`${time}:00Z`) / 1000;
  expect(event === undefined ? 'not known' : fallsAt(event, local - 3600, 3600)).toBe(falls);
});

test.each([
  ['21:00', 'daily 21:00'],
  ['sun 03:00', 'weekly Sun 03:00'],
  ['mon..fri 22:30', 'mon..fri 22:30'],
  ['monthly', 'monthly'],
])('%s is said %s', (schedule, says) => {
  expect(scheduleText(schedule)).toBe(says);
});

test('whatever is written as a schedule, it is known or not, and nothing hangs', () => {
  const word = fc.constantFrom('mon', 'sun', '..', ',', '*', '/', '0', '15', '99999999', ':', '-', ' ', 'monthly', '~');
  const text = fc.oneof(
    fc.string(),
    fc.array(word).map((words) => words.join('')),
  );
  fc.assert(
    fc.property(text, fc.integer({ min: 0, max: 2_000_000_000 }), (schedule, time) => {
      const event = parseSchedule(schedule);
      if (event !== undefined) expect(typeof fallsAt(event, time, 0)).toBe('boolean');
      expect(typeof scheduleText(schedule)).toBe('string');
    }),
  );
});
