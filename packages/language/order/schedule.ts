import type { Sentence } from '../sentence.ts';
import type { Candidate } from './problem.ts';
import { table } from '../table.ts';

/** `2:30`, `2am`, `2 am`, `11:15 pm`, `midnight`, `noon`: `HH:MM`. */
export function clocksAt(s: Sentence, at: number): Candidate<string>[] {
  const word = s.word(at);
  if (word === 'midnight') return [{ end: at + 1, value: '00:00', cost: 0 }];
  if (word === 'noon' || word === 'midday') return [{ end: at + 1, value: '12:00', cost: 0 }];
  const match = /^(\d{1,2})(?:[:.h](\d{2}))?(am|pm|a\.m|p\.m|h)?$/.exec(word);
  if (!match?.[1]) return [];
  const spaced = match[3] === undefined && /^(am|pm|a\.m|p\.m|o'clock|uhr|h)$/.test(s.word(at + 1));
  const half = (match[3] ?? (spaced ? s.word(at + 1) : '')).replace('.', '').slice(0, 2);
  const isSure = match[2] !== undefined || half !== '';
  const hour = Number(match[1]);
  const minute = Number(match[2] ?? 0);
  const of24 = half === 'am' ? hour % 12 : half === 'pm' ? (hour % 12) + 12 : hour;
  if (of24 > 23 || minute > 59 || ((half === 'am' || half === 'pm') && (hour < 1 || hour > 12))) return [];
  return [{ end: at + (spaced ? 2 : 1), value: `${two(of24)}:${two(minute)}`, cost: isSure ? 0 : 0.6 }];
}

const two = (number: number): string => String(number).padStart(2, '0');

const days = table<string>({
  monday: 'mon', tuesday: 'tue', wednesday: 'wed', thursday: 'thu', friday: 'fri', saturday: 'sat', sunday: 'sun',
  mon: 'mon', tue: 'tue', tues: 'tue', wed: 'wed', thu: 'thu', thur: 'thu', thurs: 'thu', fri: 'fri', sat: 'sat', sun: 'sun',
  weekday: 'mon..fri', weekend: 'sat,sun', workday: 'mon..fri', 'working day': 'mon..fri',
}); // prettier-ignore

const words = table<string>({
  daily: 'daily', nightly: 'daily', 'every day': 'daily', 'each day': 'daily', 'every night': 'daily', 'each night': 'daily',
  'once a day': 'daily', 'every morning': 'daily', 'every evening': 'daily', 'per day': 'daily',
  hourly: 'hourly', 'every hour': 'hourly', 'each hour': 'hourly', 'once an hour': 'hourly',
  weekly: 'weekly', 'every week': 'weekly', 'each week': 'weekly', 'once a week': 'weekly',
  monthly: 'monthly', 'every month': 'monthly', 'each month': 'monthly', 'once a month': 'monthly',
  yearly: 'yearly', 'every year': 'yearly', 'every minute': 'minutely', quarterly: 'quarterly',
}); // prettier-ignore

/**
 * When something is done again and again, as a calendar event of Proxmox: `daily at 2:30` is `02:30`, `every sunday
 * 01:00` is `sun 01:00`, `every 2 hours` is `0/2:00`; an event in Proxmox's own words stays as it is
 * (pve-common, PVE::CalendarEvent).
 */
export function schedulesAt(s: Sentence, at: number): Candidate<string>[] {
  const { quoted = false, text = '' } = s.tokens[at] ?? {};
  if (quoted) return /^[\w*.,:/ -]*[\d*][\w*.,:/ -]*$/.test(text) ? [{ end: at + 1, value: text, cost: 0 }] : [];
  // "at 2" is a time of day; a mere 2 may be anything.
  const clocks = clocksAt(s, at).filter(({ cost }) => cost === 0 || s.word(at - 1) === 'at');
  const raw = rawAt(s, at);
  const day = dayAt(s, at);
  if (day === undefined) return [...raw, ...clocks, ...everyAt(s, at)];
  const timed = clocksAt(s, /^(at|@|on)$/.test(s.word(day.end)) ? day.end + 1 : day.end);
  return [
    ...raw,
    ...timed.map(({ end, value, cost }) => ({ end, value: mergedSchedule(day.value, value) ?? value, cost })),
    { ...day, cost: 0.1 },
  ];
}

/** What two parts of a schedule come to that were said apart: days, and the time of day. */
export function mergedSchedule(a: string, b: string): string | undefined {
  const isTime = (text: string): boolean => /^\d\d:\d\d$/.test(text);
  if (isTime(a) === isTime(b)) return undefined;
  const [day, time] = isTime(a) ? [b, a] : [a, b];
  if (day === 'daily') return time;
  if (day === 'weekly') return `mon ${time}`;
  if (day === 'monthly') return `*-*-01 ${time}`;
  return weekdays.test(day) ? `${day} ${time}` : undefined;
}

/** What an event comes to that is changed by other days, or by another time of day: the rest of it stays. */
export function changedSchedule(before: string, now: string): string {
  const [, , time] = timed.exec(before) ?? [];
  const isTime = /^\d\d:\d\d$/.test(now);
  if (isTime) {
    const day = (timed.exec(before)?.[1] ?? before).trim();
    return day.startsWith('*-*-') ? `${day} ${now}` : (mergedSchedule(day === '' ? 'daily' : day, now) ?? now);
  }
  return time === undefined ? now : (mergedSchedule(now, time) ?? now);
}

const timed = /^(.*?)(\d\d:\d\d)$/;

const weekdays = /^(mon|tue|wed|thu|fri|sat|sun)([.,]+(mon|tue|wed|thu|fri|sat|sun))*$/;

/** `every sunday`, `sundays`, `mondays and thursdays`, `mon-fri`, `weekdays`, `daily`, `once a week`. */
function dayAt(s: Sentence, at: number): Candidate<string> | undefined {
  for (let length = 3; length > 0; length--) {
    const value = words[said(s, at, at + length)];
    if (value !== undefined && value !== 'weekly') return { end: at + length, value, cost: 0 };
    // "weekly on sunday", "every week on sunday"
    if (value === 'weekly') {
      const on = dayList(s, s.word(at + length) === 'on' ? at + length + 1 : at + length);
      return on ?? { end: at + length, value, cost: 0 };
    }
  }
  let from = at;
  if (/^(every|each|on)$/.test(s.word(from))) from++;
  if (/^(every|each)$/.test(s.word(from))) from++;
  return dayList(s, from);
}

function dayList(s: Sentence, from: number): Candidate<string> | undefined {
  const range = /^([a-z]+)(?:-|\.\.)([a-z]+)$/.exec(s.word(from));
  const first = days[range?.[1] ?? ''];
  const last = days[range?.[2] ?? ''];
  if (first !== undefined && last !== undefined) return { end: from + 1, value: `${first}..${last}`, cost: 0 };
  const found: string[] = [];
  let end = from;
  for (let at = from; ; at++) {
    const day = days[s.tokens[at]?.stem ?? ''] ?? days[s.word(at)];
    if (day === undefined) break;
    found.push(day);
    end = at + 1;
    if (/^(to|through|until)$/.test(s.word(end))) {
      const until = days[s.tokens[end + 1]?.stem ?? ''];
      if (until !== undefined) return { end: end + 2, value: `${day}..${until}`, cost: 0 };
    }
    at = end;
    while (/^(and|,)$/.test(s.word(at))) at++;
    if (at === end) break;
    at--;
  }
  return found.length === 0 ? undefined : { end, value: found.join(','), cost: 0 };
}

/** `every 15 minutes`, `every 2 hours`. */
function everyAt(s: Sentence, at: number): Candidate<string>[] {
  if (!/^(every|each)$/.test(s.word(at)) || !/^\d{1,2}$/.test(s.word(at + 1))) return [];
  const number = Number(s.word(at + 1));
  const unit = s.tokens[at + 2]?.stem ?? '';
  if (/^(minute|min)$/.test(unit) && number > 0 && number < 60) return [{ end: at + 3, value: `*/${number}`, cost: 0 }];
  if (/^(hour|hr|h)$/.test(unit) && number > 0 && number < 24)
    return [{ end: at + 3, value: `0/${number}:00`, cost: 0 }];
  return [];
}

const rawPart =
  /^(\*(-\*)*(-\d+)?|\*\/\d+|\d+\/\d+(:\d+)?|\*:\d+(\/\d+)?|\d\d?:\d\d(:\d\d)?|(mon|tue|wed|thu|fri|sat|sun)((\.\.)(mon|tue|wed|thu|fri|sat|sun))?|\d{4}-\d\d-\d\d|minutely|hourly)$/;

/** A calendar event in Proxmox's own words: `mon..fri 22:00`, `*-*-1 03:00`, every 15 minutes as `*` and `/15`. */
function rawAt(s: Sentence, at: number): Candidate<string>[] {
  let end = at;
  while (end < at + 3 && rawPart.test(s.word(end))) end++;
  if (end === at || !/[*/.]/.test(said(s, at, end))) return [];
  return [{ end, value: said(s, at, end), cost: 0 }];
}

function said(s: Sentence, from: number, to: number): string {
  return Array.from({ length: to - from }, (_, index) => s.word(from + index)).join(' ');
}
