import type { Row } from '@pxa/contract';
import { z } from 'zod';
import { Cells, MiB } from '../http/cells.ts';

export const PERIODS = { '1h': 3_600, '24h': 86_400, '7d': 7 * 86_400, '30d': 30 * 86_400 } as const;
export const Period = z.enum(['1h', '24h', '7d', '30d']);

export const METRICS = ['cpu', 'memory', 'disk', 'network'] as const;
export const Metric = z.enum(METRICS);
export type Metric = z.infer<typeof Metric>;

const Unit = z.enum(['percent', 'megabytes', 'gigabytes', 'megabits_per_second', 'megabytes_per_second', 'load']);

/** One figure over time: its values stand at the same places as the timestamps; null where there is no sample. */
const Series = z.object({ metric: Metric, name: z.string(), unit: Unit, values: z.array(z.number().nullable()) });

export const SeriesTold = z.object({
  id: z.string(),
  period: Period,
  from: z.string(),
  to: z.string(),
  /** Between samples, each the average of its stretch; null where there are too few to tell. */
  step_seconds: z.int().nullable(),
  timestamps: z.array(z.string()),
  series: z.array(Series),
});

/** A column of a history, and how it is told. */
export interface Figure {
  readonly metric: Metric;
  readonly name: string;
  readonly unit: z.infer<typeof Unit>;
  readonly column: string;
}

/** How many of a column's base units one unit is: bytes, fractions of 1, bytes a second. */
const ONE: Readonly<Record<z.infer<typeof Unit>, number>> = {
  percent: 0.01,
  megabytes: MiB,
  gigabytes: 1024 * MiB,
  megabits_per_second: 1e6 / 8,
  megabytes_per_second: MiB,
  load: 1,
};

const figure = (metric: Metric, name: string, unit: Figure['unit'], column: string): Figure => ({
  metric,
  name,
  unit,
  column,
});

const COMMON = [
  figure('cpu', 'cpu_usage_percent', 'percent', 'cpu'),
  figure('memory', 'memory_used_mb', 'megabytes', 'mem'),
  figure('memory', 'memory_usage_percent', 'percent', 'mem_share'),
  figure('network', 'network_rx_mbps', 'megabits_per_second', 'netin'),
  figure('network', 'network_tx_mbps', 'megabits_per_second', 'netout'),
];

const DISK_IO = [
  figure('disk', 'disk_read_mb_per_second', 'megabytes_per_second', 'diskread'),
  figure('disk', 'disk_write_mb_per_second', 'megabytes_per_second', 'diskwrite'),
];

const DISK_USE = [
  figure('disk', 'disk_used_gb', 'gigabytes', 'disk'),
  figure('disk', 'disk_usage_percent', 'percent', 'disk_share'),
];

/** What is recorded of each kind of thing. How full the file systems in a VM are, only the guest knows. */
export const FIGURES: Readonly<Record<'vm' | 'ct' | 'node', readonly Figure[]>> = {
  vm: [...COMMON, ...DISK_IO],
  ct: [...COMMON, ...DISK_IO, ...DISK_USE],
  node: [
    ...COMMON,
    ...DISK_USE,
    figure('cpu', 'load_average', 'load', 'loadavg'),
    figure('cpu', 'io_wait_percent', 'percent', 'iowait'),
  ],
};

/** Samples as series over a whole stretch: where there is no sample, every series has a gap. Times are seconds since 1970. */
export function seriesOf(
  rows: readonly Row[],
  figures: readonly Figure[],
  { from, to }: { from: number; to: number },
): Pick<z.infer<typeof SeriesTold>, 'step_seconds' | 'timestamps' | 'series'> {
  const samples = new Map(rows.map((row) => [new Cells(row).number('time') ?? 0, new Cells(row)]));
  const step = stepOf([...samples.keys()]);
  const times =
    step === null ? [...samples.keys()].toSorted((a, b) => a - b) : gridOf([...samples.keys()], step, from, to);
  return {
    step_seconds: step,
    timestamps: times.map((time) => new Date(time * 1_000).toISOString()),
    series: figures.map(({ metric, name, unit, column }) => ({
      metric,
      name,
      unit,
      values: times.map((time) => samples.get(time)?.in(ONE[unit], column) ?? null),
    })),
  };
}

/** The distance of samples: the least that two of them have. */
function stepOf(times: readonly number[]): number | null {
  const sorted = times.toSorted((a, b) => a - b);
  const steps = sorted.slice(1).map((time, at) => time - (sorted[at] ?? time));
  return steps.length === 0 ? null : Math.min(...steps);
}

/** Every time at which there could be a sample; what is under way at the end has none yet. */
function gridOf(times: readonly number[], step: number, from: number, to: number): number[] {
  const [any = 0] = times;
  const first = any - Math.floor((any - from) / step) * step;
  const last = Math.max(to - step, ...times);
  const count = Math.min(MOST_POINTS, Math.floor((last - first) / step) + 1);
  return Array.from({ length: count }, (_, at) => first + at * step);
}

/** A month by the minute is more than Proxmox keeps. */
const MOST_POINTS = 50_000;
