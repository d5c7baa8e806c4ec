import type { RefusalReason } from '@pxa/contract';
import { parseSize } from '@pxa/pve/size';
import { asNumber, asText } from '@pxa/pve/values';
import { type GuestNow, needed, type Planned, type Planning, type Refusal, refused, sizeText } from '../kit/index.ts';
import { options } from '../guests/config.ts';
import { contentText } from '../storage/content-words.ts';

/** A virtual disk or mount point of a guest, as its configuration has it. */
export interface GuestDisk {
  /** `scsi0`, `rootfs`, `unused1`. */
  readonly key: string;
  /** The value as it is written. */
  readonly value: string;
  /** `local-zfs:vm-104-disk-0`. */
  readonly volume: string;
  readonly storage: string;
  /** In bytes; undefined where the configuration does not tell. */
  readonly size: number | undefined;
}

const vmDisk = /^(ide|sata|scsi|virtio|efidisk|tpmstate|unused)\d+$/;
const ctDisk = /^(rootfs|mp\d+|unused\d+)$/;

/** The disks of a guest, without CD drives, cloud-init drives and bind mounts. */
export function disksOf(guest: GuestNow): GuestDisk[] {
  const pattern = guest.type === 'qemu' ? vmDisk : ctDisk;
  const found: GuestDisk[] = [];
  for (const [key, raw] of Object.entries(guest.config)) {
    if (!pattern.test(key) || typeof raw !== 'string') continue;
    const [volume = ''] = raw.split(',');
    const set = options(raw);
    if (set['media'] === 'cdrom' || !volume.includes(':') || /:.*cloudinit/.test(volume)) continue;
    const size = set['size'] === undefined ? undefined : (parseSize(set['size']) ?? undefined);
    found.push({ key, value: raw, volume, storage: volume.slice(0, volume.indexOf(':')), size });
  }
  return found.toSorted((a, b) => a.key.localeCompare(b.key, 'en', { numeric: true }));
}

/** The disk that a guest starts from (qemu-server's bootorder, else its first disk; a container's rootfs). */
export function bootDisk(guest: GuestNow): GuestDisk | undefined {
  const disks = disksOf(guest);
  if (guest.type === 'lxc') return disks.find(({ key }) => key === 'rootfs');
  const order = (options(guest.config['boot'])['order'] ?? String(guest.config['bootdisk'] ?? '')).split(';');
  const inOrder = order.flatMap((key) => disks.find((disk) => disk.key === key) ?? []);
  return inOrder[0] ?? disks.find(({ key }) => /^(scsi|virtio|sata|ide)0$/.test(key));
}

/** The disk that a word is for: its key, `boot`, `1` (disk 1), `#2` (the second), `#-1` (the last). */
function called(guest: GuestNow, disks: readonly GuestDisk[], named: string): GuestDisk | undefined {
  if (named === 'boot') return bootDisk(guest);
  const place = /^#(-?\d+)$/.exec(named)?.[1];
  if (place !== undefined) return disks.at(Number(place) > 0 ? Number(place) - 1 : Number(place));
  const bus = bootDisk(guest)?.key.replace(/\d+$/, '') ?? 'scsi';
  const key = /^\d+$/.test(named) ? `${guest.type === 'lxc' ? 'mp' : bus}${named}` : named;
  return disks.find((disk) => disk.key === key);
}

/** The disk that is meant: the one named, else the one it starts from; with several, that is said. */
export function diskOf(
  guest: GuestNow,
  named: string | undefined,
): { disk: GuestDisk; assumptions: string[] } | Planned {
  const disks = disksOf(guest).filter(({ key }) => !/^(efidisk|tpmstate|unused)/.test(key) || key === named);
  const wanted = named === undefined || named === '' ? bootDisk(guest) : called(guest, disks, named);
  if (wanted === undefined) {
    const keys = disks.map(({ key }) => key).join(', ');
    const why =
      named === undefined || named === '' ? `${guest.title} has no disk.` : `${guest.title} has no disk ${named}.`;
    return refused({ why, next: keys === '' ? 'Add one first.' : `It has ${keys}.` });
  }
  const several = disks.length > 1 && (named === undefined || named === '');
  return { disk: wanted, assumptions: several ? [`Disk ${wanted.key}: the one that ${guest.title} starts from`] : [] };
}

