/** What one unit of work costs. */
export interface Cost {
  /** Processor time of the replica. */
  readonly cpuMs: number;
  /** Time that PostgreSQL spent on it. */
  readonly databaseMs: number;
  readonly transactions: number;
  /** By how much the database has grown. */
  readonly bytes: number;
}

export interface Costs {
  /** When, and on what machine. */
  readonly measured: string;
  /** Of the cluster that they were measured on. */
  readonly guests: number;
  /** A replica that is asked for nothing, for a second. */
  readonly replicaSecond: Cost;
  /** Each cluster that is followed, for a second. */
  readonly clusterSecond: Cost;
  readonly list: Cost;
  readonly change: Cost;
}

/** How large a fleet is, and what is done with it. */
export interface Fleet {
  readonly clusters: number;
  readonly listsPerSecond: number;
  readonly changesPerDay: number;
}

/** People and programs ask about each cluster once a minute; each cluster is changed two hundred times a day. */
const PER_CLUSTER = { listsPerSecond: 1 / 60, changesPerDay: 200 };

export const FLEETS: readonly Fleet[] = [1, 10, 100, 1_000].map((clusters) => ({
  clusters,
  listsPerSecond: clusters * PER_CLUSTER.listsPerSecond,
  changesPerDay: clusters * PER_CLUSTER.changesPerDay,
}));

/** A replica is one thread: beyond this share of a processor its answers are late. */
const USED_AT_MOST = 0.5;
/** With fewer than these, one that dies or is replaced is missed. */
const FEWEST = 3;
const DAY_S = 86_400;
/** Changes come by day: in the busiest hour four times as many as on average. */
export const PEAK = 4;

export interface Needs {
  readonly replicas: number;
  readonly databaseProcessors: number;
  readonly transactionsPerSecond: number;
  readonly bytesPerDay: number;
}

/** What more costs than less, for each that it is more. Noise may make that less than nothing: it is nothing then. */
export function share(more: Cost, less: Cost, by: number): Cost {
  const each = (of: (cost: Cost) => number): number => Math.max(0, of(more) - of(less)) / by;
  return {
    cpuMs: each(({ cpuMs }) => cpuMs),
    databaseMs: each(({ databaseMs }) => databaseMs),
    transactions: each(({ transactions }) => transactions),
    bytes: each(({ bytes }) => bytes),
  };
}

/** What a fleet needs at its busiest: units times their costs, and nothing else. */
export function needsOf({ clusters, listsPerSecond, changesPerDay }: Fleet, costs: Costs): Needs {
  const changesPerSecond = (changesPerDay / DAY_S) * PEAK;
  const perSecond = (of: (cost: Cost) => number): number =>
    clusters * of(costs.clusterSecond) + listsPerSecond * of(costs.list) + changesPerSecond * of(costs.change);
  const room = Math.max(1, 1_000 * USED_AT_MOST - costs.replicaSecond.cpuMs);
  const replicas = Math.max(FEWEST, Math.ceil(perSecond(({ cpuMs }) => cpuMs) / room));
  const all = (of: (cost: Cost) => number): number => replicas * of(costs.replicaSecond) + perSecond(of);
  return {
    replicas,
    databaseProcessors: all(({ databaseMs }) => databaseMs) / 1_000,
    transactionsPerSecond: all(({ transactions }) => transactions),
    bytesPerDay: changesPerDay * costs.change.bytes,
  };
}
