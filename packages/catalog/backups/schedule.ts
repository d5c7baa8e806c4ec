/**
 * Proxmox's calendar events (`21:00`, `sun 03:00`, `mon..fri 22:30`, `*-*-1 02:00`, `monthly`): whether a minute of
 * local time is one of them. Rules: proxmox-time, src/calendar_event.rs; all in the server's own time zone.
 */

interface Event {
  readonly weekdays: ReadonlySet<number> | undefined;
  readonly months: (month: number) => boolean;
  readonly days: (day: number) => boolean;
  readonly hours: (hour: number) => boolean;
  readonly minutes: (minute: number) => boolean;
}

const weekdayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const shorthands: Readonly<Record<string, string>> = {
  minutely: '*:*',
  hourly: '*:00',
  daily: '00:00',
  weekly: 'mon 00:00',
  monthly: '*-1 00:00',
  quarterly: '1,4,7,10-1 00:00',
  semiannually: '1,7-1 00:00',
  'semi-annually': '1,7-1 00:00',
  yearly: '1-1 00:00',
  annually: '1-1 00:00',
};

/** The event of a schedule; undefined where it is written in a way that is not known here. */
export function parseSchedule(schedule: string): Event | undefined {
  const text = schedule.trim().toLowerCase();
  const parts = (shorthands[text] ?? text).split(/\s+/);
  const weekdays = /^[a-z]/.test(parts[0] ?? '') ? weekdaysOf(parts.shift() ?? '') : undefined;
  if (weekdays === 'bad') return undefined;
  const date = /-/.test(parts[0] ?? '') ? parts.shift() : undefined;
  const time = parts.shift() ?? '00:00';
  if (parts.length > 0) return undefined;
  const [day, month] = (date ?? '').split('-').reverse();
  const clock = time.split(':');
  // `*/15` alone speaks of minutes.
  const [hour, minute] = clock.length === 1 ? ['*', clock[0]] : clock;
  const tests = [month ?? '*', day || '*', hour, minute].map((each) => rangeTest(each ?? '*'));
  const [months, days, hours, minutes] = tests;
  if (!months || !days || !hours || !minutes) return undefined;
  return { weekdays, months, days, hours, minutes };
}

function weekdaysOf(text: string): Set<number> | 'bad' {
  const found = new Set<number>();
  for (const part of text.split(',')) {
    const [from, to = from] = part.split('..').map((name) => weekdayNames.indexOf(name.slice(0, 3)));
    if (from === undefined || to === undefined || from < 0 || to < 0) return 'bad';
    for (let day = from; ; day = (day + 1) % 7) {
      found.add(day);
      if (day === to) break;
    }
  }
  return found;
}

/** `*`, `5`, `1,15`, `8..18`, `0..30/15`, `0/15`. */
function rangeTest(text: string): ((value: number) => boolean) | undefined {
  const tests: ((value: number) => boolean)[] = [];
  for (const part of text.split(',')) {
    const match = /^(\*|\d+)(?:\.\.(\d+))?(?:\/(\d+))?$/.exec(part);
    if (!match) return undefined;
    const first = match[1] === '*' ? 0 : Number(match[1]);
    const step = match[3] === undefined ? 1 : Number(match[3]);
    if (step === 0) return undefined;
    const isOpen = match[1] === '*' || match[3] !== undefined;
    const last = match[2] === undefined ? (isOpen ? Infinity : first) : Number(match[2]);
    tests.push((value) => value >= first && value <= last && (value - first) % step === 0);
  }
  return (value) => tests.some((test) => test(value));
}

/** Whether an event falls into the minutes just before a time; `offset` is local time less UTC, in seconds. */
export function fallsAt(event: Event, time: number, offset: number, slackMinutes = 3): boolean {
  for (let back = 0; back <= slackMinutes; back++) {
    const local = new Date((time + offset - back * 60) * 1000);
    const isEvent =
      (event.weekdays === undefined || event.weekdays.has(local.getUTCDay())) &&
      event.months(local.getUTCMonth() + 1) &&
      event.days(local.getUTCDate()) &&
      event.hours(local.getUTCHours()) &&
      event.minutes(local.getUTCMinutes());
    if (isEvent) return true;
  }
  return false;
}

/** A schedule as people say it where it is a plain one: `daily 21:00`, `weekly Sun 03:00`; else as it is written. */
export function scheduleText(schedule: string): string {
  if (/^\d{1,2}:\d{2}$/.test(schedule)) return `daily ${schedule}`;
  const weekly = /^([a-z]{3})[a-z]* (\d{1,2}:\d{2})$/i.exec(schedule);
  if (weekly?.[1] === undefined) return schedule;
  return `weekly ${weekly[1].charAt(0).toUpperCase()}${weekly[1].slice(1).toLowerCase()} ${weekly[2] ?? ''}`;
}
