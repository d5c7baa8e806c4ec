import type { Guest, NodeState, State, StoragePool, Use } from './state/model.ts';
import { guestSize } from './state/guest-size.ts';
import { wave, waveIntegral, type Amplitudes } from './state/wave.ts';

/**
 * What guests, nodes and storages use at a moment, as pure functions of the seed and the time. At `State.start` they
 * give exactly the figures of the model; from there they move slowly and come round every day.
 */

const CPU: Amplitudes = [0.08, 0.3, 0.06, 0.02, 0.008];
const MEMORY: Amplitudes = [0.01, 0.03, 0.01, 0.004, 0.001];
/** Their sum stays under 1: a rate that turned negative would make a counter fall. */
const RATE: Amplitudes = [0.1, 0.45, 0.15, 0.1, 0.05];

/** Within the first hour the movement grows from nothing, so that a question asked soon gives the documented figure. */
function drift(amplitudes: Amplitudes, key: number, start: number, t: number): number {
  const away = Math.min(1, Math.abs(t - start) / 3600);
  return away === 0 ? 0 : (wave(amplitudes, key, t) - wave(amplitudes, key, start)) * away;
}

/** The moment that pvestatd last wrote figures: every 10 s from the start on. Seconds since 1970. */
export function statusTime(state: State, nowMs: number): number {
  return state.start + Math.floor((nowMs / 1000 - state.start) / 10) * 10;
}

function keyOf(state: State, id: number): number {
  return (Math.imul(state.seed ^ (id * 0x9e3779b1), 0x85ebca6b) ^ id) >>> 0;
}

/** A guest's CPU at `t` as a fraction of its vCPUs; 0 when stopped. */
export function guestCpu(state: State, guest: Guest, t: number): number {
  if (guest.status !== 'running') return 0;
  const { cpu } = guest.use;
  return Math.min(cpu * (1 + drift(CPU, keyOf(state, guest.vmid), state.start, t)), Math.max(cpu, 0.98));
}

/** A guest's memory in use at `t` in bytes; 0 when stopped. */
export function guestMem(state: State, guest: Guest, t: number): number {
  if (guest.status !== 'running') return 0;
  const { mem } = guest.use;
  const moved = mem * (1 + drift(MEMORY, keyOf(state, guest.vmid), state.start, t));
  return Math.round(Math.min(moved, Math.max(mem, guestSize(state, guest).maxmem * 0.985)));
}

/** A guest's use at `t` (seconds): CPU as a fraction of its vCPUs, bytes, counters since boot; all 0 when stopped. */
export function guestUse(state: State, guest: Guest, t: number): Use & { uptime: number } {
  if (guest.status !== 'running') return { ...IDLE };
  return {
    cpu: guestCpu(state, guest, t),
    mem: guestMem(state, guest, t),
    disk: guest.use.disk,
    uptime: Math.max(0, Math.floor(t - guest.bootTime)),
    ...counters(guest, keyOf(state, guest.vmid), state.start, t),
  };
}

const IDLE = { cpu: 0, mem: 0, disk: 0, uptime: 0, netin: 0, netout: 0, diskread: 0, diskwrite: 0 };

type Counters = Pick<Use, 'netin' | 'netout' | 'diskread' | 'diskwrite'>;

/** Each counter is the integral of its rate since boot, scaled to pass through what was counted at the start. */
function counters(guest: Guest, key: number, start: number, t: number): Counters {
  const since = Math.min(guest.bootTime, start);
  const lived = waveIntegral(RATE, key, since, start) || 1;
  // a paused guest moves nothing
  const grown = guest.qmpstatus === 'paused' ? 1 : 1 + waveIntegral(RATE, key, start, t) / lived;
  const { netin, netout, diskread, diskwrite } = guest.use;
  return {
    netin: Math.max(0, Math.floor(netin * grown)),
    netout: Math.max(0, Math.floor(netout * grown)),
    diskread: Math.max(0, Math.floor(diskread * grown)),
    diskwrite: Math.max(0, Math.floor(diskwrite * grown)),
  };
}

/** What runs through a guest's network and disks at `t`, in bytes per second. */
export function guestRates(state: State, guest: Guest, t: number): Counters {
  const key = keyOf(state, guest.vmid);
  const lived = waveIntegral(RATE, key, Math.min(guest.bootTime, state.start), state.start) || 1;
  const factor = guest.status === 'running' ? (1 + wave(RATE, key, t)) / lived : 0;
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
    cpu += guestCpu(state, guest, t) * guestSize(state, guest).cpus;
    mem += guestMem(state, guest, t);
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

/** The space that what is written takes does not grow by the ruler: in parts of a day's growth. */
const WRITES: Amplitudes = [0, 0.3, 0.1, 0.02, 0];

/** Bytes in use behind a storage at `t`. */
export function poolUsed(state: State, pool: StoragePool, t: number): number {
  const held = pool.base + volumeBytes(pool);
  const key = (state.seed ^ Math.floor(pool.total / 4096)) >>> 0;
  const days = (t - state.start) / 86400 + drift(WRITES, key, state.start, t);
  const least = Math.min(pool.total * 0.02, held);
  return Math.round(Math.min(pool.total, Math.max(held + pool.growthPerDay * days, least)));
}

/** Bytes that the listed volumes take. */
export function volumeBytes(pool: StoragePool): number {
  let bytes = 0;
  for (const volume of pool.volumes) bytes += volume.used ?? volume.size;
  return bytes;
}
