import type { EntityKind } from '@pxa/catalog';

/** A thing of the cluster that can be named: `key` is what columns hold (a row id for guests, a name for the rest). */
export interface Entity {
  readonly kind: EntityKind;
  readonly key: string;
  readonly name: string;
  /** For guests. */
  readonly vmid?: number;
  readonly type?: 'qemu' | 'lxc';
  readonly node?: string;
  readonly status?: string;
  readonly template?: boolean;
}

/** The names that exist right now, for one request. Looking one up costs the same however many there are. */
export class Inventory {
  readonly entities: readonly Entity[];
  readonly #byName = new Map<string, Entity[]>();
  readonly #byVmid = new Map<number, Entity>();
  // Filled when something is first looked up by its key: most requests never do.
  readonly #byKey = new Map<string, Entity>();
  // Worked out when a name is first searched for.
  readonly #lower: string[] = [];
  readonly #letters: number[] = [];
  readonly #near = new Map<string, Entity[]>();

  constructor(entities: readonly Entity[]) {
    this.entities = entities;
    for (const entity of entities) {
      const name = entity.name.toLowerCase();
      const same = this.#byName.get(name);
      if (same) same.push(entity);
      else this.#byName.set(name, [entity]);
      if (entity.vmid !== undefined) this.#byVmid.set(entity.vmid, entity);
    }
  }

  /** The things that bear a name, without regard to case. */
  named(name: string): readonly Entity[] {
    return this.#byName.get(name.toLowerCase()) ?? [];
  }

  vmid(vmid: number): Entity | undefined {
    return this.#byVmid.get(vmid);
  }

  /** A thing by its kind and key, as it is now. */
  get(kind: EntityKind, key: string): Entity | undefined {
    if (this.#byKey.size === 0) {
      for (const entity of this.entities) this.#byKey.set(`${entity.kind} ${entity.key}`, entity);
    }
    return this.#byKey.get(`${kind} ${key}`);
  }

  of(kind: EntityKind): readonly Entity[] {
    return this.entities.filter((entity) => entity.kind === kind);
  }

  /** The names nearest to one that does not exist, nearest first; tags only where nothing else comes near. */
  nearest(name: string, most: number, kinds?: readonly EntityKind[]): Entity[] {
    const wanted = name.toLowerCase();
    let near = this.#near.get(wanted);
    if (near === undefined) {
      near = this.#search(wanted);
      this.#near.set(wanted, near);
    }
    return (kinds === undefined ? near : near.filter(({ kind }) => kinds.includes(kind))).slice(0, most);
  }

  /** Whether a word is a name but for a slip or two. */
  isMistyped(word: string): boolean {
    const [first] = this.nearest(word, 1);
    return (
      first !== undefined && editDistance(word.toLowerCase(), first.name.toLowerCase(), 2) <= (word.length > 5 ? 2 : 1)
    );
  }

  #search(wanted: string): Entity[] {
    const limit = Math.max(2, Math.floor(wanted.length / 3));
    const mask = lettersOf(wanted);
    const near: { entity: Entity; distance: number }[] = [];
    this.entities.forEach((entity, index) => {
      const other = (this.#lower[index] ??= entity.name.toLowerCase());
      const begins = wanted.length > 4 && other.startsWith(wanted.slice(0, Math.max(4, wanted.length - 2)));
      const short = shortened(wanted);
      const within =
        begins ||
        (short.length > 3 && /\d/.test(short) && shortened(other).endsWith(short)) ||
        other.includes(wanted) ||
        (other.length > 2 && wanted.includes(other));
      if (!within && Math.abs(other.length - wanted.length) > limit) return;
      // A change of one letter takes one kind of letter away and brings another at the most.
      if (!within && bitsIn(mask ^ (this.#letters[index] ??= lettersOf(other))) > 2 * limit) return;
      const distance = within ? 1 : editDistance(wanted, other, limit);
      if (distance <= limit) near.push({ entity, distance: distance + (entity.kind === 'tag' ? 0.5 : 0) });
    });
    near.sort((a, b) => a.distance - b.distance || a.entity.name.localeCompare(b.entity.name));
    return near.slice(0, mostNear).map(({ entity }) => entity);
  }
}

const mostNear = 20;

/** `pve-node03` as people shorten it: letters and digits, zeros before a number left out. */
function shortened(name: string): string {
  return name.replace(/[^a-z0-9]/g, '').replace(/(^|[a-z])0+(?=\d)/g, '$1');
}

/** Which letters and digits a word has, a bit each. */
function lettersOf(word: string): number {
  let mask = 0;
  for (let i = 0; i < word.length; i++) mask |= 1 << (word.charCodeAt(i) & 31);
  return mask;
}

function bitsIn(mask: number): number {
  let bits = mask - ((mask >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

/**
 * How many letters have to be changed, added, left out or swapped with their neighbour to turn one word into another
 * (optimal string alignment); `limit + 1` where it is more than `limit`.
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  const width = b.length + 1;
  // Three rows are enough: this one, the last, and the one before it (for letters that were swapped).
  let [before, last, row] = [new Uint8Array(width), new Uint8Array(width), new Uint8Array(width)];
  for (let j = 0; j < width; j++) last[j] = Math.min(j, 255);
  for (let i = 1; i <= a.length; i++) {
    row[0] = Math.min(i, 255);
    let least = i;
    const letter = a.charCodeAt(i - 1);
    for (let j = 1; j < width; j++) {
      const change = letter === b.charCodeAt(j - 1) ? 0 : 1;
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + change);
      const swapped = i > 1 && j > 1 && letter === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === b.charCodeAt(j - 1);
      if (swapped) cost = Math.min(cost, at(before, j - 2) + 1);
      row[j] = Math.min(cost, 255);
      if (cost < least) least = cost;
    }
    if (least > limit) return limit + 1;
    [before, last, row] = [last, row, before];
  }
  return at(last, b.length);
}

function at(row: Uint8Array, index: number): number {
  return row[index] ?? 0;
}
