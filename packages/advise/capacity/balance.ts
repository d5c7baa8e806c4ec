/** A node as the balance sees it: bytes, and CPUs as numbers of them. */
export interface Host {
  readonly node: string;
  readonly mem: number;
  readonly maxmem: number;
  readonly cpu: number;
  readonly maxcpu: number;
}

/** A running guest that could move. */
export interface Load {
  readonly id: string;
  readonly node: string;
  readonly mem: number;
  readonly cpu: number;
}

/** One migration that is proposed, with the shares of memory that it leads to. */
export interface Move {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly fromBefore: number;
  readonly fromAfter: number;
  readonly toBefore: number;
  readonly toAfter: number;
}

export interface Limits {
  /** Shares that no node may be brought to. */
  readonly memory: number;
  readonly cpu: number;
  readonly mostMoves: number;
  /** How much the spread of the nodes' memory shares must shrink for a move to be worth its while. */
  readonly leastGain: number;
}

const memShare = (host: Host): number => host.mem / host.maxmem;
const cpuShare = (host: Host): number => host.cpu / host.maxcpu;

/** How uneven the memory of the nodes is used: the standard deviation of their shares. */
export function spread(hosts: readonly Host[]): number {
  const shares = hosts.map(memShare);
  const mean = shares.reduce((a, b) => a + b, 0) / shares.length;
  return Math.sqrt(shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / shares.length);
}

/**
 * The migrations, best first, that make the use of memory more even: each time the one that helps most, until none
 * helps enough. No target is ever brought to its limits. `may` says where a guest may go at all.
 */
export function balance(
  hosts: readonly Host[],
  loads: readonly Load[],
  limits: Limits,
  may: (load: Load, to: string) => boolean,
): Move[] {
  let now = [...hosts];
  const left = new Set(loads);
  const moves: Move[] = [];
  while (moves.length < limits.mostMoves && now.length > 1) {
    const best = bestMove(now, left, limits, may);
    if (best === undefined) break;
    moves.push(best.move);
    left.delete(best.load);
    now = best.after;
  }
  return moves;
}

interface Candidate {
  readonly move: Move;
  readonly load: Load;
  readonly after: Host[];
  readonly spread: number;
}

function bestMove(
  hosts: readonly Host[],
  loads: ReadonlySet<Load>,
  limits: Limits,
  may: (load: Load, to: string) => boolean,
): Candidate | undefined {
  const before = spread(hosts);
  let best: Candidate | undefined;
  for (const load of loads) {
    for (const { node } of hosts) {
      const candidate = node === load.node ? undefined : tried(hosts, load, node, limits);
      if (candidate === undefined || before - candidate.spread < limits.leastGain || !may(load, node)) continue;
      if (best === undefined || candidate.spread < best.spread) best = candidate;
    }
  }
  return best;
}

function tried(hosts: readonly Host[], load: Load, to: string, limits: Limits): Candidate | undefined {
  const source = hosts.find(({ node }) => node === load.node);
  const target = hosts.find(({ node }) => node === to);
  if (source === undefined || target === undefined) return undefined;
  const emptier = { ...source, mem: source.mem - load.mem, cpu: source.cpu - load.cpu };
  const fuller = { ...target, mem: target.mem + load.mem, cpu: target.cpu + load.cpu };
  if (memShare(fuller) >= limits.memory || cpuShare(fuller) >= limits.cpu) return undefined;
  const after = hosts.map((host) => (host === source ? emptier : host === target ? fuller : host));
  const move = {
    id: load.id,
    from: load.node,
    to,
    fromBefore: memShare(source),
    fromAfter: memShare(emptier),
    toBefore: memShare(target),
    toAfter: memShare(fuller),
  };
  return { move, load, after, spread: spread(after) };
}
