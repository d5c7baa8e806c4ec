import type { Cell, Dataset, Draft } from '@pxa/catalog';
import { isUnknown, unknownCell } from '@pxa/catalog';
import type { CellValue } from '@pxa/contract';

/** How a column is read of any row of its dataset: whole cells, values alone, and the places of values that are known. */
export interface ColumnReader {
  cell(row: Draft): Cell;
  value(row: Draft): CellValue;
  at(row: Draft): string;
}

const readers = new WeakMap<Dataset, Map<string, ColumnReader>>();

/** The reader of a column; what depends on the column alone is worked out once. `id` is a column of every dataset. */
export function readerOf(dataset: Dataset, column: string): ColumnReader {
  let known = readers.get(dataset);
  if (known === undefined) readers.set(dataset, (known = new Map()));
  let reader = known.get(column);
  if (reader === undefined) known.set(column, (reader = newReader(dataset, column)));
  return reader;
}

/** The cell of a row. */
export function cellOf(dataset: Dataset, row: Draft, column: string): Cell {
  return readerOf(dataset, column).cell(row);
}

function newReader(dataset: Dataset, column: string): ColumnReader {
  const definition = dataset.columns[column];
  if (definition === undefined) return wholeReader(column === 'id' ? idOf : noSuchColumn(dataset, column));
  const { read, uses } = definition;
  const ofRow = (row: Draft): Cell =>
    read(row, uses.length === 0 ? undeclared : (other) => cellOf(dataset, row, other));
  const { halves } = read;
  if (halves === undefined) return wholeReader((row) => keptOr(row, column, ofRow));
  if (uses.length === 0) {
    return { cell: ofRow, value: (row) => halves.value(row, undeclared), at: (row) => halves.at(row, undeclared) };
  }
  return {
    cell: ofRow,
    value: (row) => halves.value(row, (other) => readerOf(dataset, other).value(row)),
    at: (row) => halves.at(row, (other) => readerOf(dataset, other).at(row)),
  };
}

function wholeReader(cell: (row: Draft) => Cell): ColumnReader {
  return { cell, value: (row) => cell(row).value, at: (row) => cell(row).at };
}

/** A cell that took some work to read is worked out once. */
function keptOr(row: Draft, column: string, read: (row: Draft) => Cell): Cell {
  const kept = row.kept?.get(column);
  if (kept !== undefined) return kept;
  const cell = read(row);
  (row.kept ??= new Map()).set(column, cell);
  return cell;
}

/** What a column is computed from has to be declared, so that it has been read by then. */
function undeclared(column: string): never {
  throw new Error(`a column reads ${column} without naming it in its uses`);
}

function idOf(row: Draft): Cell {
  const base = row.recs['base'];
  return base === undefined || isUnknown(base) ? unknownCell('it was not listed') : { value: row.id, at: base.at };
}

function noSuchColumn(dataset: Dataset, column: string): (row: Draft) => Cell {
  return () => {
    throw new Error(`${dataset.id} has no column ${column}`);
  };
}

/** The sources (beside the list) that columns need, those that they are computed from included. */
export function sourcesOf(dataset: Dataset, columns: Iterable<string>): Set<string> {
  const sources = new Set<string>();
  const visit = (column: string): void => {
    const definition = dataset.columns[column];
    for (const source of definition?.from ?? []) if (source !== 'base') sources.add(source);
    definition?.uses.forEach(visit);
  };
  for (const column of columns) visit(column);
  return sources;
}
