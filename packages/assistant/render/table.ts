import type { View } from '@pxa/contract';
import { fitColumns, GAP } from './fit.ts';
import { cellPaintOf, tellsUse } from './cell-paint.ts';
import { bar } from './marks.ts';
import { shownColumns } from './shown-columns.ts';
import type { ShownColumn } from './shown-columns.ts';
import type { Style } from './style.ts';
import { fitText, harmless, pad, plural, shorten, wrap } from './text.ts';
import { widest } from './width.ts';

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
  const labelWidth = widest(columns.map(({ label }) => label));
  const indent = ' '.repeat(labelWidth + GAP);
  return columns.map((column) => {
    const text = column.texts[0] ?? '';
    const label = style.paint.dim(pad(column.label, labelWidth, 'left'));
    const room = style.width === undefined ? undefined : style.width - indent.length;
    const lines = wrap(text, room).replaceAll('\n', `\n${indent}`);
    return `${label}${' '.repeat(GAP)}${cellPaintOf(column, style)?.(lines, 0) ?? lines}`;
  });
}

function table(columns: ShownColumn[], rowCount: number, style: Style): string[] {
  const fitted = fitColumns(style.bars ? barsWhereRoom(columns, style.width) : columns, style.width);
  const drawn = fitted.columns.map((column, at) => drawColumn(column, fitted.widths[at] ?? 0, style));
  const gap = ' '.repeat(GAP);
  const lines = Array.from({ length: rowCount + 1 }, (_, row) =>
    drawn
      .map((cells) => cells[row])
      .join(gap)
      .trimEnd(),
  );
  const [head = '', ...body] = lines;
  return [style.paint.bold(head), ...body, ...droppedNote(fitted.dropped, style)];
}

/** The label and the cells of a column, each of its width. */
function drawColumn(column: ShownColumn, width: number, style: Style): string[] {
  const draw = (text: string): string => fitText(text, width, column.align);
  const paint = cellPaintOf(column, style);
  const cells = column.texts.map((text, row) => (paint === undefined ? draw(text) : paint(draw(text), row)));
  return [draw(column.label), ...cells];
}

// Bars are an ornament: no column is squeezed or left out for them.
function barsWhereRoom(columns: ShownColumn[], width: number | undefined): ShownColumn[] {
  const decorated = columns.map(withBar);
  const needed = fitColumns(decorated, undefined).widths.reduce((sum, each) => sum + each + GAP, -GAP);
  return width === undefined || needed <= width ? decorated : columns;
}

function withBar(column: ShownColumn): ShownColumn {
  if (column.shares === undefined || !column.showsShare || !tellsUse(column)) return column;
  const width = widest(column.texts);
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
