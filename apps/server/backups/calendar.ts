const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** A part of cron as a part of a calendar event: `*` and `5`, lists, `1-5` is `1..5`, and of minutes and hours `*\/15` is `0/15`. */
function part(text: string, name: (number: string) => string = (number) => number): string | undefined {
  const pieces = text.split(',').map((piece) => {
    const [, from = '', to, step] = /^(\*|\d{1,2})(?:-(\d{1,2}))?(?:\/(\d{1,2}))?$/.exec(piece) ?? [];
    if (from === '' || (from === '*' && to !== undefined)) return undefined;
    const range = to === undefined ? name(from) : `${name(from)}..${name(to)}`;
    if (step === undefined) return range;
    return `${from === '*' ? '0' : range}/${step}`;
  });
  return pieces.includes(undefined) ? undefined : pieces.join(',');
}

const dayName = (number: string): string => DAYS[Number(number)] ?? number;

/**
 * A schedule as Proxmox takes it: the five fields of cron (`0 2 * * 1-5`) become a calendar event (`mon..fri 02:00`), and
 * everything else stays as it is. Undefined for what cron can say and Proxmox cannot.
 */
export function calendarEvent(schedule: string): string | undefined {
  const fields = schedule.trim().split(/\s+/);
  if (fields.length !== 5) return schedule.trim();
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  const [minutes, hours, days, months] = [minute, hour, day, month].map((field) => part(field));
  const weekdays = weekday === '*' ? '' : part(weekday, dayName);
  if (minutes === undefined || hours === undefined || days === undefined || months === undefined) return undefined;
  if (weekdays === undefined) return undefined;
  // Cron takes either of both, Proxmox only days that are both.
  if (weekdays !== '' && days !== '*') return undefined;
  const date = days === '*' && months === '*' ? '' : `${months}-${days}`;
  const two = (text: string): string => text.replace(/^\d$/, '0$&');
  return [weekdays, date, `${two(hours)}:${two(minutes)}`].filter((each) => each !== '').join(' ');
}
