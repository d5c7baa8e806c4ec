import type { Cell, Dataset, Draft } from '@pxa/catalog';
import type { CellValue, Column, Filter, Measure, Query, Row, Value } from '@pxa/contract';
import { columnsOf, type Judge, judgeOf } from './filter.ts';
import { cellOf, type ColumnReader, readerOf } from './row-reader.ts';

/** Sorts rows by the query's order, then the dataset's own; rows whose cell is unknown come last. */
export function sorted(dataset: Dataset, rows: readonly Draft[], order: Query['order']): Draft[] {
  const keys = [...(order ?? []), ...(dataset.order ?? [])].map(({ column, dir }) => {
    const reader = readerOf(dataset, column);
    return { values: rows.map((row) => reader.value(row)), sign: dir === 'asc' ? 1 : -1 };
  });
  const compare = (a: number, b: number): number => {
    for (const { values, sign } of keys) {
      const compared = compareValues(values[a] ?? null, values[b] ?? null, sign);
      if (compared !== 0) return compared;
    }
    return 0;
  };
  // The indexes are those of rows.
  return [...rows.keys()].sort(compare).map((index) => rows[index] as Draft);
}

function compareValues(a: CellValue, b: CellValue, sign: number): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
  return sign * byLetters(String(a), String(b));
}

let collator: Intl.Collator | undefined;

/** As people order names: `node2` before `node10`. What knows how takes a while to make, so it is made once. */
function byLetters(a: string, b: string): number {
  collator ??= new Intl.Collator('en', { numeric: true });
  return collator.compare(a, b);
}

/** The columns that an answer shows: the ones asked for, else the dataset's usual ones and those that it was asked by. */
export function shownColumns(dataset: Dataset, query: Query, asked: readonly string[]): string[] {
  if (query.columns !== undefined) return unique(query.columns);
  const measured = query.measure?.column === undefined ? [] : [query.measure.column];
  const ordered = (query.order ?? []).map(({ column }) => column);
  const focus = [...(query.focus ?? []), ...measured];
  // What goes without saying (no templates) need not be shown.
  const usual = new Set((dataset.unless ?? []).flatMap(({ where }) => columnsOf(where)));
  const same = sameInAllRows(query.where);
  const named = asked.filter((column) => column in dataset.columns && !usual.has(column) && !same.has(column));
  const columns =
    focus.length > 0 ? [...dataset.identity, ...focus, ...ordered, ...named] : [...dataset.shown, ...ordered, ...named];
  return withoutTwins(dataset, unique(columns), new Set([...focus, ...ordered, ...named]));
}

/** The columns that a condition holds to one value: they would say the same in every row. */
function sameInAllRows(where: Filter | undefined): Set<string> {
  const parts = where === undefined ? [] : where.op === 'and' ? where.of : [where];
  const fixed = parts.filter((part) => part.op === 'compare' && part.is === '=' && typeof part.value !== 'object');
  return new Set(fixed.flatMap(columnsOf));
}

function unique(columns: readonly string[]): string[] {
  return [...new Set(columns)];
}

/** Of two columns under one label the one that was asked by stays (`state` for `status`), in the place of the other. */
function withoutTwins(dataset: Dataset, columns: readonly string[], asked: ReadonlySet<string>): string[] {
  const byLabel = new Map<string, string>();
  for (const column of columns) {
    const label = dataset.columns[column]?.label ?? column;
    const twin = byLabel.get(label);
    if (twin === undefined || (asked.has(column) && !asked.has(twin))) byLabel.set(label, column);
  }
  return [...byLabel.values()];
}

/** Rows as the contract has them. */
export function viewRows(dataset: Dataset, rows: readonly Draft[], columns: readonly string[]): Row[] {
  const readers = columns.map((column) => readerOf(dataset, column));
  // Copies of one object have their places ready, where one that is filled key by key grows a step at a time.
  const blank = Object.fromEntries(columns.map((column) => [column, '']));
  return rows.map((row) => {
    const cells: Record<string, CellValue> = { ...blank };
    const evidence: Record<string, string> = { ...blank };
    for (let index = 0; index < columns.length; index++) {
      // There are as many readers as columns.
      const column = columns[index] as string;
      const reader = readers[index] as ColumnReader;
      const value = reader.value(row);
      cells[column] = value;
      evidence[column] = value === null ? reader.cell(row).at : reader.at(row);
    }
    return { id: row.id, cells, evidence };
  });
}

export function viewColumns(dataset: Dataset, columns: readonly string[]): Column[] {
  return columns.map((key) => {
    const definition = dataset.columns[key];
    return { key, label: definition?.label ?? key.toUpperCase(), unit: definition?.unit ?? 'text' };
  });
}

interface Figure {
  readonly number: number | null;
  readonly evidence: string;
  readonly skipped: number;
}

