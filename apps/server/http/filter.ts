import type { Filter } from '@pxa/contract';

/** That a column has a value. */
export const same = (column: string, value: string | number | boolean): Filter => ({
  op: 'compare',
  column,
  is: '=',
  value,
});

/** Those conditions that were asked for, all of them. */
export function all(...of: readonly (Filter | undefined)[]): Filter {
  return { op: 'and', of: of.filter((each) => each !== undefined) };
}
