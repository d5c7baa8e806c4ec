import type { ShownColumn } from './shown-columns.ts';
import { displayWidth, widest } from './width.ts';

/** Space between two columns. */
export const GAP = 2;
/** A text column is not squeezed below this. */
const NARROWEST = 12;

/** Which columns fit into a width, how wide each is drawn, and which had to be left out. */
export interface Fit {
  columns: ShownColumn[];
  widths: number[];
  dropped: ShownColumn[];
}

/** Squeezes text columns, the widest first; where that is not enough, leaves columns out from the right. The first two stay. */
export function fitColumns(columns: ShownColumn[], width: number | undefined): Fit {
  const natural = columns.map(naturalWidth);
  if (width === undefined) return { columns, widths: natural, dropped: [] };
  for (let kept = columns.length; kept > 0; kept -= 1) {
    const widths = squeeze(columns.slice(0, kept), natural.slice(0, kept), width);
    if (widths !== undefined) return { columns: columns.slice(0, kept), widths, dropped: columns.slice(kept) };
    if (kept <= 2) break;
  }
  const kept = Math.min(2, columns.length);
  const share = Math.max(3, Math.floor((width - GAP * (kept - 1)) / Math.max(1, kept)));
  const widths = natural.slice(0, kept).map((wanted) => Math.min(wanted, share));
  return { columns: columns.slice(0, kept), widths, dropped: columns.slice(kept) };
}

function naturalWidth(column: ShownColumn): number {
  return Math.max(displayWidth(column.label), widest(column.texts));
}

/** Widths that fit, or undefined where even the narrowest do not. */
function squeeze(columns: ShownColumn[], natural: number[], width: number): number[] | undefined {
  const floors = columns.map((column, at) => {
    const wanted = natural[at] ?? 0;
    return column.canShrink ? Math.min(wanted, Math.max(NARROWEST, displayWidth(column.label))) : wanted;
  });
  const room = width - GAP * (columns.length - 1);
  if (sum(floors) > room) return undefined;
  // No column needs more than the whole width, so that the steps below stay few.
  const widths = natural.map((wanted, at) => Math.max(floors[at] ?? 0, Math.min(wanted, width)));
  for (let excess = sum(widths) - room; excess > 0; excess -= 1) {
    const at = widestAboveFloor(widths, floors);
    widths[at] = (widths[at] ?? 0) - 1;
  }
  return widths;
}

function widestAboveFloor(widths: number[], floors: number[]): number {
  let best = -1;
  widths.forEach((width, at) => {
    if (width > (floors[at] ?? 0) && (best === -1 || width > (widths[best] ?? 0))) best = at;
  });
  return best;
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
