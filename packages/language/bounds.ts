import type { Comparison } from '@pxa/contract';
import { type Amount, amountsAt, numberAt } from './amounts.ts';
import { entitiesAt } from './rules-names.ts';
import type { Sentence } from './sentence.ts';

/** Words that may stand between an amount and what it is of. */
/** Words between a figure and what it is of; "there" is "their", as many write it. */
export const ofWords = new Set(['of', 'the', 'a', 'an', 'their', 'there', 'thier', 'its', 'my', 'our', 'for', 'in']);

export interface Part<T> {
  readonly part: T;
  readonly end: number;
}

/** What a figure is held against: more than 4, between 4 and 8 GB. */
export interface Bound {
  readonly is: Comparison;
  readonly amount: Amount;
  readonly to?: Amount;
}

/** `more than 4`, `at least 8 GB`, `between 4 and 8 GB`, `16 GB or more`, `16+`. */
export function boundsAt(s: Sentence, at: number): Part<Bound>[] {
  const found: Part<Bound>[] = [];
  for (const { what, end } of s.core(at, 'compare')) {
    // "is 102 bigger than 103?" compares guests.
    const isOther =
      /^(bigger|larger|smaller|higher|lower|greater)$/.test(s.word(at)) && s.core(at - 1, 'qualifier').length === 0;
    if (isOther && at > 0 && isGuest(s, at - 1) && isGuest(s, end)) continue;
    // "less than a day": the article counts.
    for (const place of new Set([end, s.skip(end, ofWords)])) {
      for (const { amount, end: after } of amountsAt(s.tokens, place))
        found.push({ part: { is: what.is, amount }, end: after });
    }
  }
  if (s.word(at) === 'between') {
    for (const low of amountsAt(s.tokens, at + 1)) {
      if (s.word(low.end) !== 'and') continue;
      for (const high of amountsAt(s.tokens, low.end + 1)) {
        // "between 4 and 8 GB": the unit stands once.
        const first =
          low.amount.unit === 'plain' && high.amount.unit !== 'plain'
            ? scaled(low.amount, high.amount, s, high.end)
            : low.amount;
        found.push({ part: { is: '>=', amount: first, to: high.amount }, end: high.end });
      }
    }
  }
  for (const { amount, end } of amountsAt(s.tokens, at)) {
    const open = /^(or|and)$/.test(s.word(end)) ? s.word(end + 1) : '';
    if (/^(more|above|higher|greater|over|larger|up|upward|upwards)$/.test(open))
      found.push({ part: { is: '>=', amount }, end: end + 2 });
    else if (/^(less|fewer|below|lower|under|smaller)$/.test(open))
      found.push({ part: { is: '<=', amount }, end: end + 2 });
  }
  if (/^(several|multiple)$/.test(s.word(at)))
    found.push({ part: { is: '>', amount: { number: 1, unit: 'plain' } }, end: at + 1 });
  return [...found, ...openAt(s, at)];
}

/** `16 or more GB`: the unit stands behind the bound; `16+`, `16GB+`, `16 GB+`. */
function openAt(s: Sentence, at: number): Part<Bound>[] {
  const found: Part<Bound>[] = [];
  const number = numberAt(s.tokens, at);
  const open = number && /^(or|and)$/.test(s.word(number.end)) ? s.word(number.end + 1) : '';
  const is = /^(more|above|over|up)$/.test(open) ? '>=' : /^(less|fewer|below|under)$/.test(open) ? '<=' : undefined;
  if (number && is) {
    const end = number.end + 3;
    for (const amount of unitsAt(s, number.number, end - 1)) found.push({ part: { is, amount }, end });
  }
  // The plus stands at the number or at its unit.
  for (const place of [at, at + 1]) {
    const token = s.tokens[place];
    if (token === undefined || token.quoted || !token.word.endsWith('+') || !/^[\w.,]+%?\+$/.test(token.word)) continue;
    const word = token.word.slice(0, -1);
    const written = [...s.tokens.slice(at, place), { ...token, word, stem: word }, ...s.tokens.slice(place + 1)];
    for (const { amount, end } of amountsAt(written, 0)) {
      if (end > place - at) found.push({ part: { is: '>=', amount }, end: at + end });
    }
  }
  return found;
}

/** A number with the unit at a place. */
function unitsAt(s: Sentence, number: number, at: number): Amount[] {
  const unit = s.tokens[at];
  if (unit === undefined) return [];
  const text = String(number);
  return amountsAt([{ text, word: text, stem: text, quoted: false }, unit], 0)
    .filter(({ end }) => end === 2)
    .map(({ amount }) => amount);
}

function scaled(low: Amount, high: Amount, s: Sentence, end: number): Amount {
  const written = numberAt(s.tokens, end - 2)?.number;
  return written ? { number: (low.number * high.number) / written, unit: high.unit } : low;
}

function isGuest(s: Sentence, at: number): boolean {
  return entitiesAt(s, at).some(({ kind }) => kind === 'guest');
}
