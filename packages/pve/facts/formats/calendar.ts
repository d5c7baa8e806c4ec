const NAMED = /^(?:minutely|hourly|daily|weekly|monthly|quarterly|semiannually|semi-annually|yearly|annually)$/i;
const DAY = '(?:mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)';
const DAYS = `${DAY}(?:\\.\\.${DAY})?`;
const WEEKDAYS = new RegExp(`^${DAYS}(?:,${DAYS})*$`, 'i');
const VALUE = /^(\d{1,4})(?:\.\.(\d{1,4}))?(?:\/(\d{1,2}))?$/;

/** The values that a part of an event may have, both ends included. */
type Range = readonly [least: number, most: number];
const OF: Readonly<Record<'year' | 'month' | 'day' | 'hour' | 'minute', Range>> = {
  year: [0, 9_999],
  month: [1, 12],
  day: [1, 31],
  hour: [0, 23],
  minute: [0, 59],
};

/** `*`, every so much of it, or values, ranges and repetitions: `1,15`, `8..18`, `0/15`. */
function isPart(text: string, [least, most]: Range): boolean {
  if (text === '*') return true;
  if (text.startsWith('*/')) return isStep(text.slice(2), most);
  return text.split(',').every((each) => {
    const [, from, to = from, step] = VALUE.exec(each) ?? [];
    const [first, last] = [Number(from), Number(to)];
    const isIn = first >= least && last <= most && first <= last;
    return isIn && (step === undefined || isStep(step, most));
  });
}

const isStep = (text: string, most: number): boolean =>
  /^\d{1,2}$/.test(text) && Number(text) > 0 && Number(text) <= most;

/** `MONTH-DAY`, `YEAR-MONTH-DAY`. */
function isDate(text: string): boolean {
  const [day = '', month = '', year = '*', ...more] = text.split('-').toReversed();
  return more.length === 0 && isPart(day, OF.day) && isPart(month, OF.month) && isPart(year, OF.year);
}

/** `HOUR:MINUTE`, with seconds too; without a colon, it is of minutes. */
function isTime(text: string): boolean {
  const parts = text.split(':');
  const hour = parts.length === 1 ? '*' : (parts.shift() ?? '');
  return parts.length <= 2 && isPart(hour, OF.hour) && parts.every((part) => isPart(part, OF.minute));
}

/**
 * Whether a text is a calendar event (`21:00`, `sun 03:00`, `mon..fri 22:30`, `*-1 02:00`, `monthly`): days of the week,
 * a date, a time, each of which may be left out, as proxmox-time reads them (calendar_event.rs, parse_calendar_event).
 */
export function isCalendarEvent(text: string): boolean {
  const words = text.trim().split(/\s+/);
  if (words.length === 1 && NAMED.test(words[0] ?? '')) return true;
  if (words.at(-1)?.toUpperCase() === 'UTC') words.pop();
  if (words.length === 0) return false;
  if (/^[a-z]/i.test(words[0] ?? '') && !WEEKDAYS.test(words.shift() ?? '')) return false;
  if (words[0]?.includes('-') === true && !isDate(words.shift() ?? '')) return false;
  return words.length === 0 || (words.length === 1 && isTime(words[0] ?? ''));
}
