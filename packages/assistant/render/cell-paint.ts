import { paintShare, paintState } from './marks.ts';
import type { ShownColumn } from './shown-columns.ts';
import type { Style } from './style.ts';
import { noPaint } from './style.ts';

/** Colours a cell that is already drawn, by what is in it. */
export type CellPaint = (drawn: string, row: number) => string;

/** Full enough to be coloured. */
const NOTEWORTHY_SHARE = 0.85;

const USE = new Set(['cpu', 'mem', 'disk', 'used', 'swap', 'share', 'memused', 'rootused', 'swapused']);
const IS_USE = /(_share|_used|used_fraction)$/;
const IS_STATE = /(status|state|health|result|quorate|online|verification|outcome|scrub)$/;

/** Whether a column tells how much of something limited is in use. */
export function tellsUse(column: ShownColumn): boolean {
  return column.keys.some((key) => USE.has(key) || IS_USE.test(key));
}

// A column whose words tell a state, rather than a name that may happen to be such a word.
function tellsState(column: ShownColumn): boolean {
  return column.align === 'left' && column.keys.some((key) => IS_STATE.test(key));
}

/** How the cells of a column are coloured; undefined where none is. */
export function cellPaintOf(column: ShownColumn, style: Style): CellPaint | undefined {
  const { paint } = style;
  if (paint === noPaint) return undefined;
  const { shares, texts } = column;
  if (shares !== undefined && tellsUse(column)) {
    return (drawn, row) => {
      const share = shares[row] ?? 0;
      return share < NOTEWORTHY_SHARE ? drawn : paintShare(share, paint)(drawn);
    };
  }
  if (!tellsState(column)) return undefined;
  return (drawn, row) => paintState(texts[row] ?? '', paint)?.(drawn) ?? drawn;
}
