import type { Cell, Dataset, Draft } from '@pxa/catalog';
import { isUnknown, unknownCell } from '@pxa/catalog';

/** The cell of a row, worked out once. `id` is a column of every dataset. */
export function cellOf(dataset: Dataset, row: Draft, column: string): Cell {
  const kept = row.cells.get(column);
  if (kept !== undefined) return kept;
  const cell = readCell(dataset, row, column);
  row.cells.set(column, cell);
  return cell;
}

function readCell(dataset: Dataset, row: Draft, column: string): Cell {
  const definition = dataset.columns[column];
  if (definition !== undefined) return definition.read(row, (other) => cellOf(dataset, row, other));
  if (column !== 'id') throw new Error(`${dataset.id} has no column ${column}`);
  const base = row.recs['base'];
  return base === undefined || isUnknown(base) ? unknownCell('it was not listed') : { value: row.id, at: base.at };
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
