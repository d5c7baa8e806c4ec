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
  readonly #byKey = new Map<string, Entity>();

  constructor(entities: readonly Entity[]) {
    this.entities = entities;
    for (const entity of entities) {
      const name = entity.name.toLowerCase();
      const same = this.#byName.get(name);
      if (same) same.push(entity);
      else this.#byName.set(name, [entity]);
      this.#byKey.set(`${entity.kind} ${entity.key}`, entity);
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
    return this.#byKey.get(`${kind} ${key}`);
  }

  of(kind: EntityKind): readonly Entity[] {
    return this.entities.filter((entity) => entity.kind === kind);
  }

  /** The names nearest to one that does not exist, nearest first; tags only where nothing else comes near. */
  nearest(name: string, most: number, kinds?: readonly EntityKind[]): Entity[] {
    const wanted = name.toLowerCase();
    const limit = Math.max(2, Math.floor(wanted.length / 3));
    const near: { entity: Entity; distance: number }[] = [];
    for (const entity of this.entities) {
      if (kinds !== undefined && !kinds.includes(entity.kind)) continue;
      const other = entity.name.toLowerCase();
      const distance = other.includes(wanted) || wanted.includes(other) ? 1 : editDistance(wanted, other, limit);
      if (distance <= limit) near.push({ entity, distance: distance + (entity.kind === 'tag' ? 0.5 : 0) });
    }
    near.sort((a, b) => a.distance - b.distance || a.entity.name.localeCompare(b.entity.name));
    return near.slice(0, most).map(({ entity }) => entity);
  }
}

/**
 * How many letters have to be changed, added, left out or swapped with their neighbour to turn one word into another
 * (optimal string alignment); `limit + 1` where it is more than `limit`.
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      // Indices stay within the rows built so far.
      let cost = Math.min((last[j] as number) + 1, (row[j - 1] as number) + 1, (last[j - 1] as number) + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] as number) + 1);
      }
      row.push(cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return limit + 1;
    before = last;
    last = row;
  }
  return last[b.length] as number;
}
