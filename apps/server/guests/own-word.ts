import type { Query } from '@pxa/contract';
import { all, same } from '../http/filter.ts';

/**
 * What these VMs say of their state themselves: one call more for each node that they are on. The list of the cluster says
 * that a VM runs, whether it is paused or not (PVE::API2::Cluster, resources).
 */
export function wordOf(vmids: Iterable<number>): Query {
  const where = all(same('type', 'qemu'), { op: 'in', column: 'vmid', values: [...vmids] });
  return { dataset: 'guests', where, columns: ['vmid', 'state'] };
}

/** How a VM that is paused is called where it was last seen. */
export const PAUSED = 'paused';

/** The number of a VM that the catalogue names `qemu/101`. */
export const vmidOf = (guest: string): number => Number(guest.replace('qemu/', ''));
