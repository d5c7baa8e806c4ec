import { asNumber } from '@pxa/pve/values';
import { type Cell, pointer, type Reading, type Rec } from '../kit/index.ts';

/** A guest that a question is about, as the cluster's list has it. */
export interface AskedGuest {
  readonly id: string;
  readonly type: 'qemu' | 'lxc';
  readonly vmid: number;
  readonly name: string;
  readonly node: string;
  readonly template: boolean;
  readonly rec: Rec;
}

/**
 * The guests that a question about parts of guests is narrowed to (by the columns `guest` and `node`), from the
 * cluster's one list. Those on a node that does not answer are named as lacking and left out.
 */
export async function askedGuests(reading: Reading, about: string): Promise<AskedGuest[]> {
  const got = await reading.list('/cluster/resources', {});
  if (!got.ok) {
    reading.lacks(about, got.why, got.nextStep);
    return [];
  }
  const [ids, nodes] = [reading.only('guest'), reading.only('node')];
  const asked = guestsIn(got.data).filter(
    ({ id, node }) => (ids === undefined || ids.includes(id)) && (nodes === undefined || nodes.includes(node)),
  );
  const online = new Set((await reading.nodes()).filter((node) => node.online).map(({ node }) => node));
  for (const node of new Set(asked.map((guest) => guest.node))) {
    if (!online.has(node))
      reading.lacks(`${about} of ${node}`, `node ${node} is offline`, `Bring ${node} back, then ask again.`);
  }
  return asked.filter(({ node }) => online.has(node));
}

/** The guests of `/cluster/resources`, templates included. */
export function guestsIn(resources: readonly Rec[]): AskedGuest[] {
  const found: AskedGuest[] = [];
  for (const rec of resources) {
    const { type, vmid, name, node, template } = rec.data;
    const id = asNumber(vmid);
    if ((type !== 'qemu' && type !== 'lxc') || id === null) continue;
    found.push({
      id: `${type}/${id}`,
      type,
      vmid: id,
      name: typeof name === 'string' ? name : '',
      node: String(node),
      template: asNumber(template) === 1,
      rec,
    });
  }
  return found;
}

/** The cells by which a guest's part tells whose it is. */
export function guestCells(guest: AskedGuest): Record<'guest' | 'vmid' | 'guest_name' | 'node', Cell> {
  const at = (key: string): string => pointer(guest.rec.at, key);
  return {
    guest: { value: guest.id, at: at('id') },
    vmid: { value: guest.vmid, at: at('vmid') },
    guest_name:
      guest.name === '' ? { value: null, at: 'unknown: Proxmox gave no name' } : { value: guest.name, at: at('name') },
    node: { value: guest.node, at: at('node') },
  };
}
