import type { Token } from './tokens.ts';
import { table } from './table.ts';

/** A number with what it counts: bytes, a share, seconds, or just a number. */
export interface Amount {
  readonly number: number;
  readonly unit: 'bytes' | 'fraction' | 'seconds' | 'rate' | 'plain';
}

const small = table<number>({
  no: 0, zero: 0, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10,
  eleven: 11, twelve: 12, thirteen: 13, fourteen: 14, fifteen: 15, sixteen: 16, seventeen: 17, eighteen: 18,
  nineteen: 19, twenty: 20, thirty: 30, forty: 40, fifty: 50, sixty: 60, seventy: 70, eighty: 80, ninety: 90,
  hundred: 100, dozen: 12, single: 1, couple: 2,
}); // prettier-ignore

const K = 1024;
/** Sizes are binary, since Proxmox counts so: 8 GB = 8 × 1024³ bytes. */
const sizes = table<number>({
  b: 1, byte: 1, k: K, kb: K, kib: K, kilobyte: K, m: K ** 2, mb: K ** 2, mib: K ** 2, meg: K ** 2, megabyte: K ** 2,
  g: K ** 3, gb: K ** 3, gib: K ** 3, gig: K ** 3, gigabyte: K ** 3, gibibyte: K ** 3, mebibyte: K ** 2,
  t: K ** 4, tb: K ** 4, tib: K ** 4, terabyte: K ** 4, tebibyte: K ** 4, p: K ** 5, pb: K ** 5, pib: K ** 5, petabyte: K ** 5,
}); // prettier-ignore

const day = 86_400;
const durations = table<number>({
  s: 1, sec: 1, second: 1, min: 60, minute: 60, h: 3600, hr: 3600, hour: 3600, d: day, day, week: 7 * day, wk: 7 * day,
  w: 7 * day, fortnight: 14 * day, month: 30 * day, mo: 30 * day, quarter: 91 * day, year: 365 * day, yr: 365 * day,
}); // prettier-ignore

/** The seconds of a unit of time, by its name in the singular. */
export function secondsOf(unit: string): number | undefined {
  return durations[unit];
}

/** A number at a place: digits (`1,024`, `1.5`) or words; `half` is no number here. */
export function numberAt(list: readonly Token[], at: number): { number: number; end: number } | undefined {
  const token = list[at];
  if (token === undefined || token.quoted) return undefined;
  if (/^\d{1,3}(,\d{3})+(\.\d+)?$|^\d+([.,]\d+)?$/.test(token.word)) {
    const plain = /^\d+,\d{1,2}$/.test(token.word) ? token.word.replace(',', '.') : token.word.replaceAll(',', '');
    return { number: Number(plain), end: at + 1 };
  }
  if (token.word === 'a' && ['couple', 'dozen', 'hundred'].includes(list[at + 1]?.word ?? '')) {
    const found = numberAt(list, at + 1);
    return found && list[found.end]?.word === 'of' ? { number: found.number, end: found.end + 1 } : found;
  }
  const value = small[token.word];
  if (value === undefined || token.word === 'no') return undefined;
  const next = small[list[at + 1]?.word ?? ''];
  if (value >= 20 && value < 100 && next !== undefined && next > 0 && next < 10)
    return { number: value + next, end: at + 2 };
  return { number: value, end: at + 1 };
}

/** Every amount that begins at a place, the longest first: `8 GB`, `8GB`, `30%`, `30 percent`, `two weeks`, `half`, `a week`, `5`. */
export function amountsAt(list: readonly Token[], at: number): { amount: Amount; end: number }[] {
  const token = list[at];
  if (token === undefined || token.quoted) return [];
  const glued = gluedAmount(token.word);
  if (glued) return [{ amount: glued, end: at + 1 }];
  if (token.word === 'half') {
    const unit = /^(a|an)$/.test(list[at + 1]?.word ?? '') ? durations[list[at + 2]?.stem ?? ''] : undefined;
    if (unit !== undefined) return [{ amount: { number: unit / 2, unit: 'seconds' }, end: at + 3 }];
    const end = list[at + 1]?.word === 'of' ? at + 2 : at + 1;
    return [{ amount: { number: 0.5, unit: 'fraction' }, end }];
  }
  if (token.word === 'quarter' || token.word === 'third') return [];
  const one = /^(a|an|one)$/.test(token.word) ? { number: 1, end: at + 1 } : undefined;
  const number = numberAt(list, at) ?? one;
  if (number === undefined) return [];
  const found: { amount: Amount; end: number }[] = [];
  const unit = list[number.end];
  if (unit !== undefined && !unit.quoted) {
    const withUnit = unitAmount(number.number, unit);
    if (withUnit) found.push(...longer(list, withUnit, number.end + 1), { amount: withUnit, end: number.end + 1 });
  }
  if (numberAt(list, at) !== undefined)
    found.push({ amount: { number: number.number, unit: 'plain' }, end: number.end });
  return found;
}

/** `4 weeks and 2 days`: a stretch of time in two units, the smaller one last. */
function longer(list: readonly Token[], first: Amount, end: number): { amount: Amount; end: number }[] {
  const from = /^(and|,)$/.test(list[end]?.word ?? '') ? end + 1 : end;
  const next = first.unit === 'seconds' ? numberAt(list, from) : undefined;
  const unit = next && list[next.end];
  const more = next && unit && !unit.quoted ? unitAmount(next.number, unit) : undefined;
  if (next === undefined || more?.unit !== 'seconds' || more.number >= first.number) return [];
  return [{ amount: { number: first.number + more.number, unit: 'seconds' }, end: next.end + 1 }];
}

function unitAmount(number: number, unit: Token): Amount | undefined {
  if (unit.word === '%' || /^(percent|pct|per-cent)$/.test(unit.word))
    return { number: number / 100, unit: 'fraction' };
  // A lone letter is a unit only when it is glued to its number: `8 g` may be anything.
  const size = unit.word.length > 1 ? (sizes[unit.stem] ?? sizes[unit.word]) : undefined;
  if (size !== undefined) return { number: number * size, unit: 'bytes' };
  const time = unit.word.length > 1 ? durations[unit.stem] : undefined;
  return time === undefined ? undefined : { number: number * time, unit: 'seconds' };
}

function gluedAmount(word: string): Amount | undefined {
  const match = /^(\d+(?:[.,]\d+)?)(%|[a-z]+)(\/s)?$/.exec(word);
  if (!match?.[1] || !match[2]) return undefined;
  const number = Number(match[1].replace(',', '.'));
  if (match[2] === '%') return { number: number / 100, unit: 'fraction' };
  const size = sizes[match[2]];
  if (size !== undefined) return { number: number * size, unit: match[3] ? 'rate' : 'bytes' };
  const time = durations[match[2]] ?? durations[match[2].replace(/s$/, '')];
  return time === undefined ? undefined : { number: number * time, unit: 'seconds' };
}