/** One figure of rows. Rows whose cell is unknown are not counted in and said so; a figure of nothing is unknown. */
export function figureOf(dataset: Dataset, rows: readonly Draft[], measure: Measure, by: Judge): Figure {
  const { of, column, test } = measure;
  if (of === 'count') return { number: rows.length, evidence: evidenceOf(of, rows, placeOf), skipped: 0 };
  if (of === 'any') return { number: rows.length > 0 ? 1 : 0, evidence: evidenceOf(of, rows, placeOf), skipped: 0 };
  if (of === 'all' || of === 'share') return shareOf(dataset, rows, of, test, by);
  if (column === undefined) throw new Error(`${of} needs a column`);
  const cells = rows.map((row) => cellOf(dataset, row, column));
  const known = cells.filter((cell): cell is Cell & { value: number } => typeof cell.value === 'number');
  const numbers = known.map(({ value }) => value);
  return {
    number: numbers.length === 0 ? (of === 'sum' && cells.length === 0 ? 0 : null) : combine(of, numbers),
    evidence: evidenceOf(of, known, ({ at }) => at),
    skipped: cells.length - known.length,
  };
}

function combine(of: 'sum' | 'avg' | 'min' | 'max', numbers: readonly number[]): number {
  if (of === 'min') return numbers.reduce((a, b) => Math.min(a, b));
  if (of === 'max') return numbers.reduce((a, b) => Math.max(a, b));
  const sum = numbers.reduce((a, b) => a + b, 0);
  return of === 'sum' ? sum : sum / numbers.length;
}

function shareOf(
  dataset: Dataset,
  rows: readonly Draft[],
  of: 'all' | 'share',
  test: Measure['test'],
  by: Judge,
): Figure {
  if (test === undefined) throw new Error(`${of} needs a condition`);
  const truths = rows.map(judgeOf(dataset, test, by));
  const yes = truths.filter((truth) => truth === true).length;
  const skipped = truths.filter((truth) => truth === undefined).length;
  const evidence = evidenceOf(of, rows, placeOf);
  if (of === 'share') {
    return { number: rows.length > skipped ? yes / (rows.length - skipped) : null, evidence, skipped };
  }
  const no = truths.includes(false);
  return { number: no ? 0 : skipped > 0 ? null : 1, evidence, skipped };
}

function placeOf(row: Draft): string {
  const base = row.recs['base'];
  return base === undefined || 'unknown' in base ? row.id : base.at;
}

const mostPlaces = 20;

function evidenceOf<T>(how: string, of: readonly T[], place: (each: T) => string): string {
  const more = of.length > mostPlaces ? `, and ${of.length - mostPlaces} more` : '';
  return `${how} of ${of.length}: ${of.slice(0, mostPlaces).map(place).join(', ')}${more}`;
}

export function valueOf(dataset: Dataset, measure: Measure, number: number | null): Value {
  const { of, column } = measure;
  if (of === 'any' || of === 'all') return { number, unit: 'yes_no', of };
  if (of === 'share') return { number, unit: 'fraction', of };
  if (of === 'count' || column === undefined) return { number, unit: dataset.counted, of };
  return { number, unit: dataset.columns[column]?.unit ?? 'count', of: `${of} of ${column}` };
}

export interface Group {
  readonly id: string;
  readonly keys: readonly Cell[];
  readonly rows: Draft[];
}

/** Rows by what they are grouped by; a row with a list (tags) is in the group of each of its entries. */
export function groupsOf(dataset: Dataset, rows: readonly Draft[], by: readonly string[]): Group[] {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    for (const keys of combinations(by.map((column) => cellOf(dataset, row, column)))) {
      const id = groupId(dataset, by, keys);
      const group = groups.get(id);
      if (group) group.rows.push(row);
      else groups.set(id, { id, keys, rows: [row] });
    }
  }
  return [...groups.values()].sort((a, b) => byLetters(a.id, b.id));
}

function combinations(cells: readonly Cell[]): Cell[][] {
  return cells.reduce<Cell[][]>(
    (sofar, cell) => {
      const values: Cell[] = Array.isArray(cell.value) ? cell.value.map((value) => ({ value, at: cell.at })) : [cell];
      return sofar.flatMap((keys) => values.map((value) => [...keys, value]));
    },
    [[]],
  );
}

const idPrefixes: Readonly<Record<string, string>> = { node: 'node', pool: 'pool', tag: 'tag' };

function groupId(dataset: Dataset, by: readonly string[], keys: readonly Cell[]): string {
  const text = keys.map(({ value }) => (value === null ? 'unknown' : value === '' ? 'none' : String(value))).join('/');
  const names = by.length === 1 ? dataset.columns[by[0] ?? '']?.names : undefined;
  // A guest's row id names its kind itself.
  if (by.length === 1 && by[0] === dataset.scopes?.guest) return text;
  const prefix = names === undefined ? undefined : idPrefixes[names];
  return prefix === undefined ? `${by.join('-')}/${text}` : `${prefix}/${text}`;
}
