import type { Comparison, Filter, Literal } from '@pxa/contract';

/** Short forms for the conditions that the catalogue writes. */
export const is = (column: string, value: Literal): Filter => ({ op: 'compare', column, is: '=', value });
export const isNot = (column: string, value: Literal): Filter => ({ op: 'compare', column, is: '!=', value });
export const compare = (column: string, how: Comparison, value: Literal): Filter => ({
  op: 'compare',
  column,
  is: how,
  value,
});
export const oneOf = (column: string, ...values: (string | number)[]): Filter => ({ op: 'in', column, values });
export const contains = (column: string, text: string): Filter => ({ op: 'text', column, how: 'contains', text });
export const startsWith = (column: string, text: string): Filter => ({ op: 'text', column, how: 'starts', text });
export const known = (column: string): Filter => ({ op: 'known', column });
export const not = (of: Filter): Filter => ({ op: 'not', of });
export const all = (...of: Filter[]): Filter => (of.length === 1 && of[0] ? of[0] : { op: 'and', of });
export const any = (...of: Filter[]): Filter => (of.length === 1 && of[0] ? of[0] : { op: 'or', of });
export const has = (relation: string, where?: Filter): Filter => ({ op: 'has', relation, where });
