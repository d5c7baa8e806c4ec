/** What is known when it is decided who leads what. */
export interface Standing {
  readonly owner: string;
  /** All leases that are held, by whomever. */
  readonly live: readonly { readonly name: string; readonly owner: string }[];
  /** What this replica could lead. */
  readonly names: readonly string[];
  /** What it leads. */
  readonly mine: readonly string[];
  /** What nobody led at the last look. */
  readonly freeBefore: ReadonlySet<string>;
}

/**
 * What a replica takes and leaves, so that all have about as much: its share of what is free, and beyond that what was
 * free at the last look already, since the others cannot or will not; of more than its share by two, what is too much.
 */
export function share({ owner, live, names, mine, freeBefore }: Standing): {
  readonly take: readonly string[];
  readonly leave: readonly string[];
  readonly free: ReadonlySet<string>;
} {
  const held = new Set(live.filter((lease) => lease.owner !== owner).map(({ name }) => name));
  const replicas = new Set([...live.map((lease) => lease.owner), owner]).size;
  const fair = Math.ceil(names.length / replicas);
  const free = names.filter((name) => !held.has(name) && !mine.includes(name));
  const room = Math.max(0, fair - mine.length);
  const [first, rest] = [free.slice(0, room), free.slice(room)];
  return {
    take: [...first, ...rest.filter((name) => freeBefore.has(name))],
    leave: mine.length > fair + 1 ? mine.slice(fair) : [],
    free: new Set(free),
  };
}
