import { guestCpu, guestMem, guestRates, nodeUse, poolUsed } from './load.ts';
import { guestSize } from './state/guest-size.ts';
import type { Guest, NodeState, NodeStorage, Row, State } from './state/model.ts';

export type Consolidation = 'AVERAGE' | 'MAX';

/** What is asked of a series. `now` in seconds since 1970; `major` decides the resolution and the fields. */
export interface SeriesRequest {
  timeframe: string;
  cf: Consolidation;
  now: number;
  major: 8 | 9;
}

/** Seconds a point and number of points, per timeframe: pve-cluster src/PVE/RRD.pm. */
const RESOLUTION: Record<8 | 9, Record<string, readonly [step: number, count: number]>> = {
  8: { hour: [60, 70], day: [1800, 70], week: [10_800, 70], month: [43_200, 70], year: [604_800, 70] },
  9: {
    hour: [60, 60],
    day: [60, 1440],
    week: [1800, 336],
    month: [1800, 1440],
    year: [21_600, 1440],
    decade: [604_800, 570],
  },
};

/** The times of a series' points, oldest first. */
function timeline({ timeframe, major, now }: SeriesRequest): { step: number; times: number[] } {
  const [step, count] = RESOLUTION[major][timeframe] ?? [60, 60];
  const last = Math.floor(now / step) * step;
  return { step, times: Array.from({ length: count }, (_, index) => last - (count - 1 - index) * step) };
}

/** Values over the interval that ends at `t`, consolidated: a minute's is one sample, a longer one's is several. */
function consolidate(cf: Consolidation, step: number, t: number, value: (t: number) => number): number {
  if (step <= 60) return value(t);
  const samples = [0.125, 0.375, 0.625, 0.875].map((part) => value(t - step + part * step));
  if (cf === 'MAX') return Math.max(...samples);
  return samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
}

/**
 * A series that was read, carried on with derived points to the present: the points keep their spacing and number.
 * Undefined where none was read for that timeframe. A maximum that was not read is taken from the averages.
 */
function readSeries(
  given: Record<string, Row[]> | undefined,
  { timeframe, cf, now }: SeriesRequest,
  derive: (t: number) => Row,
): Row[] | undefined {
  const rows = (cf === 'MAX' ? given?.[`${timeframe}_max`] : undefined) ?? given?.[timeframe];
  if (!rows || rows.length < 2) return rows;
  const times = rows.map((row) => Number(row['time']));
  const last = times[times.length - 1] ?? now;
  const step = last - (times[times.length - 2] ?? last);
  if (!(step > 0) || last + step > now) return rows;
  const passed = Math.floor((now - last) / step);
  // no more than would be shown, however long ago it was read
  const skipped = Math.max(0, passed - rows.length);
  const later = Array.from({ length: passed - skipped }, (_, index) => derive(last + (skipped + index + 1) * step));
  return [...rows, ...later].slice(-rows.length);
}

/** A guest's series: /nodes/{node}/qemu/{vmid}/rrddata. Rates are bytes per second. */
export function guestSeries(state: State, guest: Guest, request: SeriesRequest): Row[] {
  const { step, times } = timeline(request);
  const row = (t: number): Row => guestPoint(state, guest, request, { step, t });
  return readSeries(guest.rrd, request, row) ?? times.map(row);
}

function guestPoint(state: State, guest: Guest, { cf, major }: SeriesRequest, at: { step: number; t: number }): Row {
  const { step, t } = at;
  if (t < created(guest)) return { time: t };
  const size = guestSize(state, guest);
  const fixed = { time: t, maxcpu: size.cpus, maxmem: size.maxmem, maxdisk: size.maxdisk };
  if (guest.status !== 'running') return { ...fixed, disk: 0 };
  const over = (value: (t: number) => number): number => consolidate(cf, step, t, value);
  const rate = (key: 'netin' | 'netout' | 'diskread' | 'diskwrite'): number =>
    over((at) => guestRates(state, guest, at)[key]);
  const cpu = over((at) => guestCpu(state, guest, at));
  const mem = over((at) => guestMem(state, guest, at));
  return {
    ...fixed,
    cpu,
    mem,
    disk: guest.use.disk,
    netin: rate('netin'),
    netout: rate('netout'),
    diskread: rate('diskread'),
    diskwrite: rate('diskwrite'),
    ...(major >= 9 ? { ...(guest.type === 'qemu' ? { memhost: mem + 94_371_840 } : {}), ...pressures(cpu) } : {}),
  };
}

/** When a guest was made, as `meta` tells it; before that it has no figures. */
function created(guest: Guest): number {
  return Number(/(?:^|,)ctime=(\d+)/.exec(String(guest.config['meta'] ?? ''))?.[1] ?? 0);
}

function pressures(cpu: number): Row {
  return {
    pressurecpusome: cpu * cpu * 4,
    pressurecpufull: 0,
    pressureiosome: cpu * 0.4,
    pressureiofull: cpu * 0.2,
    pressurememorysome: 0,
    pressurememoryfull: 0,
  };
}

/** A node's series: /nodes/{node}/rrddata. */
export function nodeSeries(state: State, node: NodeState, guests: readonly Guest[], request: SeriesRequest): Row[] {
  const { times } = timeline(request);
  const row = (t: number): Row => nodePoint(state, node, guests, request, t);
  return readSeries(node.rrd, request, row) ?? times.map(row);
}

function nodePoint(state: State, node: NodeState, guests: readonly Guest[], { major }: SeriesRequest, t: number): Row {
  if (node.offlineSince !== undefined && t > node.offlineSince / 1000) return { time: t };
  const use = nodeUse(state, node, guests, t);
  const traffic = nodeTraffic(state, guests, t);
  return {
    time: t,
    cpu: use.cpu,
    maxcpu: node.maxcpu,
    iowait: use.wait,
    loadavg: use.loadavg[0],
    memtotal: node.memTotal,
    memused: use.mem,
    swaptotal: node.swap.total,
    swapused: node.swap.used,
    roottotal: node.rootfs.total,
    rootused: node.rootfs.used,
    netin: traffic.netin,
    netout: traffic.netout,
    ...(major >= 9 ? { memavailable: Math.round(node.memTotal - use.mem * 0.95), arcsize: arc(node) } : {}),
    ...(major >= 9 ? pressures(use.cpu) : {}),
  };
}

/** ZFS takes a tenth of the memory for its cache where there is a pool. */
function arc(node: NodeState): number {
  return node.zfs.length > 0 ? Math.round(node.memTotal * 0.1) : 0;
}

/** What goes through a node's NICs: its guests' traffic and a little of its own. */
function nodeTraffic(state: State, guests: readonly Guest[], t: number): { netin: number; netout: number } {
  let [netin, netout] = [4_000, 6_000];
  for (const guest of guests) {
    const rates = guestRates(state, guest, t);
    netin += rates.netin;
    netout += rates.netout;
  }
  return { netin, netout };
}

/** A storage's series: /nodes/{node}/storage/{storage}/rrddata. */
export function storageSeries(state: State, storage: NodeStorage, request: SeriesRequest): Row[] {
  const { times } = timeline(request);
  const row = (t: number): Row => ({ time: t, total: storage.pool.total, used: poolUsed(state, storage.pool, t) });
  if (!storage.active || !storage.enabled) return times.map((time) => ({ time }));
  return readSeries(storage.rrd, request, row) ?? times.map(row);
}
