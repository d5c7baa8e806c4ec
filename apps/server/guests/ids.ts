import type { Assistant } from '@pxa/assistant';
import type { Query } from '@pxa/contract';
import { lookAt } from '../http/look.ts';
import { notAcceptable, notFound, type Problem } from '../http/problem.ts';
import type { Service } from '../service.ts';

/** What a guest is, as its id begins: `vm-101`, `ct-200`. */
export type Kind = 'vm' | 'ct';

/** What Proxmox calls each kind. */
const TYPES = { vm: 'qemu', ct: 'lxc' } as const;

const CALLED: Readonly<Record<Kind, string>> = { vm: 'VM', ct: 'container' };

/** A guest as ids of the service name it: `vm-101`, or `east:vm-101` of the connection `east`. */
export interface GuestId {
  readonly kind: Kind;
  readonly connection: string;
  readonly cluster: Assistant;
  readonly vmid: number;
  /** As the catalogue names it: `qemu/101`. */
  readonly guest: string;
  /** As the service names it: `vm-101`. */
  readonly text: string;
}

const FORM = /^(?:([\w.-]+):)?(vm|ct)-([1-9]\d{2,8})$/;

/** The guest that an id names; whether there is one, the cluster tells. Undefined for what is no id of ours. */
export function readGuestId({ clusters }: Service, text: string): GuestId | undefined {
  const [, named, kind, number = ''] = FORM.exec(text) ?? [];
  const [first] = clusters.keys();
  const connection = named ?? first;
  const cluster = connection === undefined ? undefined : clusters.get(connection);
  if ((kind !== 'vm' && kind !== 'ct') || connection === undefined || cluster === undefined) return undefined;
  return { kind, connection, cluster, vmid: Number(number), guest: `${TYPES[kind]}/${number}`, text };
}

/** The guest that a query asks for, where it does: only the form of its id is looked at. @throws Problem 422 */
export function guestAsked(service: Service, field: string, text: string | undefined): GuestId | undefined {
  if (text === undefined) return undefined;
  const id = readGuestId(service, text);
  if (id !== undefined) return id;
  const details = { field, reason: 'not_an_id', provided_value: text };
  throw notAcceptable(`${text} is no id of a guest: it looks like vm-101, or ct-200.`, details);
}

/** The guest of a kind that a path names; whether there is one, the cluster tells. @throws Problem 404 */
export function guestIdOf(service: Service, kind: Kind, text: string): GuestId {
  const id = readGuestId(service, text);
  if (id?.kind !== kind) throw noGuest(kind, text);
  return id;
}

/** The guest of a kind that a path names, which there is. @throws Problem 404, 503 */
export async function knownGuest(service: Service, kind: Kind, text: string): Promise<GuestId> {
  const id = guestIdOf(service, kind, text);
  if (!(await isThere(id))) throw noGuest(kind, text);
  return id;
}

/** Whether the cluster has the guest. One call to Proxmox. @throws Problem 503 */
export async function isThere({ cluster, kind, vmid }: GuestId): Promise<boolean> {
  const isIt = { op: 'compare', column: 'vmid', is: '=', value: vmid } as const;
  const isKind = { op: 'compare', column: 'type', is: '=', value: TYPES[kind] } as const;
  const query = { dataset: 'guests', where: { op: 'and', of: [isIt, isKind] }, columns: ['vmid'] } satisfies Query;
  const { views } = await lookAt(cluster, [query]);
  return (views[0]?.rows.length ?? 0) > 0;
}

export const noGuest = (kind: Kind, text: string): Problem => notFound(CALLED[kind], text);

/** The id of a guest: with its connection in front, where it is not the first. */
export function idText({ clusters }: Service, connection: string, kind: Kind, vmid: number): string {
  const [first] = clusters.keys();
  return connection === first ? `${kind}-${vmid}` : `${connection}:${kind}-${vmid}`;
}

/** The id of a guest as answers have it, however it was written. */
export const idOf = (service: Service, { connection, kind, vmid }: GuestId): string =>
  idText(service, connection, kind, vmid);

/** The id of a guest by its type as Proxmox names it, `qemu` or `lxc`. */
export function idOfType(service: Service, connection: string, type: string, vmid: number): string {
  return idText(service, connection, type === 'lxc' ? 'ct' : 'vm', vmid);
}
