const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * A time as C's ctime writes it (`Sun Nov  9 01:05:13 2025`), read in a time zone.
 *
 * @returns seconds since 1970, or undefined where the text is no such time.
 */
export function ctimeSeconds(text: string, timeZone: string): number | undefined {
  const found = /(\w{3})\s+(\d{1,2})\s+(\d{2}):(\d{2}):(\d{2})\s+(\d{4})/.exec(text);
  const month = months.indexOf(found?.[1] ?? '');
  if (found === null || month < 0) return undefined;
  const [day = 1, hour = 0, minute = 0, second = 0, year = 1970] = found.slice(2).map(Number);
  const wall = Date.UTC(year, month, day, hour, minute, second) / 1000;
  // The offset that holds near that time; the second look is right where the first one crossed a change of the clocks.
  const first = wall - offsetAt(wall, timeZone);
  return wall - offsetAt(first, timeZone);
}

/** Seconds east of UTC of a zone at a time; 0 for a zone that is not known here. */
function offsetAt(seconds: number, timeZone: string): number {
  const format = formatOf(timeZone);
  if (format === undefined) return 0;
  const parts = new Map(format.formatToParts(seconds * 1000).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return wall / 1000 - seconds;
}

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
}
