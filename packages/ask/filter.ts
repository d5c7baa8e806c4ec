import type { CellValue, Comparison, Filter, Instant } from '@pxa/contract';
import type { Dataset, Draft, Range } from '@pxa/catalog';
import { readerOf } from './row-reader.ts';

/** Yes, no, or not known: what a condition gives where a value is missing or withheld. */
export type Truth = true | false | undefined;

/** What conditions are judged with: times, and the rows of related datasets. */
export interface Judge {
  instant(instant: Instant): number;
  related(dataset: Dataset, row: Draft, relation: string): readonly Draft[];
  relatedDataset(dataset: Dataset, relation: string): Dataset;
}

/** Whether a row meets a condition. */
export type Judgement = (row: Draft) => Truth;

/**
 * Makes of a condition what judges row after row. A cell that is unknown makes the comparison unknown, and so on
 * upwards.
 */
export function judgeOf(dataset: Dataset, filter: Filter, by: Judge): Judgement {
  switch (filter.op) {
    case 'and':
      return every(filter.of.map((each) => judgeOf(dataset, each, by)));
    case 'or': {
      const none = every(filter.of.map((each) => negated(judgeOf(dataset, each, by))));
      return negated(none);
    }
    case 'not':
      return negated(judgeOf(dataset, filter.of, by));
    case 'has':
      return hasRelated(dataset, filter, by);
    default:
      return ofColumn(dataset, filter, by);
  }
}

function every(of: readonly Judgement[]): Judgement {
  return (row) => {
    let result: Truth = true;
    for (const each of of) {
      const truth = each(row);
      if (truth === false) return false;
      if (truth === undefined) result = undefined;
    }
    return result;
  };
}

function negated(of: Judgement): Judgement {
  return (row) => {
    const truth = of(row);
    return truth === undefined ? undefined : !truth;
  };
}

type OfColumn = Exclude<Filter, { op: 'and' | 'or' | 'not' | 'has' }>;

function ofColumn(dataset: Dataset, filter: OfColumn, by: Judge): Judgement {
  const reader = readerOf(dataset, filter.column);
  switch (filter.op) {
    case 'compare': {
      const { is, value } = filter;
      const wanted = typeof value === 'object' ? by.instant(value) : value;
      return (row) => compareCell(reader.value(row), is, wanted);
    }
    case 'compare_columns': {
      const other = readerOf(dataset, filter.other);
      return (row) => compareScaled(reader.value(row), filter.is, other.value(row), filter.times ?? 1);
    }
    case 'in': {
      const wanted = new Set(filter.values.map(folded));
      return (row) => inValues(reader.value(row), wanted);
    }
    case 'text':
      return (row) => matchText(reader.value(row), filter.how, filter.text);
    case 'known':
      return (row) => isSet(reader.value(row));
    default:
      return filter satisfies never;
  }
}

function isSet(value: CellValue): boolean {
  return value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}

function compareScaled(value: CellValue, is: Comparison, other: CellValue, times: number): Truth {
  if (other === null || Array.isArray(other)) return undefined;
  return compareCell(value, is, typeof other === 'number' ? other * times : other);
}

function compareCell(value: CellValue, is: Comparison, wanted: string | number | boolean): Truth {
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
  // What is true or false, or a number, has no case, and those of one type have been compared.
  if (typeof value !== 'string' && typeof value === typeof wanted) return false;
  return folded(value) === folded(wanted);
}

function folded(value: string | number | boolean): string {
  return String(value).toLowerCase();
}

/** `wanted` are folded: there may be as many as guests. */
function inValues(value: CellValue, wanted: ReadonlySet<string>): Truth {
  if (value === null) return undefined;
  return Array.isArray(value) ? value.some((each) => wanted.has(folded(each))) : wanted.has(folded(value));
}

function matchText(value: CellValue, how: 'contains' | 'starts' | 'ends' | 'matches', text: string): Truth {
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

function hasRelated(dataset: Dataset, filter: Filter & { op: 'has' }, by: Judge): Judgement {
  const { relation, where } = filter;
  const test = where === undefined ? undefined : judgeOf(by.relatedDataset(dataset, relation), where, by);
  const wanted = filter.count ?? { is: '>=' as const, number: 1 };
  return (row) => {
    let sure = 0;
    let maybe = 0;
    for (const each of by.related(dataset, row, relation)) {
      const truth = test === undefined ? true : test(each);
      if (truth === true) sure++;
      else if (truth === undefined) maybe++;
    }
    const least = countIs(sure, wanted.is, wanted.number);
    const most = countIs(sure + maybe, wanted.is, wanted.number);
    return least === most ? least : undefined;
  };
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
