import type { Instant } from '@pxa/contract';

const daySeconds = 86_400;

/** The instants that are told by the calendar. */
export type ByCalendar = Extract<Instant, { midnight: number } | { weekday: number } | { month: number }>;

/**
 * When something of the calendar is, in seconds since 1970, for somebody whose clock is `zone` seconds east of UTC: the
 * last one that has begun by `now`, or the next one that is to come. A weekday is never today, which is called so.
 */
export function whenBegins(instant: ByCalendar, now: number, zone: number): number {
  const today = Math.floor((now + zone) / daySeconds);
  const { plus = 0 } = instant;
  return dayOf(instant, today) * daySeconds - zone + plus;
}

/** The day since 1970 that begins then. */
function dayOf(instant: ByCalendar, today: number): number {
  if ('midnight' in instant) return today - instant.midnight;
  if ('weekday' in instant) {
    // 1970 began on a Thursday.
    const since = (today + 4 - instant.weekday + 7) % 7;
    return instant.coming === true ? today + 7 - since : today - (since === 0 ? 7 : since);
  }
  const { month, day = 1, months = 0 } = instant;
  const date = (year: number, later: number): number => Date.UTC(year, month - 1 + later, day) / 1_000 / daySeconds;
  const year = new Date(today * daySeconds * 1_000).getUTCFullYear();
  const isOver = date(year, 0) <= today;
  if (instant.coming === true) return date(isOver ? year + 1 : year, months);
  return date(isOver ? year : year - 1, months);
}

/** Whether a point in time is told by the calendar, so that the time zone matters. */
export function isByCalendar(instant: Instant): instant is ByCalendar {
  return 'midnight' in instant || 'weekday' in instant || 'month' in instant;
}
