import { expect, test } from 'vitest';
import { calendarEvent } from './calendar.ts';

const CRON: [cron: string, event: string | undefined][] = [
  ['30 2 * * *', '02:30'],
  ['30 2 * * 1-5', 'mon..fri 02:30'],
  ['0 2 * * 0', 'sun 02:00'],
  ['0 2 * * 7', 'sun 02:00'],
  ['0 2 * * 6,7', 'sat,sun 02:00'],
  ['0 2 * * 0-7', 'sun,mon,tue,wed,thu,fri,sat 02:00'],
  ['0 2 * * 1-5/2', 'mon,wed,fri 02:00'],
  ['0 2 * * */2', 'sun,tue,thu,sat 02:00'],
  ['*/15 * * * *', '*:0/15'],
  ['0 */4 * * *', '0/4:00'],
  ['0 8-18 * * *', '8..18:00'],
  ['0 9-17/4 * * *', '9,13,17:00'],
  ['0 1,13 * * *', '1,13:00'],
  ['0 3 1 * *', '*-1 03:00'],
  ['0 3 */10 * *', '*-1/10 03:00'],
  ['0 3 1 1-6 *', '1..6-1 03:00'],
  ['0 3 * 1 *', '1-* 03:00'],
  ['0 3 1 * 1', undefined],
  ['0 3 * * mon', undefined],
  ['0 5-1/2 * * *', undefined],
  ['*/0 * * * *', undefined],
  ['*,5 * * * *', undefined],
  ['*-5 * * * *', undefined],
];
test.each(CRON)('cron’s “%s” is “%s”', (cron, event) => {
  expect(calendarEvent(cron)).toBe(event);
});

test.each(['sun 03:00', ' mon..fri 22:30 ', 'monthly', '*-1 02:00'])('“%s” stays as it is', (event) => {
  expect(calendarEvent(event)).toBe(event.trim());
});
