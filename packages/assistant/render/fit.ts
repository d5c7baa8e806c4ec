import type { ShownColumn } from './shown-columns.ts';
import { displayWidth } from './width.ts';

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
  return column.texts.reduce((widest, text) => Math.max(widest, displayWidth(text)), displayWidth(column.label));
}

/** Widths that fit, or undefined where even the narrowest do not. */
function squeeze(columns: ShownColumn[], natural: number[], width: number): number[] | undefined {
  const floors = columns.map((column, at) => {
    const wanted = natural[at] ?? 0;
    return !column.canShrink ? wanted : Math.min(wanted, Math.max(NARROWEST, displayWidth(column.label)));
  });
  const room = width - GAP * (columns.length - 1);
  if (sum(floors) > room) return undefined;
  const widths = [...natural];
  for (let excess = sum(widths) - room; excess > 0; excess = sum(widths) - room) {
    const at = widestAboveFloor(widths, floors);
    const second = Math.max(floors[at] ?? 0, nextWidth(widths, floors, at));
    const current = widths[at] ?? 0;
    widths[at] =
      Math.max(second, current - excess, floors[at] ?? 0) === current
        ? current - 1
        : Math.max(second, current - excess);
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

function nextWidth(widths: number[], floors: number[], without: number): number {
  return widths.reduce(
    (widest, width, at) => (at !== without && width > (floors[at] ?? 0) ? Math.max(widest, width) : widest),
    0,
  );
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
