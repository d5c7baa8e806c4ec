import type { CellValue, Column, Row, View } from '@pxa/contract';
import { sparkline } from './marks.ts';
import type { Style } from './style.ts';
import { harmless, pad } from './text.ts';
import { formatValue } from './units.ts';
import { displayWidth } from './width.ts';

/** Fewer samples than this are read better as a table alone. */
const FEWEST_SAMPLES = 8;
/** More rows than this are thinned out below the lines. */
const MOST_SAMPLES_SHOWN = 24;
const LINE_WIDTH = 48;

/** Whether a view's rows are samples over time. */
export function isHistory(view: View): boolean {
  const time = timeColumn(view);
  if (time === undefined || view.rows.length < FEWEST_SAMPLES || curves(view).length === 0) return false;
  const series = groups(view, time);
  return [...series.values()].every((rows) => rows.length >= FEWEST_SAMPLES && areEvenlySpaced(rows, time));
}

// Tasks and snapshots have a time too; only samples keep the same distance, save for gaps.
function areEvenlySpaced(rows: Row[], time: Column): boolean {
  const times = rows.map((row) => row.cells[time.key]).filter((cell) => typeof cell === 'number');
  if (times.length !== rows.length) return false;
  const steps = times.slice(1).map((at, index) => Math.abs(at - (times[index] ?? at)));
  const shortest = Math.min(...steps);
  return shortest > 0 && steps.every((step) => Math.abs(step / shortest - Math.round(step / shortest)) < 0.01);
}

function timeColumn(view: View): Column | undefined {
  return view.columns.find((column) => column.unit === 'time' && (column.key === 'time' || column.key === 'at'));
}

function curves(view: View): Column[] {
  return view.columns.filter(
    (column) =>
      column.unit !== 'time' &&
      column.unit !== 'text' &&
      !column.key.startsWith('max') &&
      !column.key.endsWith('total') &&
      view.rows.some((row) => typeof row.cells[column.key] === 'number') &&
      view.rows.every((row) => isNumberOrUnknown(row.cells[column.key])),
  );
}

function isNumberOrUnknown(cell: CellValue | undefined): boolean {
  return cell === null || cell === undefined || typeof cell === 'number';
}

/** Samples by what they are samples of: the texts of a row beside its time. */
function groups(view: View, time: Column): Map<string, Row[]> {
  const names = view.columns.filter(
    (column) => column.key !== time.key && view.rows.some((row) => typeof row.cells[column.key] === 'string'),
  );
  const ids = view.columns.filter((column) => column.key === 'vmid' && !names.includes(column));
  const result = new Map<string, Row[]>();
  for (const row of view.rows) {
    const name = [...names, ...ids].map((column) => harmless(String(row.cells[column.key] ?? ''))).join(' ');
    const rows = result.get(name);
    if (rows === undefined) result.set(name, [row]);
    else rows.push(row);
  }
  return result;
}

/** One line a curve: name, the line itself, smallest, mean and largest value. */
export function renderCurves(view: View, style: Style): string[] {
  const time = timeColumn(view);
  if (time === undefined) return [];
  const series = groups(view, time);
  const lines = [...series].flatMap(([name, rows]) =>
    curves(view)
      .filter((column) => column.key !== 'vmid')
      .map((column) => curve(series.size > 1 ? name : '', column, rows, time)),
  );
  const labelWidth = Math.max(0, ...lines.map((line) => displayWidth(line.label)));
  const statWidth = Math.max(0, ...lines.map((line) => displayWidth(line.stats)));
  const room = style.width === undefined ? LINE_WIDTH : Math.min(LINE_WIDTH, style.width - labelWidth - statWidth - 4);
  return lines.map(({ label, values, stats }) => {
    const drawn = room < FEWEST_SAMPLES ? '' : `${style.paint.cyan(sparkline(values, room))}  `;
    return `${style.paint.dim(pad(label, labelWidth, 'left'))}  ${drawn}${stats}`;
  });
}

function curve(
  name: string,
  column: Column,
  rows: Row[],
  time: Column,
): { label: string; values: (number | null)[]; stats: string } {
  const at = (row: Row): number => Number(row.cells[time.key] ?? 0);
  const values = [...rows]
    .sort((one, other) => at(one) - at(other))
    .map((row) => row.cells[column.key])
    .map((cell) => (typeof cell === 'number' ? cell : null));
  const known = values.filter((value) => value !== null);
  const say = (value: number): string => formatValue(value, column.unit, 'UTC');
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const stats =
    known.length === 0
      ? 'no samples'
      : `min ${say(Math.min(...known))}  avg ${say(mean)}  max ${say(Math.max(...known))}`;
  return { label: `${name} ${harmless(column.label)}`.trim(), values, stats };
}

/** At most `MOST_SAMPLES_SHOWN` samples, evenly chosen in each series, and what was left out. */
export function thinSamples(view: View): { view: View; note: string | undefined } {
  const step = Math.ceil(view.rows.length / MOST_SAMPLES_SHOWN);
  if (step <= 1) return { view, note: undefined };
  const rows = view.rows.filter((_, at) => at % step === 0);
  return { view: { ...view, rows }, note: `… one in ${step} of the ${view.rows.length} samples; all of them: --json` };
}
