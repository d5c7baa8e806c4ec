import type { CellValue, Column, Row, Unit, View } from '@pxa/contract';
import { bytesIn, decimal, formatFraction, formatValue, sizeIndex, sizeName, UNKNOWN } from './units.ts';

/** A column as it is drawn: the text of each row's cell, and the raw share (0…1) behind it where it tells how full something is. */
export interface ShownColumn {
  /** The keys of the view's columns that it shows. */
  keys: string[];
  label: string;
  align: 'left' | 'right';
  texts: string[];
  shares: (number | null)[] | undefined;
}

const TOTAL_OF: Record<string, string> = {
  mem: 'maxmem',
  cpu: 'maxcpu',
  disk: 'maxdisk',
  swap: 'maxswap',
  used: 'total',
  memused: 'memtotal',
  swapused: 'swaptotal',
  rootused: 'roottotal',
};

const NUMERIC: ReadonlySet<Unit> = new Set<Unit>([
  'bytes',
  'fraction',
  'seconds',
  'count',
  'rate',
  'guests',
  'nodes',
  'vcpus',
  'mhz',
  'days',
]);

/** The columns of a view as a person reads them: used and total beside each other become one (`4.1/8 GB`). */
export function shownColumns(view: View, timeZone: string): ShownColumn[] {
  const byKey = new Map(view.columns.map((column) => [column.key, column]));
  const totals = new Set(
    view.columns.filter((column) => totalFor(column, byKey)).map((column) => TOTAL_OF[column.key]),
  );
  return view.columns
    .filter((column) => !totals.has(column.key))
    .map((column) => {
      const total = totalFor(column, byKey);
      return total ? pair(view, column, total) : single(view.rows, column, timeZone);
    });
}

function totalFor(column: Column, byKey: Map<string, Column>): Column | undefined {
  const total = byKey.get(TOTAL_OF[column.key] ?? '');
  if (total === undefined) return undefined;
  const sizes = column.unit === 'bytes' && total.unit === 'bytes';
  const cpus = (column.unit === 'fraction' || column.unit === 'vcpus') && column.key === 'cpu';
  return sizes || cpus ? total : undefined;
}

function single(rows: Row[], column: Column, timeZone: string): ShownColumn {
  const cells = rows.map((row) => row.cells[column.key]);
  const isNumeric = column.unit !== undefined && NUMERIC.has(column.unit);
  return {
    keys: [column.key],
    label: column.label,
    align: isNumeric || onlyNumbers(cells, column) ? 'right' : 'left',
    texts: cells.map((cell) => formatValue(cell, column.unit, timeZone)),
    shares: column.unit === 'fraction' ? cells.map(numberOrNull) : undefined,
  };
}

// Ids such as 101 are numbers that are not counted; they line up at the right all the same.
function onlyNumbers(cells: (CellValue | undefined)[], column: Column): boolean {
  if (column.unit === 'time' || column.unit === 'yes_no') return false;
  return cells.length > 0 && cells.every((cell) => typeof cell === 'number' || cell === null);
}

function numberOrNull(cell: CellValue | undefined): number | null {
  return typeof cell === 'number' ? cell : null;
}

function pair(view: View, used: Column, total: Column): ShownColumn {
  const usedCells = view.rows.map((row) => numberOrNull(row.cells[used.key]));
  const totalCells = view.rows.map((row) => numberOrNull(row.cells[total.key]));
  const shares = usedCells.map((cell, at) => shareOf(cell, totalCells[at] ?? null, used.unit));
  const showShare = view.dataset === 'nodes' || view.dataset === 'storage' || view.dataset === 'storages';
  const text = used.unit === 'bytes' ? sizePair(totalCells) : cpuPair(used.unit, showShare);
  return {
    keys: [used.key, total.key],
    label: used.label,
    align: 'right',
    texts: usedCells.map((cell, at) => {
      const share = shares[at] ?? null;
      const shown = text(cell, totalCells[at] ?? null);
      return showShare && used.unit === 'bytes' && share !== null ? `${shown} (${formatFraction(share)})` : shown;
    }),
    shares,
  };
}

function shareOf(used: number | null, total: number | null, unit: Unit | undefined): number | null {
  if (used === null) return null;
  if (unit === 'fraction') return used;
  return total === null || total <= 0 ? null : used / total;
}

// One size unit for the whole column, so that the eye can compare; small ones in MB, as containers are.
function sizePair(totals: (number | null)[]): (used: number | null, total: number | null) => string {
  const largest = Math.max(0, ...totals.filter((total) => total !== null));
  const index = largest > 0 && largest <= 4 * 1024 ** 3 ? 2 : sizeIndex(largest);
  return (used, total) => {
    if (used === null && total === null) return UNKNOWN;
    const part = (bytes: number | null): string =>
      bytes === null ? UNKNOWN : index === 2 ? decimal(bytes / 1024 ** 2, 0) : bytesIn(bytes, index);
    return `${part(used)}/${part(total)} ${sizeName(index)}`;
  };
}

function cpuPair(unit: Unit | undefined, asShare: boolean): (used: number | null, total: number | null) => string {
  return (used, total) => {
    if (used === null && total === null) return UNKNOWN;
    if (asShare && unit === 'fraction') {
      return `${used === null ? UNKNOWN : formatFraction(used)}${total === null ? '' : ` (${decimal(total, 0)}c)`}`;
    }
    const vcpus = used === null ? null : unit === 'vcpus' ? used : total === null ? null : used * total;
    return `${vcpus === null ? UNKNOWN : decimal(vcpus, 1)}/${total === null ? UNKNOWN : decimal(total, 2)}`;
  };
}
