/** When things happen that are scheduled by calendar events: PVE::CalendarEvent (proxmox-time's calendar events). */

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const NAMED: Record<string, string> = {
  minutely: '*-*-* *:*',
  hourly: '*-*-* *:00',
  daily: '*-*-* 00:00',
  weekly: 'mon *-*-* 00:00',
  monthly: '*-*-01 00:00',
  yearly: '*-01-01 00:00',
  annually: '*-01-01 00:00',
  quarterly: '*-01,04,07,10-01 00:00',
  semiannually: '*-01,07-01 00:00',
};

/** What a part of an event admits. */
type Admits = (value: number) => boolean;

interface Event {
  weekday: Admits;
  year: Admits;
  month: Admits;
  day: Admits;
  hour: Admits;
  minute: Admits;
}

const ANY: Admits = () => true;

/** `1,3`, `1..5`, `*`, `2/3`: values, ranges and repetitions; an asterisk begins at `first`. */
function admits(text: string, first: number): Admits {
  const parts = text.split(',').map((part): Admits => {
    const [range = '', every] = part.split('/');
    const [from = '', to] = range.split('..');
    const low = from === '*' ? first : Number(from);
    const high = to === undefined ? (from === '*' || every !== undefined ? Infinity : low) : Number(to);
    const step = every === undefined ? 1 : Number(every);
    return (value) => value >= low && value <= high && (value - low) % step === 0;
  });
  return (value) => parts.some((part) => part(value));
}

function weekdays(text: string): Admits {
  const index = (name: string): number => WEEKDAYS.indexOf(name.slice(0, 3).toLowerCase());
  const parts = text.split(',').map((part): Admits => {
    const [from = '', to] = part.split('..');
    if (to === undefined) return (value) => value === index(from);
    const length = (index(to) - index(from) + 7) % 7;
    return (value) => (value - index(from) + 7) % 7 <= length;
  });
  return (value) => parts.some((part) => part(value));
}

/** Reads an event such as `sun 03:00`, `mon..fri 22:30`, `monthly`; undefined where it is none. */
export function parseEvent(text: string): Event | undefined {
  const name = text.trim().toLowerCase();
  const spelled = Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
  const words = (spelled ?? text.trim()).split(/\s+/).filter((word) => word !== '');
  const event: Event = { weekday: ANY, year: ANY, month: ANY, day: ANY, hour: ANY, minute: (value) => value === 0 };
  let timed = false;
  for (const word of words) {
    if (/^[a-z]/i.test(word)) event.weekday = weekdays(word);
    else if (word.includes('-')) setDate(event, word);
    else {
      timed = true;
      setTime(event, word);
    }
  }
  if (!timed) event.hour = (value) => value === 0;
  return words.length === 0 ? undefined : event;
}

function setDate(event: Event, word: string): void {
  const parts = word.split('-');
  const [day = '*', month = '*', year = '*'] = parts.reverse();
  event.day = admits(day, 1);
  event.month = admits(month, 1);
  event.year = admits(year, 1970);
}

/** `HH:MM`, where a word without a colon is of minutes. */
function setTime(event: Event, word: string): void {
  const [left = '*', right] = word.split(':');
  event.hour = right === undefined ? ANY : admits(left, 0);
  event.minute = admits(right ?? left, 0);
}

/** A search for what never comes ends here. */
const LONGEST_DAYS = 366 * 9;

/** The first moment of `schedule` after `after`; seconds since 1970; `tzOffset` seconds east of UTC. */
export function nextEvent(schedule: string, after: number, tzOffset: number): number | undefined {
  const event = parseEvent(schedule);
  if (!event) return undefined;
  const first = Math.floor((after + tzOffset) / 60) * 60 + 60;
  const firstDay = Math.floor(first / 86_400) * 86_400;
  for (let day = 0; day < LONGEST_DAYS; day++) {
    const midnight = firstDay + day * 86_400;
    if (!onDay(event, midnight)) continue;
    const found = inDay(event, midnight, Math.max(first, midnight));
    if (found !== undefined) return found - tzOffset;
  }
  return undefined;
}

function onDay(event: Event, midnight: number): boolean {
  const date = new Date(midnight * 1000);
  if (!event.weekday(date.getUTCDay()) || !event.day(date.getUTCDate())) return false;
  return event.month(date.getUTCMonth() + 1) && event.year(date.getUTCFullYear());
}

function inDay(event: Event, midnight: number, from: number): number | undefined {
  for (let at = from; at < midnight + 86_400; at += 60) {
    const minutes = (at - midnight) / 60;
    if (!event.hour(Math.floor(minutes / 60))) at += (59 - (minutes % 60)) * 60;
    else if (event.minute(minutes % 60)) return at;
  }
  return undefined;
}
