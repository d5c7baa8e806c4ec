import type { Facts, Look } from '../rule.ts';

/** A look at the guests of a scan: the list tells most, a call a guest its configuration. */
export function guestLook(...columns: string[]): Look {
  return { dataset: 'guests', columns: ['type', ...columns], narrow: 'id' };
}

export const isVm = (row: Facts): boolean => row.value('type') === 'qemu';
export const isContainer = (row: Facts): boolean => row.value('type') === 'lxc';

export const listOf = (row: Facts, column: string): readonly string[] => {
  const value = row.value(column);
  return Array.isArray(value) ? value : [];
};
