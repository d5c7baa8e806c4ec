import type { Instant } from '@pxa/contract';
import { amountsAt, numberAt } from '../amounts.ts';
import { spanAt } from '../calendar.ts';
import type { Sentence } from '../sentence.ts';
import { type Candidate, problemCost } from './problem.ts';

/** `8 GB`, `8G`, `512 MiB`, `8 gigs`, `1 terabyte`: bytes, binary as Proxmox counts. A bare number lacks its unit. */
export function sizesAt(s: Sentence, at: number): Candidate<number>[] {
  const negative = /^-(\d.*)$/.exec(s.word(at));
  const list = negative?.[1] === undefined ? s.tokens : s.tokens.with(at, plain(s, at, negative[1]));
  const sign = negative ? -1 : 1;
  const found = amountsAt(list, at)
    .filter(({ amount }) => amount.unit === 'bytes')
    .map(({ amount, end }) => ({ end, value: Math.round(sign * amount.number), cost: 0 }));
  if (found.length > 0) return found;
  const number = numberAt(list, at);
  if (number === undefined) return [];
  // A lone letter after a number: `8 g`.
  const spaced = /^[kmgtp]$/.test(s.word(number.end))
    ? amountsAt([plain(s, at, `${number.number}${s.word(number.end)}`)], 0)
    : [];
  const [size] = spaced;
  if (size?.amount.unit === 'bytes')
    return [{ end: number.end + 1, value: Math.round(sign * size.amount.number), cost: 0.1 }];
  // Nothing is nothing in every unit.
  if (number.number === 0) return [{ end: number.end, value: 0, cost: 0.2 }];
  const said = s.surface(at, number.end);
  return [
    { end: number.end, value: 0, cost: problemCost, problem: { p: 'unit', said, units: ['MB', 'GB', 'TB'] as const } },
  ];
}

function plain(s: Sentence, at: number, text: string): Sentence['tokens'][number] {
  return { ...(s.tokens[at] ?? { quoted: false }), text, word: text, stem: text };
}

/** `2`, `two`, `a couple of`; `a`, `one`, `another`: one. */
export function countsAt(s: Sentence, at: number): Candidate<number>[] {
  const negative = /^-\d+$/.test(s.word(at));
  if (negative) return [{ end: at + 1, value: Number(s.word(at)), cost: 0 }];
  const found = numberAt(s.tokens, at);
  if (found && Number.isInteger(found.number)) {
    const one = { end: found.end, value: found.number, cost: 0 };
    // "two of the cores"; but "cores to 2 of web-01".
    return s.word(found.end) === 'of' ? [{ ...one, end: found.end + 1 }, one] : [one];
  }
  return /^(a|an|another)$/.test(s.word(at)) ? [{ end: at + 1, value: 1, cost: 0.2 }] : [];
}

/** `5 minutes`, `90s`, `1 hour 30 minutes`: seconds. */
export function durationsAt(s: Sentence, at: number): Candidate<number>[] {
  const [first] = amountsAt(s.tokens, at).filter(({ amount }) => amount.unit === 'seconds');
  if (first === undefined) return [];
  const next = s.word(first.end) === 'and' ? first.end + 1 : first.end;
  const [rest] = amountsAt(s.tokens, next).filter(({ amount }) => amount.unit === 'seconds');
  const one = { end: first.end, value: first.amount.number, cost: 0 };
  return rest === undefined
    ? [one]
    : [
        { end: rest.end, value: first.amount.number + rest.amount.number, cost: 0 },
        { ...one, cost: 0.3 },
      ];
}

/** `30 days` (ago), `a week ago`, `March`, `last Tuesday`, `2026-02-01`. */
export function timesAt(s: Sentence, at: number): Candidate<Instant>[] {
  const span = spanAt(s, at);
  const since = durationsAt(s, at).map(({ end, value, cost }) => ({
    end: /^(ago|back)$/.test(s.word(end)) ? end + 1 : end,
    value: { ago: value },
    cost,
  }));
  return span === undefined ? since : [{ end: span.end, value: span.from, cost: 0 }, ...since];
}

/** `on`, `yes`, `enabled`; `off`, `no`, `disabled`. */
export function flagsAt(s: Sentence, at: number): Candidate<boolean>[] {
  const word = s.word(at);
  if (/^(on|yes|true|enabled|enable|1|active)$/.test(word)) return [{ end: at + 1, value: true, cost: 0 }];
  if (/^(off|no|false|disabled|disable|0|inactive|none)$/.test(word)) return [{ end: at + 1, value: false, cost: 0 }];
  return [];
}