export const isDisk = (found: { disk: GuestDisk } | Planned): found is { disk: GuestDisk; assumptions: string[] } =>
  'disk' in found;

/** A storage as a node sees it. */
export interface StorageNow {
  readonly storage: string;
  readonly type: string;
  readonly content: readonly string[];
  readonly free: number;
  readonly shared: boolean;
}

/** The storages of a node that are on. */
export async function storagesOf(planning: Planning, node: string): Promise<StorageNow[]> {
  const list = needed(await planning.list('/nodes/{node}/storage', { node, enabled: true }), `The storages of ${node}`);
  return list
    .filter(({ data }) => asNumber(data['active']) !== 0)
    .map(({ data }) => ({
      storage: String(data['storage']),
      type: String(data['type']),
      content: (asText(data['content']) ?? '').split(','),
      free: asNumber(data['avail']) ?? 0,
      shared: asNumber(data['shared']) === 1,
    }));
}

/** What something new needs of the storage that it is to lie on. */
interface PlaceWanted {
  readonly node: string;
  readonly content: string;
  readonly named: string | undefined;
  readonly bytes: number;
  /** Only these may hold it. */
  readonly among?: readonly string[] | undefined;
}

type Placed = { storage: StorageNow; assumptions: string[] } | { refusals: Refusal[] };

/** Where something new is to lie: the storage named, or the one with the most room that may hold it. */
export async function placeFor(planning: Planning, of: PlaceWanted): Promise<Placed> {
  const { node, content, named, bytes, among } = of;
  const all = await storagesOf(planning, node);
  const takers = all.filter((each) => each.content.includes(content));
  const fit = takers.filter(({ storage }) => among === undefined || among.includes(storage));
  const what = contentText(content);
  if (named !== undefined) {
    const wanted = all.find(({ storage }) => storage === named);
    const others = fit.map(({ storage }) => storage).join(', ') || 'none';
    const next = `Storages of ${node} that take ${what}: ${others}.`;
    const refuse = (why: string, reason: RefusalReason, input = 'storage'): Placed => ({
      refusals: [{ why, next, input, reason }],
    });
    if (wanted === undefined) return refuse(`${node} has no storage ${named} that is on.`, 'not_found');
    if (!wanted.content.includes(content)) return refuse(`${named} does not take ${what}.`, 'not_acceptable');
    if (!fit.includes(wanted))
      return refuse(`${named} is none of those that it may lie on.`, 'not_acceptable', 'among');
    return roomOn(wanted, bytes, []);
  }
  const [most] = fit.toSorted((a, b) => b.free - a.free);
  if (most !== undefined) {
    const why = among === undefined ? '' : ' of those that it may lie on,';
    return roomOn(most, bytes, [
      `Storage ${most.storage}: the one for ${what} on ${node}${why} with the most free space`,
    ]);
  }
  if (among !== undefined) return { refusals: [noneAmong(node, what, among)] };
  const next = 'Let one take it: its content types say what it may hold.';
  return { refusals: [{ why: `No storage of ${node} takes ${what}.`, next }] };
}

function noneAmong(node: string, what: string, among: readonly string[]): Refusal {
  const why = `${node} has no storage for ${what} among those that it may lie on${among.length === 0 ? '' : `: ${among.join(', ')}`}.`;
  const next = 'Name another node, or let it lie elsewhere.';
  return { why, next, input: 'among', reason: 'not_found' };
}

function roomOn(storage: StorageNow, bytes: number, assumptions: string[]): Placed {
  if (bytes <= storage.free) return { storage, assumptions };
  const why = `${storage.storage} has ${sizeText(storage.free)} free; ${sizeText(bytes)} are more than that.`;
  const next = 'Name a smaller size, or another storage.';
  return { refusals: [{ why, next, input: 'disk', reason: 'too_big' }] };
}
