import type { Assistant } from '@pxa/assistant';
import type { Query } from '@pxa/contract';
import { lookAt } from '../http/look.ts';
import { notFound } from '../http/problem.ts';
import type { Service } from '../service.ts';

/** A VM as ids of the service name it: `vm-101`, or `east:vm-101` of the connection `east`. */
export interface VmId {
  readonly connection: string;
  readonly cluster: Assistant;
  readonly vmid: number;
}

const FORM = /^(?:([\w.-]+):)?vm-([1-9]\d{2,8})$/;

/** The VM that an id names; whether there is one, the cluster tells. @throws Problem 404 */
export function vmIdOf({ clusters }: Service, text: string): VmId {
  const [, named, number = ''] = FORM.exec(text) ?? [];
  const [first] = clusters.keys();
  const connection = named ?? first;
  const cluster = connection === undefined ? undefined : clusters.get(connection);
  if (number === '' || connection === undefined || cluster === undefined) throw notFound('VM', text);
  return { connection, cluster, vmid: Number(number) };
}

/** The VM that an id names, which there is. @throws Problem 404, 503 */
export async function knownVm(service: Service, text: string): Promise<VmId> {
  const id = vmIdOf(service, text);
  const isIt = { op: 'compare', column: 'vmid', is: '=', value: id.vmid } as const;
  const isVm = { op: 'compare', column: 'type', is: '=', value: 'qemu' } as const;
  const query = { dataset: 'guests', where: { op: 'and', of: [isIt, isVm] }, columns: ['vmid'] } satisfies Query;
  const { views } = await lookAt(id.cluster, [query]);
  if (views[0]?.rows.length === 0) throw notFound('VM', text);
  return id;
}

/** The id of a VM: with its connection in front, where it is not the first. */
export function idText({ clusters }: Service, connection: string, vmid: number): string {
  const [first] = clusters.keys();
  return connection === first ? `vm-${vmid}` : `${connection}:vm-${vmid}`;
}
