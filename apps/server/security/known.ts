import type { Scan } from '@pxa/contract';
import { notFound } from '../http/problem.ts';
import type { Service } from '../service.ts';

/** The scan that a path names. @throws Problem 404 */
export async function knownScan({ kept }: Service, id: string): Promise<Scan> {
  const scan = await kept.scan(id);
  if (scan === undefined) throw notFound('scan', id);
  return scan;
}
