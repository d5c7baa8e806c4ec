/** The values that a field of cron may have, both ends included. */
type Bounds = readonly [least: number, most: number];

const MINUTE: Bounds = [0, 59];
const HOUR: Bounds = [0, 23];
const DAY: Bounds = [1, 31];
const MONTH: Bounds = [1, 12];
const WEEKDAY: Bounds = [0, 6];

/** One piece of a list: `*`, `5`, `1-5`, `1-9/2`, `*\/15`. */
const PIECE = /^(\*|\d{1,2})(?:-(\d{1,2}))?(?:\/(\d{1,2}))?$/;

/** A field of minutes, hours, days or months: `1-5` is `1..5`, and `*\/15` is `0/15`, or `1/15` where there is no 0. */
function numbers(text: string, bounds: Bounds): string | undefined {
  return listed(text, (from, to, step) => {
    if (step === undefined) return to === undefined ? from : `${from}..${to}`;
    const first = from === '*' ? bounds[0] : Number(from);
    // A repetition of Proxmox has no end (proxmox-time, date_time_value.rs): one that has is written out.
    return to === undefined ? `${first}/${step}` : upTo(first, Number(to), Number(step)).join(',');
  });
}

const NAMES = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** A field of weekdays: Proxmox names them, from Monday on, and repeats none. */
function weekdays(text: string): string | undefined {
  return listed(text, (from, to, step) => {
    if (step === undefined && to === undefined) return nameOf(from);
    if (step === undefined && from !== '0') return `${nameOf(from)}..${nameOf(to)}`;
    const [least, most] = WEEKDAY;
    const days = upTo(from === '*' ? least : Number(from), Number(to ?? most), Number(step ?? 1));
    return [...new Set(days.map(nameOf))].join(',');
  });
}

const nameOf = (day: string | number | undefined): string => NAMES[Number(day)] ?? String(day);

/** The pieces of a list, each as Proxmox has it; undefined where one of them is none that it could have. */
function listed(
  text: string,
  written: (from: string, to: string | undefined, step: string | undefined) => string,
): string | undefined {
  if (text === '*') return text;
  const pieces = text.split(',').map((piece) => {
    const [, from, to, step] = PIECE.exec(piece) ?? [];
    const isWhole = from === '*' && (to !== undefined || step === undefined);
    if (from === undefined || isWhole || Number(step ?? 1) === 0 || Number(from) > Number(to)) return undefined;
    return written(from, to, step);
  });
  return pieces.includes(undefined) ? undefined : pieces.join(',');
}

const upTo = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, at) => from + at * step);

/**
 * A schedule as Proxmox takes it: the five fields of cron (`0 2 * * 1-5`) become a calendar event (`mon..fri 02:00`), and
 * everything else stays as it is. Undefined for what cron can say and Proxmox cannot.
 */
export function calendarEvent(schedule: string): string | undefined {
  const fields = schedule.trim().split(/\s+/);
  if (fields.length !== 5) return schedule.trim();
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  const [minutes, hours] = [numbers(minute, MINUTE), numbers(hour, HOUR)];
  const [days, months, week] = [numbers(day, DAY), numbers(month, MONTH), weekdays(weekday)];
  if (minutes === undefined || hours === undefined || days === undefined) return undefined;
  if (months === undefined || week === undefined) return undefined;
  // Cron takes either of both, Proxmox only days that are both.
  if (week !== '*' && days !== '*') return undefined;
  const date = days === '*' && months === '*' ? '' : `${months}-${days}`;
  const two = (text: string): string => text.replace(/^\d$/, '0$&');
  return [week === '*' ? '' : week, date, `${two(hours)}:${two(minutes)}`].filter((each) => each !== '').join(' ');
}
