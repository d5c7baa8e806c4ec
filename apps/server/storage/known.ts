import { type Named, readNamed } from '../connections/connection.ts';
import { same } from '../http/filter.ts';
import { lookAt } from '../http/look.ts';
import { notFound } from '../http/problem.ts';
import type { Service } from '../service.ts';

/** The storage that a path names, which is defined. One call to Proxmox. @throws Problem 404, 503 */
export async function knownStorage(service: Service, id: string): Promise<Named> {
  const named = readNamed(service, id);
  const where = same('storage', named.own);
  const { views } = await lookAt(named.cluster, [{ dataset: 'storage-definitions', where, columns: ['storage'] }]);
  if ((views[0]?.rows ?? []).length === 0) throw notFound('storage', id);
  return named;
}
