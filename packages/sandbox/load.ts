import type { Guest, NodeState, State, StoragePool, Use, Volume } from './state/model.ts';
import { guestSize } from './state/guest-size.ts';
import { motionOf, shift, CPU, MEMORY, RATE } from './state/motion.ts';
import { phasesOf, wave, waveIntegral, type Amplitudes } from './state/wave.ts';

/**
 * What guests, nodes and storages use at a moment, as pure functions of the seed and the time. At `State.start` they
 * give exactly the figures of the model; from there they move slowly and come round every day.
 */

/** The moment that pvestatd last wrote figures: every 10 s from the start on. Seconds since 1970. */
export function statusTime(state: State, nowMs: number): number {
  return state.start + Math.floor((nowMs / 1000 - state.start) / 10) * 10;
}

/** A guest's CPU at `t` as a fraction of its vCPUs; 0 when stopped. */
export function guestCpu(state: State, guest: Guest, t: number): number {
  if (guest.status !== 'running') return 0;
  const { cpu } = guest.use;
  // nothing has moved yet, and a whole cluster is summed up at its start
  if (t === state.start) return cpu;
  const motion = motionOf(state, guest);
  return Math.min(cpu * (1 + shift(state.start, t, wave(CPU, motion.phases, t) - motion.cpu)), Math.max(cpu, 0.98));
}

/** A guest's memory in use at `t` in bytes; 0 when stopped. */
export function guestMem(state: State, guest: Guest, t: number): number {
  if (guest.status !== 'running') return 0;
  const { mem } = guest.use;
  if (t === state.start) return Math.round(mem);
  const motion = motionOf(state, guest);
  const moved = mem * (1 + shift(state.start, t, wave(MEMORY, motion.phases, t) - motion.mem));
  return Math.round(Math.min(moved, Math.max(mem, guestSize(state, guest).maxmem * 0.985)));
}

export type Figures = Use & { uptime: number };

const IDLE: Figures = { cpu: 0, mem: 0, disk: 0, uptime: 0, netin: 0, netout: 0, diskread: 0, diskwrite: 0 };

/** The figures that were last asked for: those of one tick are asked for many times. */
const latest = new WeakMap<Use, { t: number; bootTime: number; figures: Figures }>();

/** A guest's use at `t` (seconds): CPU as a fraction of its vCPUs, bytes, counters since boot; all 0 when stopped. */
export function guestUse(state: State, guest: Guest, t: number): Figures {
  if (guest.status !== 'running') return IDLE;
  const known = latest.get(guest.use);
  if (known?.t === t && known.bootTime === guest.bootTime) return known.figures;
  const figures = {
    cpu: guestCpu(state, guest, t),
    mem: guestMem(state, guest, t),
    disk: guest.use.disk,
    uptime: Math.max(0, Math.floor(t - guest.bootTime)),
    ...counters(state, guest, t),
  };
  latest.set(guest.use, { t, bootTime: guest.bootTime, figures });
  return figures;
}

type Counters = Pick<Use, 'netin' | 'netout' | 'diskread' | 'diskwrite'>;

/** Each counter is the integral of its rate since boot, scaled to pass through what was counted at the start. */
function counters(state: State, guest: Guest, t: number): Counters {
  const motion = motionOf(state, guest);
  // a paused guest moves nothing
  const more =
    guest.qmpstatus === 'paused' || guest.qmpstatus === 'suspended'
      ? 0
      : waveIntegral(RATE, motion.phases, t) - motion.counted;
  const grown = Math.max(0, (motion.isFresh ? 0 : 1) + more / motion.lived);
  const { netin, netout, diskread, diskwrite } = guest.use;
  return {
    netin: Math.floor(netin * grown),
    netout: Math.floor(netout * grown),
    diskread: Math.floor(diskread * grown),
    diskwrite: Math.floor(diskwrite * grown),
  };
}

/** What runs through a guest's network and disks at `t`, in bytes per second. */
export function guestRates(state: State, guest: Guest, t: number): Counters {
  const { phases, lived } = motionOf(state, guest);
  const factor = guest.status === 'running' ? (1 + wave(RATE, phases, t)) / lived : 0;
  const { netin, netout, diskread, diskwrite } = guest.use;
  return { netin: netin * factor, netout: netout * factor, diskread: diskread * factor, diskwrite: diskwrite * factor };
}

