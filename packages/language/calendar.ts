import type { Instant } from '@pxa/contract';
import type { Sentence } from './sentence.ts';
import { table } from './table.ts';

const months = table<number>({
  january: 1, february: 2, march: 3, april: 4, may: 5, june: 6, july: 7, august: 8, september: 9, october: 10, november: 11,
  december: 12, jan: 1, feb: 2, mar: 3, apr: 4, jun: 6, jul: 7, aug: 8, sep: 9, sept: 9, oct: 10, nov: 11, dec: 12,
}); // prettier-ignore

const weekdays = table<number>({
  sunday: 0, monday: 1, tuesday: 2, wednesday: 3, thursday: 4, friday: 5, saturday: 6,
  sun: 0, mon: 1, tue: 2, tues: 2, wed: 3, thu: 4, thur: 4, thurs: 4, fri: 5, sat: 6,
}); // prettier-ignore

/** Their names, so that they are put right where they were mistyped. */
export const calendarWords = [...Object.keys(months), ...Object.keys(weekdays)].filter((word) => word.length > 4);

const daySeconds = 86_400;

/** A day or a month of the calendar: when it begins, and when the next one does. */
export interface Span {
  readonly end: number;
  readonly from: Instant;
  readonly to: Instant;
}

/**
 * `2026-02-19`, `Tuesday`, `last Friday`, `March`, `5 March`, `March 5th`, `yesterday`, `today`: as a part of the sentence
 * that a word such as “since” or “before” has to stand before, since “may” and “sun” are other words, too. Of what
 * comes again and again it is the last one that has begun, or the next where it is `coming`.
 */
export function spanAt(s: Sentence, at: number, coming = false): Span | undefined {
  const of = coming ? { coming } : {};
  const isLast = /^(last|past|this|previous|next|coming|the)$/.test(s.word(at));
  const place = isLast ? at + 1 : at;
  const word = s.word(place);
  const date = /^(\d{4})-(\d{2})-(\d{2})$/.exec(word);
  if (date !== null) {
    const time = Date.UTC(Number(date[1]), Number(date[2]) - 1, Number(date[3])) / 1_000;
    return Number.isFinite(time) ? { end: place + 1, from: { at: time }, to: { at: time + daySeconds } } : undefined;
  }
  const weekday = weekdays[word];
  if (weekday !== undefined)
    return { end: place + 1, from: { weekday, ...of }, to: { weekday, ...of, plus: daySeconds } };
  const dated = dateInYear(s, place);
  if (dated !== undefined) {
    const { end, month, day } = dated;
    return { end, from: { month, day, ...of }, to: { month, day, ...of, plus: daySeconds } };
  }
  const month = months[word];
  if (month !== undefined) return { end: place + 1, from: { month, ...of }, to: { month, ...of, months: 1 } };
  if (word === 'yesterday') return { end: place + 1, from: { midnight: 1 }, to: { midnight: 0 } };
  if (word === 'today') return { end: place + 1, from: { midnight: 0 }, to: { midnight: 0, plus: daySeconds } };
  return undefined;
}

/** `5 March`, `5th of March`, `March 5`, `March 5th`. */
function dateInYear(s: Sentence, at: number): { end: number; month: number; day: number } | undefined {
  const dayAt = (place: number): number | undefined => {
    const day = Number(/^(\d{1,2})(?:st|nd|rd|th|\.)?$/.exec(s.word(place))?.[1]);
    return day >= 1 && day <= 31 ? day : undefined;
  };
  const first = dayAt(at);
  const after = s.word(at + 1) === 'of' ? at + 2 : at + 1;
  const month = months[s.word(first === undefined ? at : after)];
  const day = first ?? dayAt(at + 1);
  if (month === undefined || day === undefined) return undefined;
  return { end: first === undefined ? at + 2 : after + 1, month, day };
}
