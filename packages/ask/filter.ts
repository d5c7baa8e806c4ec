import type { Comparison, Filter, Instant, Literal } from '@pxa/contract';
import type { Cell, Dataset, Draft, Range } from '@pxa/catalog';
import { cellOf } from './row-reader.ts';

/** Yes, no, or not known: what a condition gives where a value is missing or withheld. */
export type Truth = true | false | undefined;

/** What conditions are judged with: times, and the rows of related datasets. */
export interface Judge {
  instant(instant: Instant): number;
  related(dataset: Dataset, row: Draft, relation: string): readonly Draft[];
  relatedDataset(dataset: Dataset, relation: string): Dataset;
}

/** Whether a row meets a condition. A cell that is unknown makes the comparison unknown, and so on upwards. */
export function judge(dataset: Dataset, row: Draft, filter: Filter, by: Judge): Truth {
  switch (filter.op) {
    case 'and':
      return every(filter.of, (each) => judge(dataset, row, each, by));
    case 'or':
      return negate(every(filter.of, (each) => negate(judge(dataset, row, each, by))));
    case 'not':
      return negate(judge(dataset, row, filter.of, by));
    case 'compare':
      return compareCell(cellOf(dataset, row, filter.column), filter.is, literal(filter.value, by));
    case 'compare_columns': {
      const other = cellOf(dataset, row, filter.other).value;
      if (other === null || Array.isArray(other)) return undefined;
      const scaled = typeof other === 'number' ? other * (filter.times ?? 1) : other;
      return compareCell(cellOf(dataset, row, filter.column), filter.is, scaled);
    }
    case 'in':
      return inValues(cellOf(dataset, row, filter.column), filter.values);
    case 'text':
      return matchText(cellOf(dataset, row, filter.column), filter.how, filter.text);
    case 'known': {
      const { value } = cellOf(dataset, row, filter.column);
      return value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
    }
    case 'has':
      return hasRelated(dataset, row, filter, by);
    default:
      return filter satisfies never;
  }
}

function every(of: readonly Filter[], test: (filter: Filter) => Truth): Truth {
  let result: Truth = true;
  for (const each of of) {
    const truth = test(each);
    if (truth === false) return false;
    if (truth === undefined) result = undefined;
  }
  return result;
}

function negate(truth: Truth): Truth {
  return truth === undefined ? undefined : !truth;
}

function literal(value: Literal, by: Judge): string | number | boolean {
  return typeof value === 'object' ? by.instant(value) : value;
}

function compareCell({ value }: Cell, is: Comparison, wanted: string | number | boolean): Truth {
  if (value === null) return undefined;
  if (Array.isArray(value)) {
    const holds = value.some((each) => same(each, wanted));
    return is === '!=' ? !holds : is === '=' ? holds : undefined;
  }
  if (is === '=' || is === '!=') return same(value, wanted) === (is === '=');
  const [a, b] =
    typeof value === 'number' && typeof wanted === 'number' ? [value, wanted] : [String(value), String(wanted)];
  if (is === '<') return a < b;
  if (is === '<=') return a <= b;
  if (is === '>') return a > b;
  return a >= b;
}

/** Texts compare without regard to case, as people say them; a number equals its own text. */
function same(value: string | number | boolean, wanted: string | number | boolean): boolean {
  if (value === wanted) return true;
  return String(value).toLowerCase() === String(wanted).toLowerCase();
}

function inValues({ value }: Cell, wanted: readonly (string | number)[]): Truth {
  if (value === null) return undefined;
  const values = Array.isArray(value) ? value : [value];
  return values.some((each) => wanted.some((other) => same(each, other)));
}

function matchText({ value }: Cell, how: 'contains' | 'starts' | 'ends' | 'matches', text: string): Truth {
  if (value === null) return undefined;
  const wanted = text.toLowerCase();
  const test = (each: string): boolean => {
    const found = each.toLowerCase();
    if (how === 'contains') return found.includes(wanted);
    if (how === 'starts') return found.startsWith(wanted);
    if (how === 'ends') return found.endsWith(wanted);
    return globMatches(found, wanted);
  };
  return Array.isArray(value) ? value.some(test) : test(String(value));
}