/** All guests by the node that they are on. */
export function guestsByNode(state: State): Map<string, Guest[]> {
  const by = new Map<string, Guest[]>([...state.nodes.keys()].map((name) => [name, []]));
  for (const guest of state.guests.values()) {
    const list = by.get(guest.node);
    if (list) list.push(guest);
    else by.set(guest.node, [guest]);
  }
  return by;
}

export interface NodeUse {
  /** Fraction of all CPUs. */
  cpu: number;
  wait: number;
  mem: number;
  loadavg: [number, number, number];
  uptime: number;
  /** Bytes saved by pages that guests share. */
  ksm: number;
}

/** Guests' sums on one node: CPUs in use and bytes of memory. */
function guestSums(state: State, guests: readonly Guest[], t: number): { cpu: number; mem: number } {
  let cpu = 0;
  let mem = 0;
  for (const guest of guests) {
    if (guest.status !== 'running') continue;
    const known = latest.get(guest.use);
    const fresh = known?.t === t;
    cpu += (fresh ? known.figures.cpu : guestCpu(state, guest, t)) * guestSize(state, guest).cpus;
    mem += fresh ? known.figures.mem : guestMem(state, guest, t);
  }
  return { cpu, mem };
}

/** A node's use at `t`: its own part and that of the guests which it carries. */
export function nodeUse(state: State, node: NodeState, guests: readonly Guest[], t: number): NodeUse {
  const sums = guestSums(state, guests, t);
  const { own } = node;
  const cpu = Math.min(1, Math.max(0, (own.cpu + own.cpuShare * sums.cpu) / (node.maxcpu || 1)));
  const ratio = node.use.cpu > 0 ? cpu / node.use.cpu : 1;
  return {
    cpu,
    wait: node.use.wait * ratio,
    mem: Math.min(node.memTotal, Math.max(0, Math.round(own.mem + own.memShare * sums.mem))),
    loadavg: node.use.loadavg.map((load) => load * ratio) as [number, number, number], // map keeps the length
    uptime: Math.max(0, Math.floor(t - node.bootTime)),
    ksm: Math.round((1 - own.memShare) * sums.mem),
  };
}

/**
 * Splits each node's figures at the start into its own part and its guests', so that both agree from then on. Where
 * the guests' figures exceed the node's (vCPUs that wait for a CPU, pages that guests share), the node follows theirs
 * in proportion.
 */
export function settle(state: State): State {
  const by = guestsByNode(state);
  for (const node of state.nodes.values()) {
    const sums = guestSums(state, by.get(node.name) ?? [], state.start);
    const cpu = split(node.use.cpu * node.maxcpu, sums.cpu, 0.15);
    const mem = split(node.use.mem, sums.mem, 0.03);
    node.own = { cpu: cpu.own, cpuShare: cpu.share, mem: mem.own, memShare: mem.share };
  }
  return state;
}

function split(total: number, guests: number, least: number): { own: number; share: number } {
  if (guests <= total) return { own: total - guests, share: 1 };
  return { own: total * least, share: (total * (1 - least)) / guests };
}

/** What is written does not grow by the ruler: in parts of a day's growth. */
const WRITES: Amplitudes = [0, 0.3, 0.1, 0.02, 0];

/** Bytes in use behind a storage at `t`. */
export function poolUsed(state: State, pool: StoragePool, t: number): number {
  const held = pool.base + volumeBytes(pool);
  if (pool.growthPerDay === 0) return Math.round(Math.min(pool.total, held));
  const phases = phasesOf((state.seed ^ Math.floor(pool.total / 4096)) >>> 0);
  const ripple = shift(state.start, t, wave(WRITES, phases, t) - wave(WRITES, phases, state.start));
  const grown = held + pool.growthPerDay * ((t - state.start) / 86_400 + ripple);
  return Math.round(Math.min(pool.total, Math.max(grown, Math.min(pool.total * 0.02, held))));
}

const sums = new WeakMap<readonly Volume[], number>();

/** Bytes that the listed volumes take. */
export function volumeBytes({ volumes }: StoragePool): number {
  let bytes = sums.get(volumes);
  if (bytes === undefined) {
    bytes = 0;
    for (const volume of volumes) bytes += volume.used ?? volume.size;
    sums.set(volumes, bytes);
  }
  return bytes;
}
