import type { Fact } from '@pxa/contract';
import { asNumber, asObject, asText } from '@pxa/pve/values';
import { guestsIn } from '../guests/asked.ts';
import { factAt, needed, type Planning } from '../kit/index.ts';

/** A volume as it lies on a storage now. */
export interface VolumeNow {
  readonly volid: string;
  readonly content: string;
  readonly node: string;
  readonly storage: string;
  readonly shared: boolean;
  readonly vmid: number | undefined;
  readonly size: number | undefined;
  /** The volume that it is a linked clone of. */
  readonly parent: string | undefined;
}

/** A storage that a node reaches. */
export interface Place {
  readonly node: string;
  readonly storage: string;
  readonly shared: boolean;
  readonly active: boolean;
  readonly content: readonly string[];
}

/** The storages of all nodes that are online; one that nodes share once for each. */
export async function placesNow(planning: Planning, storage?: string): Promise<Place[]> {
  const nodes = (await planning.nodes()).filter(({ online }) => online);
  const lists = await Promise.all(
    nodes.map(async ({ node }) => {
      const got = await planning.list('/nodes/{node}/storage', { node, enabled: true });
      return needed(got, `The storages of ${node}`).map(({ data }) => ({
        node,
        storage: String(data['storage']),
        shared: asNumber(data['shared']) === 1,
        active: asNumber(data['active']) !== 0,
        content: (asText(data['content']) ?? '').split(','),
      }));
    }),
  );
  return lists.flat().filter((place) => storage === undefined || place.storage === storage);
}

/** The same, with those that nodes share once. */
export function distinct(places: readonly Place[]): Place[] {
  const met = new Set<string>();
  return places.filter(({ node, storage, shared }) => {
    const key = shared ? storage : `${node}/${storage}`;
    const isNew = !met.has(key);
    met.add(key);
    return isNew;
  });
}

/** What lies on a storage. @throws CannotPlan where it could not be read */
export async function volumesAt(planning: Planning, { node, storage, shared }: Place): Promise<VolumeNow[]> {
  const got = await planning.list('/nodes/{node}/storage/{storage}/content', { node, storage });
  return needed(got, `What lies on ${storage} of ${node}`).map(({ data }) => ({
    volid: String(data['volid']),
    content: asText(data['content']) ?? '',
    node,
    storage,
    shared,
    vmid: asNumber(data['vmid']) ?? undefined,
    size: asNumber(data['size']) ?? undefined,
    parent: asText(data['parent']) ?? undefined,
  }));
}

/** A fact of what lies on a storage: that a volume is there, or is not. */
export function volumeFact(at: { node: string; storage: string }, volid: string, is: Fact['is']): Fact {
  return factAt(volid, `/nodes/${at.node}/storage/${at.storage}/content`, [`[volid=${volid}]`, 'volid'], is);
}

/** Where a guest's configuration names a volume. */
export interface Use {
  readonly vmid: number;
  readonly title: string;
  readonly key: string;
  readonly volid: string;
}

/** Every place where a guest's configuration names a volume that fits; of guests on one node, where one is given. */
export async function usesOf(
  planning: Planning,
  fits: (volid: string) => boolean,
  of: { readonly node?: string; readonly vmid?: number } = {},
): Promise<{ uses: Use[]; unread: string[] }> {
  const rows = needed(await planning.list('/cluster/resources', {}), 'The list of guests');
  const unread: string[] = [];
  const guests = guestsIn(rows).filter(
    ({ node, vmid }) => (of.node === undefined || of.node === node) && (of.vmid === undefined || of.vmid === vmid),
  );
  const found = await Promise.all(
    guests.map(async ({ type, node, vmid, name }): Promise<Use[]> => {
      const title = `${type === 'qemu' ? 'VM' : 'Container'} ${vmid}${name === '' ? '' : ` ${name}`}`;
      const got =
        type === 'qemu'
          ? await planning.read('/nodes/{node}/qemu/{vmid}/config', { node, vmid })
          : await planning.read('/nodes/{node}/lxc/{vmid}/config', { node, vmid });
      if (!got.ok) {
        unread.push(`${title}: ${got.why}`);
        return [];
      }
      return volumesIn(asObject(got.data) ?? {})
        .filter(({ volid }) => fits(volid))
        .map((use) => ({ ...use, vmid, title }));
    }),
  );
  return { uses: found.flat(), unread };
}

const drive = /^(ide|sata|scsi|virtio|efidisk|tpmstate|unused|mp)\d+$|^rootfs$|^vmstate$/;

/** The volumes that a configuration names, with their keys. */
export function volumesIn(config: Readonly<Record<string, unknown>>): { key: string; volid: string }[] {
  return Object.entries(config).flatMap(([key, value]) => {
    const volid = drive.test(key) && typeof value === 'string' ? (value.split(',')[0] ?? '') : '';
    return volid.includes(':') ? [{ key, volid: volid.replace(/^(?:file|volume)=/, '') }] : [];
  });
}
