import { asNumber } from '@pxa/pve/values';
import { type Cell, draft, type Draft, type Got, type Reading, type Rec } from '../kit/index.ts';

export type Timeframe = 'hour' | 'day' | 'week' | 'month' | 'year';

const day = 86_400;
/** How far back each series of Proxmox reaches at the least, in seconds (pve-manager PVE/API2/…, rrddata). */
const reach: readonly (readonly [Timeframe, number])[] = [
  ['hour', 3600],
  ['day', day],
  ['week', 7 * day],
  ['month', 30 * day],
];

/** What stretch a question looks at: its window, what it says of the time itself, or the last day. */
function spanOf(reading: Reading): { from: number; to: number } {
  const said = reading.window ?? reading.range('time');
  const to = Math.min(said.to ?? reading.now, reading.now);
  return { from: said.from ?? to - day, to };
}

/** The finest series that reaches back far enough. */
function timeframeFor(from: number, now: number): Timeframe {
  return reach.find(([, seconds]) => now - from <= seconds)?.[0] ?? 'year';
}

/** How a series is asked for: peaks come from the MAX series, in which each sample is the highest of its stretch. */
export function seriesFor(reading: Reading): { timeframe: Timeframe; cf: 'AVERAGE' | 'MAX' } {
  const { from } = spanOf(reading);
  return { timeframe: timeframeFor(from, reading.now), cf: reading.peak ? 'MAX' : 'AVERAGE' };
}

/**
 * The samples of one subject inside the question's stretch, one row each: `qemu/108@1763634600`. Those without any
 * value (the machine was off) are left out; what could not be read is named as lacking.
 */
export function sampleRows(
  reading: Reading,
  subject: string,
  name: string,
  got: Got<Rec[]>,
  cells: Record<string, Cell>,
): Draft[] {
  if (!got.ok) {
    reading.lacks(`the history of ${name}`, got.why, got.nextStep);
    return [];
  }
  const { from, to } = spanOf(reading);
  const rows = got.data.flatMap((rec): Draft[] => {
    const time = asNumber(rec.data['time']);
    if (time === null || time < from || time > to || !isSample(rec.data)) return [];
    return [draft(`${subject}@${time}`, rec, cells)];
  });
  const named = ['guest', 'node', 'nodes', 'storage'].some((column) => reading.only(column) !== undefined);
  // Of what was asked for by name, that there is nothing must be said; of all the others it goes without saying.
  if (rows.length === 0 && named) reading.lacks(`the history of ${name}`, 'Proxmox has no samples of this time');
  return rows;
}

/** Of a machine that was off, Proxmox still records how large it is. */
function isSample(data: Rec['data']): boolean {
  return Object.keys(data).some((key) => key !== 'time' && !/^max|total$/.test(key));
}
