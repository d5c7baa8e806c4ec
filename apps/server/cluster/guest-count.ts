import type { Row } from '@pxa/contract';
import { z } from 'zod';

/** How many guests of a kind there are, templates left out; null where the list could not be read. */
export const GuestCount = z.object({ total: z.int().nullable(), running: z.int().nullable() });

export function countGuests(rows: readonly Row[], type: 'qemu' | 'lxc', isRead: boolean): z.infer<typeof GuestCount> {
  if (!isRead) return { total: null, running: null };
  const own = rows.filter(({ cells }) => cells['type'] === type && cells['template'] !== true);
  return { total: own.length, running: own.filter(({ cells }) => cells['status'] === 'running').length };
}
