import type { Filter } from '@pxa/contract';

export const idIs = (ids: readonly string[]): Filter =>
  ids.length === 1
    ? { op: 'compare', column: 'id', is: '=', value: ids[0] ?? '' }
    : { op: 'in', column: 'id', values: [...ids] };

export function turnable(filter: Filter): boolean {
  if (filter.op === 'not') return turnable(filter.of);
  return filter.op === 'has' || filter.op === 'known' || (filter.op === 'compare' && typeof filter.value === 'boolean');
}

export function parts(filter: Filter | undefined): readonly Filter[] {
  return filter === undefined ? [] : filter.op === 'and' ? filter.of : [filter];
}

export function columnsIn(filter: Filter): string[] {
  if (filter.op === 'and' || filter.op === 'or') return filter.of.flatMap(columnsIn);
  if (filter.op === 'not') return columnsIn(filter.of);
  return 'column' in filter ? [filter.column] : [];
}

/** The column that a condition holds to one value or a few: "on pve1" in the place of "on pve2". */
export function columnsHeld(filter: Filter): string[] {
  if (filter.op === 'in') return [filter.column];
  return filter.op === 'compare' && filter.is === '=' && typeof filter.value === 'string' ? [filter.column] : [];
}

export function isNumeric(filter: Filter): filter is Filter & { op: 'compare' } {
  return filter.op === 'compare' && typeof filter.value === 'number';
}

export function same(a: Filter, b: Filter): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
