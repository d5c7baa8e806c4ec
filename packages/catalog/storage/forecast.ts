/** How something grows: per second, with the interval that it lies in at 95%. */
export interface Trend {
  readonly perSecond: number;
  readonly low: number;
  readonly high: number;
  /** What it was worked out from. */
  readonly points: number;
  readonly spanSeconds: number;
}

export interface Point {
  readonly time: number;
  readonly value: number;
}

/** Fewer than these tell nothing: two points always lie on a line. */
const leastBuckets = 8;
const leastSpanSeconds = 2 * 86_400;
const mostBuckets = 60;

/**
 * The trend of a series by Theil and Sen: the median of the slopes between all pairs of points, which a few jumps (a
 * big copy, a clean-up) do not move. Its interval follows from Kendall's statistic (Sen 1968). Points are first
 * gathered into at most 60 medians, since neighbouring samples hold no news of their own.
 *
 * @returns why not, where there are too few points or they lie too close together.
 */
export function trendOf(series: readonly Point[]): Trend | string {
  const sorted = [...series].sort((a, b) => a.time - b.time);
  const first = sorted[0]?.time ?? 0;
  const span = (sorted.at(-1)?.time ?? 0) - first;
  const points = bucketed(sorted, first, span);
  if (points.length < leastBuckets || span < leastSpanSeconds) {
    return `its history holds ${points.length} samples over ${hours(span)}, too few for a trend`;
  }
  const slopes: number[] = [];
  for (const [i, a] of points.entries()) {
    for (const b of points.slice(i + 1)) slopes.push((b.value - a.value) / (b.time - a.time));
  }
  slopes.sort((a, b) => a - b);
  const n = points.length;
  const reach = 1.96 * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const low = Math.max(0, Math.floor((slopes.length - reach) / 2));
  const high = Math.min(slopes.length - 1, Math.ceil((slopes.length + reach) / 2));
  return {
    perSecond: median(slopes),
    low: slopes[low] ?? 0,
    high: slopes[high] ?? 0,
    points: series.length,
    spanSeconds: span,
  };
}

/** Seconds until `used` has grown to `level`: likely, at the earliest and, where the slowest growth gets there, at the latest. */
export interface Reach {
  readonly likely: number;
  readonly earliest: number;
  readonly latest: number | undefined;
}

/** When a trend reaches a level; undefined where it does not surely grow, or the level has been reached. */
export function reachOf(trend: Trend, used: number, level: number): Reach | undefined {
  const left = level - used;
  if (left <= 0 || trend.perSecond <= 0 || trend.low <= 0) return undefined;
  return { likely: left / trend.perSecond, earliest: left / trend.high, latest: left / trend.low };
}

function bucketed(sorted: readonly Point[], first: number, span: number): Point[] {
  if (sorted.length <= mostBuckets) return distinct(sorted);
  const buckets = new Map<number, Point[]>();
  for (const point of sorted) {
    const index = Math.min(mostBuckets - 1, Math.floor(((point.time - first) / span) * mostBuckets));
    const bucket = buckets.get(index);
    if (bucket) bucket.push(point);
    else buckets.set(index, [point]);
  }
  return [...buckets.values()].map((points) => ({
    time: median(points.map(({ time }) => time)),
    value: median(points.map(({ value }) => value).sort((a, b) => a - b)),
  }));
}

function distinct(sorted: readonly Point[]): Point[] {
  return sorted.filter((point, index) => index === 0 || point.time !== sorted[index - 1]?.time);
}

/** Of sorted numbers. */
function median(sorted: readonly number[]): number {
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

function hours(seconds: number): string {
  return seconds < 2 * 86_400 ? `${Math.round(seconds / 3600)} hours` : `${Math.round(seconds / 86_400)} days`;
}
