import { Random } from '../../packages/sandbox/worlds/random.ts';
import { percentile } from '../timing.ts';
import { type Costs, type Fleet, PEAK } from './needs.ts';

const HOUR_MS = 3_600_000;
/** How often a cluster's tasks are looked at, and its whole list (apps/server/watch). */
const LIGHT_MS = 5_000;
const WHOLE_MS = 60_000;
/** A replica that died is missed for so long by the clusters that it followed (apps/server/replicas). */
const MOVED_MS = 15_000;
/** A change is no work in one piece: it is planned, sent, waited for, verified, and asked about. */
const PIECES = 10;
const PIECE_EVERY_MS = 1_000;
const DAY_MS = 86_400_000;

/** What became of a fleet in its busiest hour, in the middle of which one replica dies. */
export interface Simulated {
  /** The share of its processor that a replica used on average, and the busiest one of them. */
  readonly used: number;
  readonly usedMost: number;
  /** Milliseconds from the request for a list to its answer, the cluster's own time left out. */
  readonly listP50: number;
  readonly listP99: number;
  /** The same of the minute after the death; null where nobody asked in it. */
  readonly afterDeathP99: number | null;
  /** From the request for a change to its answer; null where there was none. */
  readonly changeP99: number | null;
}

type Kind = 'list' | 'change' | 'other';

interface Work {
  readonly atMs: number;
  readonly cpuMs: number;
  readonly kind: Kind;
}

/**
 * Plays the busiest hour of a fleet on so many replicas: requests come by chance, clusters are followed by the clock, and
 * each replica does one thing after the other, as a process with one thread does. What each thing takes was measured.
 */
export function simulate(fleet: Fleet, costs: Costs, replicas: number, seed = 7): Simulated {
  const diesMs = HOUR_MS / 2;
  const lines = arrivals(fleet, costs, { replicas, diesMs, random: new Random(seed) });
  const took: Record<Kind, { atMs: number; ms: number }[]> = { list: [], change: [], other: [] };
  const busyMs = lines.map((line) => {
    let freeMs = 0;
    let busy = 0;
    for (const { atMs, cpuMs, kind } of line.toSorted((a, b) => a.atMs - b.atMs)) {
      freeMs = Math.max(freeMs, atMs) + cpuMs;
      busy += cpuMs;
      took[kind].push({ atMs, ms: freeMs - atMs });
    }
    return busy;
  });
  const livedMs = busyMs.map((_, index) => (index === 0 ? diesMs : HOUR_MS));
  const shares = busyMs.map((busy, index) => busy / (livedMs[index] ?? HOUR_MS));
  const times = (of: typeof took.list): number[] => of.map(({ ms }) => ms);
  const p99 = (of: typeof took.list): number | null => (of.length === 0 ? null : percentile(times(of), 0.99));
  const after = took.list.filter(({ atMs }) => atMs >= diesMs && atMs < diesMs + WHOLE_MS);
  return {
    used: shares.reduce((sum, each) => sum + each, 0) / shares.length,
    usedMost: Math.max(...shares),
    listP50: percentile(times(took.list), 0.5),
    listP99: percentile(times(took.list), 0.99),
    afterDeathP99: p99(after),
    changeP99: p99(took.change),
  };
}

/** What comes to each replica in the hour. */
function arrivals(
  fleet: Fleet,
  costs: Costs,
  { replicas, diesMs, random }: { replicas: number; diesMs: number; random: Random },
): Work[][] {
  const lines: Work[][] = Array.from({ length: replicas }, () => []);
  const alive = (index: number, atMs: number): boolean => index !== 0 || atMs < diesMs;
  const put = (index: number, work: Work): void => {
    if (work.atMs < HOUR_MS && alive(index, work.atMs)) lines[index]?.push(work);
  };
  // What balances the load knows at once who does not answer.
  const any = (atMs: number): number => {
    const first = atMs < diesMs ? 0 : 1;
    return first + Math.floor(random.next() * (replicas - first));
  };
  for (let index = 0; index < replicas; index++)
    for (let atMs = random.next() * 1_000; atMs < HOUR_MS; atMs += 1_000)
      put(index, { atMs, cpuMs: costs.replicaSecond.cpuMs, kind: 'other' });
  for (let cluster = 0; cluster < fleet.clusters; cluster++) follow(cluster);
  for (const atMs of chances(fleet.listsPerSecond / 1_000, random))
    put(any(atMs), { atMs, cpuMs: costs.list.cpuMs, kind: 'list' });
  for (const begunMs of chances((fleet.changesPerDay / DAY_MS) * PEAK, random)) {
    const index = any(begunMs);
    for (let piece = 0; piece < PIECES; piece++)
      put(index, {
        atMs: begunMs + piece * PIECE_EVERY_MS,
        cpuMs: costs.change.cpuMs / PIECES,
        kind: piece === 0 ? 'change' : 'other',
      });
  }
  return lines;

  function follow(cluster: number): void {
    const { whole, light } = looks(costs);
    const leader = cluster % replicas;
    const next = replicas === 1 ? leader : 1 + (cluster % (replicas - 1));
    const perWhole = WHOLE_MS / LIGHT_MS;
    let turn = Math.floor(random.next() * perWhole);
    for (let atMs = random.next() * LIGHT_MS; atMs < HOUR_MS; atMs += LIGHT_MS, turn++) {
      const work = { atMs, cpuMs: light + (turn % perWhole === 0 ? whole : 0), kind: 'other' } as const;
      if (alive(leader, atMs)) put(leader, work);
      else if (atMs >= diesMs + MOVED_MS) put(next, work);
    }
  }
}

/**
 * What the looks at a cluster cost, of what following it costs a second: the whole list is read as for a list that somebody
 * asks for, once a minute, and what is left of the minute are its light looks.
 */
function looks({ clusterSecond, list }: Costs): { readonly whole: number; readonly light: number } {
  const minute = clusterSecond.cpuMs * (WHOLE_MS / 1_000);
  const whole = Math.min(minute, list.cpuMs);
  return { whole, light: (minute - whole) / (WHOLE_MS / LIGHT_MS) };
}

/** Moments of an hour, so many a millisecond, by chance: one does not know of another. */
function* chances(perMs: number, random: Random): Generator<number> {
  if (perMs <= 0) return;
  const gap = (): number => -Math.log(1 - random.next()) / perMs;
  for (let atMs = gap(); atMs < HOUR_MS; atMs += gap()) yield atMs;
}
