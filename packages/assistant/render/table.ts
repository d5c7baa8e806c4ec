import type { View } from '@pxa/contract';
import { fitColumns, GAP } from './fit.ts';
import { bar, paintShare, paintState } from './marks.ts';
import { shownColumns } from './shown-columns.ts';
import type { ShownColumn } from './shown-columns.ts';
import type { Style } from './style.ts';
import { harmless, pad, plural, shorten, wrap } from './text.ts';
import { displayWidth } from './width.ts';

const BAR_WIDTH = 8;
/** A single row with more columns than this is drawn as a list of its values. */
const CARD_COLUMNS = 8;

/** Draws a view's rows as a table that fits the style's width; a single row of many columns as a list. */
export function renderTable(view: View, style: Style): string[] {
  const columns = shownColumns(view, style.timeZone).map((column) => ({ ...column, label: harmless(column.label) }));
  if (columns.length === 0 || view.rows.length === 0) return [];
  if (view.rows.length === 1 && isTooMuchForALine(columns, style)) return card(columns, style);
  return table(columns, view.rows.length, style);
}

function isTooMuchForALine(columns: ShownColumn[], style: Style): boolean {
  return columns.length > CARD_COLUMNS || fitColumns(columns, style.width).dropped.length > 0;
}

function card(columns: ShownColumn[], style: Style): string[] {
  const labelWidth = Math.max(...columns.map((column) => displayWidth(column.label)));
  const indent = ' '.repeat(labelWidth + GAP);
  return columns.map((column) => {
    const text = column.texts[0] ?? '';
    const label = style.paint.dim(pad(column.label, labelWidth, 'left'));
    const room = style.width === undefined ? undefined : style.width - indent.length;
    const lines = wrap(text, room).replaceAll('\n', `\n${indent}`);
    return `${label}${' '.repeat(GAP)}${paintCell(lines, text, column, 0, style)}`;
  });
}

function table(columns: ShownColumn[], rowCount: number, style: Style): string[] {
  const fitted = fitColumns(style.bars ? barsWhereRoom(columns, style.width) : columns, style.width);
  const gap = ' '.repeat(GAP);
  const line = (cells: string[]): string => cells.join(gap).trimEnd();
  const head = fitted.columns.map((column, at) =>
    pad(shorten(column.label, fitted.widths[at] ?? 0), fitted.widths[at] ?? 0, column.align),
  );
  const body = Array.from({ length: rowCount }, (_, row) =>
    line(fitted.columns.map((column, at) => drawCell(column, row, fitted.widths[at] ?? 0, style))),
  );
  return [style.paint.bold(line(head)), ...body, ...droppedNote(fitted.dropped, style)];
}

function drawCell(column: ShownColumn, row: number, width: number, style: Style): string {
  const text = column.texts[row] ?? '';
  return paintCell(pad(shorten(text, width), width, column.align), text, column, row, style);
}

function paintCell(drawn: string, text: string, column: ShownColumn, row: number, style: Style): string {
  const share = column.shares?.[row];
  if (isUse(column) && typeof share === 'number' && share >= 0.85) return paintShare(share, style.paint)(drawn);
  if (column.align === 'right' || !column.keys.some((key) => STATE.test(key))) return drawn;
  return (paintState(text, style.paint) ?? ((plain: string) => plain))(drawn);
}

/** Whether a column tells how much of something limited is in use. */
function isUse(column: ShownColumn): boolean {
  return column.keys.some((key) => USE.has(key) || /(_share|_used|used_fraction)$/.test(key));
}

const USE = new Set(['cpu', 'mem', 'disk', 'used', 'swap', 'share', 'memused', 'rootused', 'swapused']);

/** Columns whose words tell a state, rather than a name that may happen to be such a word. */
const STATE = /(status|state|health|result|quorate|online|verification|outcome|scrub)$/;

// Bars are an ornament: no column is squeezed or left out for them.
function barsWhereRoom(columns: ShownColumn[], width: number | undefined): ShownColumn[] {
  const decorated = columns.map(withBar);
  const needed = fitColumns(decorated, undefined).widths.reduce((sum, each) => sum + each + GAP, -GAP);
  return width === undefined || needed <= width ? decorated : columns;
}

function withBar(column: ShownColumn): ShownColumn {
  if (column.shares === undefined || !column.showsShare || !isUse(column)) return column;
  const width = Math.max(...column.texts.map(displayWidth));
  const texts = column.texts.map((text, row) => {
    const share = column.shares?.[row];
    return typeof share === 'number' ? `${bar(share, BAR_WIDTH)} ${pad(text, width, 'right')}` : text;
  });
  return { ...column, texts };
}

function droppedNote(dropped: ShownColumn[], style: Style): string[] {
  if (dropped.length === 0) return [];
  const labels = dropped.map((column) => column.label).join(', ');
  return [
    style.paint.dim(shorten(`… ${plural(dropped.length, 'column')} more: --json (${labels})`, style.width ?? Infinity)),
  ];
}
