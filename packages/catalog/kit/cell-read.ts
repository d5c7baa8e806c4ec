import type { CellValue } from '@pxa/contract';
import { asFlag, asList, asNumber, asText } from '@pxa/pve/values';
import { type Cell, type Draft, isUnknown, pointer, unknownCell } from './cell.ts';

/** How a column's values compare: numbers by size, texts by letters, lists by what they hold. */
export type ColumnType = 'number' | 'text' | 'flag' | 'list';

/**
 * How a cell is read of a row; `cell` gives the row's cells of other columns. A read that is quick has halves, and its
 * cells are read again rather than kept: large clusters have more cells than it would pay to keep.
 */
export interface CellRead {
  (row: Draft, cell: (column: string) => Cell): Cell;
  readonly halves?: Halves;
}

/** The halves of a cell, for when only one is wanted. The place is asked for only where the value is known. */
export interface Halves {
  value(row: Draft, value: (column: string) => CellValue): CellValue;
  at(row: Draft, at: (column: string) => string): string;
}

/** What a field stands for where Proxmox leaves it out: a value, or unknown and why. */
export interface Absence {
  readonly absent?: CellValue | undefined;
  readonly why?: ((data: Readonly<Record<string, unknown>>) => string | undefined) | undefined;
}

const converters: Record<ColumnType, (value: unknown) => CellValue> = {
  number: asNumber,
  text: asText,
  flag: asFlag,
  list: asList,
};

/** Reads a field of a source's record; `path` may lead into nested objects (`cpuinfo/model`). */
export function fieldRead(from: string, path: string, type: ColumnType, { absent, why }: Absence): CellRead {
  const keys = path.split('/');
  const [first = ''] = keys;
  const place = pointer('', ...keys);
  const convert = converters[type];
  const find = (data: Readonly<Record<string, unknown>>): unknown =>
    keys.length === 1 ? data[first] : inside(data, keys);
  // An empty text is Proxmox's way to say that nothing is set, as an absent field is.
  const isAbsent = (found: unknown): boolean =>
    found === undefined || found === null || (found === '' && type === 'text');
  const value = (row: Draft): CellValue => {
    const rec = row.recs[from];
    if (rec === undefined || isUnknown(rec)) return null;
    const found = find(rec.data);
    return isAbsent(found) ? (absent ?? null) : convert(found);
  };
  const at = (row: Draft): string => {
    const rec = row.recs[from];
    return rec === undefined || isUnknown(rec) ? '' : rec.at + place;
  };
  const whyUnknown = (row: Draft): string => {
    const rec = row.recs[from];
    if (rec === undefined) return `${from} was not read`;
    if (isUnknown(rec)) return rec.unknown;
    return isAbsent(find(rec.data)) ? (why?.(rec.data) ?? `Proxmox gave no ${path}`) : `${path} is not a ${type}`;
  };
  const read = (row: Draft): Cell => {
    const known = value(row);
    return known === null ? unknownCell(whyUnknown(row)) : { value: known, at: at(row) };
  };
  return Object.assign(read, { halves: { value, at } });
}

/** Computes from other cells of the row; unknown where one of them is, for the reason that it has. */
export function computedRead(
  uses: readonly string[],
  formula: string,
  compute: (...values: never[]) => CellValue,
): CellRead {
  const value: Halves['value'] = (_row, valueOf) => {
    const values = uses.map(valueOf);
    // The columns' types are the definition's own affair; `compute` names them in its parameters.
    return values.includes(null) ? null : compute(...(values as never[]));
  };
  const at: Halves['at'] = (_row, atOf) =>
    uses.reduce((text, column, index) => text + (index === 0 ? ': ' : ', ') + atOf(column), formula);
  const read: CellRead = (row, cell) => {
    const cells = uses.map(cell);
    const lacking = cells.find((each) => each.value === null);
    if (lacking) return lacking;
    const known = value(row, (column) => cell(column).value);
    return known === null
      ? unknownCell(`${formula} has no value`)
      : { value: known, at: at(row, (column) => cell(column).at) };
  };
  return Object.assign(read, { halves: { value, at } });
}

/** Reads a cell that is there already: nothing is gained by keeping it a second time. */
export function readyRead(cellOf: (row: Draft) => Cell): CellRead {
  const halves: Halves = { value: (row) => cellOf(row).value, at: (row) => cellOf(row).at };
  return Object.assign((row: Draft) => cellOf(row), { halves });
}

/** What stands at the end of a path into nested objects. */
function inside(data: unknown, keys: readonly string[]): unknown {
  return keys.reduce((value, key) => (isRecord(value) ? value[key] : undefined), data);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
