import type { CellValue, Column, Row, Unit, View } from '@pxa/contract';
import type { Pair } from './pairs.ts';
import { pairsOf } from './pairs.ts';
import { bytesIn, decimal, formatFraction, formatValue, sizeIndex, sizeName, UNKNOWN } from './units.ts';

/** A column as it is drawn: the text of each row's cell, and the raw share (0…1) behind it where it tells how full something is. */
export interface ShownColumn {
  /** The keys of the view's columns that it shows. */
  keys: string[];
  label: string;
  align: 'left' | 'right';
  texts: string[];
  shares: (number | null)[] | undefined;
  /** Whether the share itself is shown, so that a bar may stand beside it. */
  showsShare: boolean;
  /** Whether a part of its texts still tells something: not so for figures and times. */
  canShrink: boolean;
}

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

/** The columns of a view as a person reads them: used, total and share become one (`60.3/76 GB (79%)`). */
export function shownColumns(view: View, timeZone: string): ShownColumn[] {
  const pairs = pairsOf(view);
  const taken = new Set([...pairs.values()].flatMap(({ total, share }) => [total.key, share?.key]));
  return view.columns
    .filter((column) => !taken.has(column.key))
    .map((column) => {
      const pair = pairs.get(column.key);
      return pair === undefined ? single(view.rows, column, timeZone) : together(view, pair);
    });
}

function single(rows: Row[], column: Column, timeZone: string): ShownColumn {
  const cells = rows.map((row) => row.cells[column.key]);
  const isNumeric = column.unit !== undefined && NUMERIC.has(column.unit);
  const isShare = column.unit === 'fraction';
  const align = isNumeric || onlyNumbers(cells, column) ? 'right' : 'left';
  return {
    keys: [column.key],
    label: column.label,
    align,
    texts: column.unit === 'bytes' ? sizes(cells) : cells.map((cell) => sayCell(cell, column, timeZone)),
    shares: isShare ? cells.map(numberOrNull) : undefined,
    showsShare: isShare,
    canShrink: align === 'left' && column.unit !== 'time' && column.unit !== 'yes_no',
  };
}

function sayCell(cell: CellValue | undefined, column: Column, timeZone: string): string {
  // Proxmox gives what is stopped an uptime of 0.
  if (column.key === 'uptime' && cell === 0) return UNKNOWN;
  return formatValue(cell, column.unit, timeZone);
}

// What comes near the column's largest unit is written in it, so that the eye can compare: 0.9 TB below 3.6 TB.
function sizes(cells: (CellValue | undefined)[]): string[] {
  const largest = cells.reduce<number>(
    (most, cell) => (typeof cell === 'number' ? Math.max(most, sizeIndex(cell)) : most),
    0,
  );
  return cells.map((cell) => {
    const isNear = typeof cell === 'number' && cell >= 0.5 * 1024 ** largest;
    return isNear ? `${bytesIn(cell, largest)} ${sizeName(largest)}` : formatValue(cell, 'bytes', 'UTC');
  });
}

// Ids such as 101 are numbers that are not counted; they line up at the right all the same.
function onlyNumbers(cells: (CellValue | undefined)[], column: Column): boolean {
  if (column.unit === 'time' || column.unit === 'yes_no') return false;
  return cells.length > 0 && cells.every((cell) => typeof cell === 'number' || cell === null);
}

function numberOrNull(cell: CellValue | undefined): number | null {
  return typeof cell === 'number' ? cell : null;
}

function together({ dataset, rows }: View, { used, total, share }: Pair): ShownColumn {
  const read = (key: string): (number | null)[] => rows.map((row) => numberOrNull(row.cells[key]));
  const usedCells = read(used.key);
  const totalCells = read(total.key);
  const shares =
    share === undefined ? usedCells.map((cell, at) => ratio(cell, totalCells[at] ?? null, used.unit)) : read(share.key);
  // A node's load is spoken of as a share, a guest's in vCPUs.
  const isLoad = used.unit === 'fraction' && dataset.startsWith('node');
  const say =
    used.unit === 'bytes'
      ? sayBytes(totalCells)
      : isLoad
        ? sayLoad
        : used.unit === 'fraction'
          ? sayShareOfCpus
          : sayCpus;
  return {
    keys: [used.key, total.key, ...(share === undefined ? [] : [share.key])],
    label: used.key === 'cpu_used' ? 'CPU' : used.label.replace(/ USED$/, ''),
    align: 'right',
    texts: usedCells.map((cell, at) => {
      const shown = say(cell, totalCells[at] ?? null);
      const part = share === undefined ? null : (shares[at] ?? null);
      return part === null ? shown : `${shown} (${formatFraction(part)})`;
    }),
    shares,
    showsShare: share !== undefined || isLoad,
    canShrink: false,
  };
}

type Say = (used: number | null, total: number | null) => string;

function ratio(used: number | null, total: number | null, unit: Unit | undefined): number | null {
  if (used === null || unit === 'fraction') return used;
  return total === null || total <= 0 ? null : used / total;
}

// The size unit is that of the total; where all are small, MB for each, as containers are sized.
function sayBytes(totals: (number | null)[]): Say {
  const areSmall = totals.every((total) => total === null || total <= 4 * 1024 ** 3);
  return (used, total) => {
    if (used === null && total === null) return UNKNOWN;
    const index = areSmall ? 2 : sizeIndex(total ?? used ?? 0);
    const part = (bytes: number | null): string => {
      if (bytes === null) return UNKNOWN;
      return areSmall ? decimal(bytes / 1024 ** 2, 0) : bytesIn(bytes, index);
    };
    return `${part(used)}/${part(total)} ${sizeName(index)}`;
  };
}

/** vCPUs in use of those given: `2/4`. */
function sayCpus(used: number | null, total: number | null): string {
  if (used === null && total === null) return UNKNOWN;
  return `${used === null ? UNKNOWN : decimal(used, 1)}/${total === null ? UNKNOWN : decimal(total, 2)}`;
}

/** A share of given vCPUs, as vCPUs in use. */
function sayShareOfCpus(share: number | null, total: number | null): string {
  return sayCpus(share === null || total === null ? null : share * total, total);
}

/** Load as a share, of how many: `34% (16c)`. */
function sayLoad(used: number | null, total: number | null): string {
  if (used === null && total === null) return UNKNOWN;
  return `${used === null ? UNKNOWN : formatFraction(used)}${total === null ? '' : ` (${decimal(total, 0)}c)`}`;
}