/** `*` and `?` as in a shell; linear in the text, whatever the pattern. */
function globMatches(text: string, pattern: string): boolean {
  let t = 0;
  let p = 0;
  let star = -1;
  let mark = 0;
  while (t < text.length) {
    if (p < pattern.length && pattern[p] !== '*' && (pattern[p] === '?' || pattern[p] === text[t])) {
      t++;
      p++;
    } else if (pattern[p] === '*') {
      star = p++;
      mark = t;
    } else if (star >= 0) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

function hasRelated(dataset: Dataset, row: Draft, filter: Filter & { op: 'has' }, by: Judge): Truth {
  const other = by.relatedDataset(dataset, filter.relation);
  const { where } = filter;
  let sure = 0;
  let maybe = 0;
  for (const each of by.related(dataset, row, filter.relation)) {
    const truth = where === undefined ? true : judge(other, each, where, by);
    if (truth === true) sure++;
    else if (truth === undefined) maybe++;
  }
  const wanted = filter.count ?? { is: '>=' as const, number: 1 };
  const least = countIs(sure, wanted.is, wanted.number);
  const most = countIs(sure + maybe, wanted.is, wanted.number);
  return least === most ? least : undefined;
}

function countIs(count: number, is: Comparison, wanted: number): boolean {
  if (is === '=') return count === wanted;
  if (is === '!=') return count !== wanted;
  if (is === '<') return count < wanted;
  if (is === '<=') return count <= wanted;
  if (is === '>') return count > wanted;
  return count >= wanted;
}

/** The columns of the dataset itself that a condition looks at. */
export function columnsOf(filter: Filter): string[] {
  switch (filter.op) {
    case 'and':
    case 'or':
      return filter.of.flatMap(columnsOf);
    case 'not':
      return columnsOf(filter.of);
    case 'compare_columns':
      return [filter.column, filter.other];
    case 'has':
      return [];
    default:
      return [filter.column];
  }
}

/** The relations that a condition looks at. */
export function relationsOf(filter: Filter): { relation: string; where: Filter | undefined }[] {
  switch (filter.op) {
    case 'and':
    case 'or':
      return filter.of.flatMap(relationsOf);
    case 'not':
      return relationsOf(filter.of);
    case 'has':
      return [{ relation: filter.relation, where: filter.where }];
    default:
      return [];
  }
}

/** The values that a condition narrows a column to, whatever else it says; undefined where it does not. */
export function narrows(filter: Filter | undefined, column: string): readonly (string | number)[] | undefined {
  if (filter === undefined) return undefined;
  if (filter.op === 'compare' && filter.is === '=' && filter.column === column) {
    return typeof filter.value === 'string' || typeof filter.value === 'number' ? [filter.value] : undefined;
  }
  if (filter.op === 'in' && filter.column === column) return filter.values;
  if (filter.op === 'and') {
    for (const each of filter.of) {
      const found = narrows(each, column);
      if (found !== undefined) return found;
    }
  }
  if (filter.op === 'or') {
    const found = filter.of.map((each) => narrows(each, column));
    return found.every((each) => each !== undefined) ? found.flat() : undefined;
  }
  return undefined;
}

/** Between which values a condition keeps a column, whatever else it says; an open end is left out. */
export function rangeOf(filter: Filter | undefined, column: string, instant: Judge['instant']): Range {
  if (filter === undefined) return {};
  if (filter.op === 'and') {
    return filter.of.map((each) => rangeOf(each, column, instant)).reduce(overlap, {});
  }
  if (filter.op !== 'compare' || filter.column !== column) return {};
  const value = typeof filter.value === 'object' ? instant(filter.value) : filter.value;
  if (typeof value !== 'number') return {};
  if (filter.is === '>' || filter.is === '>=') return { from: value };
  if (filter.is === '<' || filter.is === '<=') return { to: value };
  return filter.is === '=' ? { from: value, to: value } : {};
}

function overlap(a: Range, b: Range): Range {
  const from = Math.max(a.from ?? -Infinity, b.from ?? -Infinity);
  const to = Math.min(a.to ?? Infinity, b.to ?? Infinity);
  return { ...(from > -Infinity ? { from } : {}), ...(to < Infinity ? { to } : {}) };
}
