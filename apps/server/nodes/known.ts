import { type Named, readNamed } from '../connections/connection.ts';
import { same } from '../http/filter.ts';
import { lookAt } from '../http/look.ts';
import { notFound } from '../http/problem.ts';
import type { Service } from '../service.ts';

/** The node that a path names, which there is. One call to Proxmox. @throws Problem 404, 503 */
export async function knownNode(service: Service, text: string): Promise<Named> {
  const named = readNamed(service, text);
  const { views } = await lookAt(named.cluster, [
    { dataset: 'nodes', where: same('node', named.own), columns: ['node'] },
  ]);
  if (views[0]?.rows.length !== 1) throw notFound('node', text);
  return named;
}
