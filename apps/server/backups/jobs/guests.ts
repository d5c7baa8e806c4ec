import type { Connection } from '../../connections/connection.ts';
import { readGuestId } from '../../guests/ids.ts';
import { lookAt } from '../../http/look.ts';
import { notAcceptable } from '../../http/problem.ts';
import type { Service } from '../../service.ts';

/** The guests of a cluster that a body names, as the catalogue names them; all of them are there. @throws Problem 422, 503 */
export async function guestsNamed(
  service: Service,
  { name, cluster }: Connection,
  ids: readonly string[],
): Promise<string[]> {
  const { views } = await lookAt(cluster, [{ dataset: 'guests', columns: ['vmid'] }]);
  const there = new Set((views[0]?.rows ?? []).map(({ id }) => id));
  return ids.map((text) => {
    const id = readGuestId(service, text);
    if (id !== undefined && id.connection === name && there.has(id.guest)) return id.guest;
    const details = { field: 'vm_ids', reason: 'not_found', provided_value: text };
    throw notAcceptable(`There is no guest ${text} there. Ids are written as vm-101 and ct-200.`, details);
  });
}
