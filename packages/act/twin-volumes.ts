import { asNumber, asText } from '@pxa/pve/values';
import type { About } from './twin-about.ts';
import type { GuestParts, TwinGuest } from './twin-guests.ts';
import { volumesOf } from './twin-guests.ts';
import type { Row, TwinReads } from './twin-reads.ts';

/** A storage as a node sees it. */
interface Seen {
  readonly node: string;
  readonly storage: string;
  readonly isShared: boolean;
}

/** What of one storage is to be read: all of it, or what is of some types or some guests. */
interface Wish {
  readonly at: Seen;
  isWhole: boolean;
  readonly types: Set<string>;
  readonly vmids: Set<number>;
}

/** With more guests than this on a storage, its whole list costs the cluster less than one for each. */
const MOST_LISTS = 8;

export interface VolumeSources {
  readonly about: About;
  /** The guests of the plan that are there, with what was read of them. */
  readonly guests: readonly (readonly [TwinGuest, GuestParts])[];
  /** The lists of storages of the nodes that the plan is about, by node. */
  readonly storages: ReadonlyMap<string, readonly Row[]>;
}

/** The volumes that matter, by node and storage, as `content` of a node in a world. */
export async function readVolumes(
  reads: TwinReads,
  sources: VolumeSources,
): Promise<Map<string, Record<string, Row[]>>> {
  const wishes = wishesOf(sources);
  const lists = await Promise.all(wishes.map((wish) => readContent(reads, wish)));
  const found = new Map<string, Record<string, Row[]>>();
  wishes.forEach(({ at: { node, storage } }, index) => {
    const ofNode = found.get(node) ?? {};
    ofNode[storage] = lists[index] ?? [];
    found.set(node, ofNode);
  });
  return found;
}

function wishesOf({ about, guests, storages }: VolumeSources): Wish[] {
  const wishes = new Wishes(storages);
  const there = new Map(guests.map((guest) => [guest[0].vmid, guest]));
  for (const vmid of about.volumesOf) {
    const [guest, parts] = there.get(vmid) ?? [];
    const named = parts === undefined ? [] : volumesOf(parts);
    // Clones grow from base volumes, and bear other guests' numbers.
    const isBase = asNumber(guest?.row['template']) === 1 || named.some(({ volid }) => /[:/]base(?:vol)?-/.test(volid));
    for (const storage of new Set([...named.map((one) => one.storage), ...about.storages])) {
      for (const wish of wishes.of(storage)) {
        if (isBase) wish.isWhole = true;
        else wish.vmids.add(vmid);
      }
    }
  }
  // A guest that sleeps on disk is woken by its start, and its memory is freed with it.
  for (const [{ vmid }, { config }] of guests) {
    const [storage, name] = (asText(config['vmstate']) ?? '').split(':', 2);
    if (storage !== undefined && name !== undefined) for (const wish of wishes.of(storage)) wish.vmids.add(vmid);
  }
  for (const [storage, types] of about.contents) {
    for (const wish of wishes.of(storage)) {
      if (types.has('')) wish.isWhole = true;
      for (const type of types) wish.types.add(type);
    }
  }
  return wishes.all();
}

/** The wishes by storage: one for a shared storage, whichever node is asked, and one a node for others. */
class Wishes {
  readonly #seen = new Map<string, Seen[]>();
  readonly #wishes = new Map<Seen, Wish>();

  constructor(storages: ReadonlyMap<string, readonly Row[]>) {
    for (const [node, rows] of storages) {
      for (const row of rows) {
        const storage = asText(row['storage']) ?? '';
        const known = this.#seen.get(storage) ?? [];
        const isShared = asNumber(row['shared']) === 1;
        if (asNumber(row['active']) !== 1 || (isShared && known.length > 0)) continue;
        this.#seen.set(storage, [...known, { node, storage, isShared }]);
      }
    }
  }

  of(storage: string): Wish[] {
    return (this.#seen.get(storage) ?? []).map((at) => {
      const wish = this.#wishes.get(at) ?? { at, isWhole: false, types: new Set(), vmids: new Set() };
      this.#wishes.set(at, wish);
      return wish;
    });
  }

  all(): Wish[] {
    return [...this.#wishes.values()];
  }
}

async function readContent(reads: TwinReads, { at, isWhole, types, vmids }: Wish): Promise<Row[]> {
  const { node, storage } = at;
  const path = '/nodes/{node}/storage/{storage}/content';
  if (isWhole || vmids.size > MOST_LISTS) return reads.list(path, { node, storage });
  const lists = await Promise.all([
    ...[...types].map((content) => reads.list(path, { node, storage, content })),
    ...[...vmids].map((vmid) => reads.list(path, { node, storage, vmid })),
  ]);
  return [...new Map(lists.flat().map((row) => [asText(row['volid']), row])).values()];
}

/** The right to see a volume of a guest (pve-storage Storage.pm, check_volume_access). */
export interface MaySee {
  (storage: string, vmid: number): boolean;
}

/**
 * The volumes of guests that this token may use without seeing them: lists leave them out, and the configuration tells
 * their sizes. What may be seen and is not listed is really missing.
 */
export function addUnseen(
  content: Map<string, Record<string, Row[]>>,
  { guests, storages }: VolumeSources,
  maySee: MaySee,
): void {
  for (const [{ node, vmid, type }, parts] of guests) {
    for (const { storage, volid, size } of volumesOf(parts)) {
      const lists = shownOn(content, storages, { node, storage });
      if (lists === undefined || size === undefined || maySee(storage, vmid)) continue;
      if (lists.some((row) => row['volid'] === volid)) continue;
      lists.push({ volid, content: type === 'qemu' ? 'images' : 'rootdir', format: 'raw', size, vmid });
    }
  }
}

/** The list in which a node's volumes on a storage stand: a shared one was read from any node. */
function shownOn(
  content: Map<string, Record<string, Row[]>>,
  storages: ReadonlyMap<string, readonly Row[]>,
  { node, storage }: { node: string; storage: string },
): Row[] | undefined {
  const own = content.get(node)?.[storage];
  if (own !== undefined) return own;
  const row = storages.get(node)?.find((one) => one['storage'] === storage);
  if (asNumber(row?.['shared']) !== 1) return undefined;
  return [...content.values()].map((lists) => lists[storage]).find((list) => list !== undefined);
}
