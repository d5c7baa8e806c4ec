import { asNumber } from '@pxa/pve/values';
import {
  baseText,
  type Cell,
  type ColumnDef,
  type ColumnWords,
  type DetailReader,
  type Draft,
  isUnknown,
  pointer,
  unknownCell,
} from '../kit/index.ts';
import { type Point, type Reach, reachOf, type Trend, trendOf } from './forecast.ts';

const day = 86_400;

/** The last month of a storage's use; all that Proxmox keeps of it in half hours (9.x) or half days (8.x). */
export const historyOf: DetailReader = async (reading, row) => {
  const storage = baseText(row, 'storage');
  const node = String(row.given['node']?.value ?? baseText(row, 'node'));
  const got = await reading.list('/nodes/{node}/storage/{storage}/rrddata', {
    node,
    storage,
    timeframe: 'month',
    cf: 'AVERAGE',
  });
  if (!got.ok) return { unknown: got.why };
  return { data: { points: got.data.map(({ data }) => data), now: reading.now }, at: got.at };
};

/** How a storage grows, and when it will be full: computed from its history, never from two points. */
export const growthColumns: Record<string, ColumnDef> = {
  growth: fromTrend('GROWTH/DAY', 'bytes', (trend) => trend.perSecond * day, {
    words: 'growth|growth rate|daily growth|growth per day|rate of growth|how fast|growth speed',
  }),
  growth_low: fromTrend('GROWTH/DAY AT LEAST', 'bytes', (trend) => trend.low * day),
  growth_high: fromTrend('GROWTH/DAY AT MOST', 'bytes', (trend) => trend.high * day),
  full_at: fromReach('FULL ON', 'time', 1, ({ likely }, now) => now + likely, {
    words: 'full on|full date|day of filling|projected full date|forecast|fill date',
  }),
  full_in: fromReach('FULL IN', 'seconds', 1, ({ likely }) => likely, {
    words: 'time until full|time to full',
  }),
  full_earliest: fromReach('FULL AT THE EARLIEST', 'time', 1, ({ earliest }, now) => now + earliest),
  full_latest: fromReach('FULL AT THE LATEST', 'time', 1, ({ latest }, now) => now + (latest ?? Number.NaN)),
};

function fromTrend(label: string, unit: 'bytes', pick: (trend: Trend) => number, words: ColumnWords = {}): ColumnDef {
  const read = (row: Draft): Cell => {
    const trend = trendOfRow(row);
    if (typeof trend === 'string') return unknownCell(trend);
    return { value: Math.round(pick(trend)), at: `Theil–Sen slope of used: ${places(row)}` };
  };
  return { label, type: 'number', unit, from: ['history'], uses: [], read, ...words };
}

function fromReach(
  label: string,
  unit: 'time' | 'seconds',
  level: number,
  pick: (reach: Reach, now: number) => number,
  words: ColumnWords = {},
): ColumnDef {
  const read = (row: Draft, cell: (column: string) => Cell): Cell => {
    const trend = trendOfRow(row);
    if (typeof trend === 'string') return unknownCell(trend);
    const [used, total] = [cell('disk'), cell('maxdisk')];
    if (typeof used.value !== 'number' || typeof total.value !== 'number') return used.value === null ? used : total;
    const reach = reachOf(trend, used.value, total.value * level);
    if (reach === undefined) return unknownCell('it does not surely grow, so no day of filling can be told');
    const value = Math.round(pick(reach, nowOf(row)));
    const at = `(maxdisk − disk) / growth: ${total.at}, ${used.at}, ${places(row)}`;
    return Number.isFinite(value) ? { value, at } : unknownCell('it may not grow at all');
  };
  return { label, type: 'number', unit, from: ['history'], uses: ['disk', 'maxdisk'], read, ...words };
}

/** The trend of a row whose history has been read, worked out once. */
export function trendOfRow(row: Draft): Trend | string {
  const rec = row.recs['history'];
  if (rec === undefined) return 'its history was not read';
  if (isUnknown(rec)) return rec.unknown;
  const known = trends.get(rec);
  if (known !== undefined) return known;
  const trend = trendOf(pointsOf(rec.data['points']));
  trends.set(rec, trend);
  return trend;
}

const trends = new WeakMap<object, Trend | string>();

function pointsOf(points: unknown): Point[] {
  if (!Array.isArray(points)) return [];
  return points.flatMap((point: Record<string, unknown>) => {
    const [time, value] = [asNumber(point['time']), asNumber(point['used'])];
    return time === null || value === null ? [] : [{ time, value }];
  });
}

function nowOf(row: Draft): number {
  const rec = row.recs['history'];
  return rec === undefined || isUnknown(rec) ? 0 : Number(rec.data['now']);
}

function places(row: Draft): string {
  const rec = row.recs['history'];
  if (rec === undefined || isUnknown(rec)) return '';
  const last = Array.isArray(rec.data['points']) ? rec.data['points'].length - 1 : 0;
  return `${pointer(rec.at, 0, 'used')} to ${pointer(rec.at, last, 'used')}`;
}
