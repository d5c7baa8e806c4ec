import type { Paint } from './style.ts';

const BLOCKS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;
const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** A bar of `width` columns for a share of 0…1. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  const full = '█'.repeat(Math.floor(eighths / 8));
  const part = BLOCKS[eighths % 8] ?? '';
  return (full + part).padEnd(width, '░');
}

/** What changes by less than this share of its largest value is drawn as the flat line that it nearly is. */
const FLAT = 0.05;

/** One character per value, between the smallest and the largest; gaps where a value is not known. At most `width` characters. */
export function sparkline(values: (number | null)[], width: number): string {
  const points = thin(values, width);
  const known = points.filter((value) => value !== null);
  if (known.length === 0) return '';
  const low = Math.min(...known);
  const high = Math.max(...known);
  const span = Math.max(high - low, FLAT * Math.abs(high));
  const top = LEVELS.length - 1;
  return points
    .map((value) => (value === null ? ' ' : LEVELS[span === 0 ? 0 : Math.round(((value - low) / span) * top)]))
    .join('');
}

// Peaks are what a history is looked at for: each drawn point is the largest of those that it stands for.
function thin(values: (number | null)[], width: number): (number | null)[] {
  if (values.length <= width) return values;
  return Array.from({ length: width }, (_, at) => {
    const from = Math.floor((at * values.length) / width);
    const to = Math.floor(((at + 1) * values.length) / width);
    const known = values.slice(from, to).filter((value) => value !== null);
    return known.length === 0 ? null : Math.max(...known);
  });
}

const GOOD = new Set([
  'running',
  'online',
  'ok',
  'available',
  'active',
  'started',
  'passed',
  'valid',
  'healthy',
  'enabled',
  'accept',
  'clean',
]);
const POOR = new Set(['paused', 'suspended', 'prelaunch', 'warnings', 'warn', 'warning', 'ignored', 'unused']);
const BAD = new Set([
  'offline',
  'unknown',
  'degraded',
  'faulted',
  'unavail',
  'removed',
  'error',
  'errors',
  'failed',
  'fence',
  'expired',
  'io-error',
]);
const QUIET = new Set(['stopped', 'disabled', 'no', '–']);

/** Colours a word that tells a state, by what it means for whoever keeps the cluster. */
export function paintState(word: string, paint: Paint): ((text: string) => string) | undefined {
  const head = (word.toLowerCase().match(/^[a-z–-]+/) ?? [''])[0];
  if (GOOD.has(head)) return paint.green;
  if (POOR.has(head)) return paint.yellow;
  if (BAD.has(head)) return paint.red;
  return QUIET.has(head) ? paint.dim : undefined;
}

/** Colours how full something is: calm below 85%, then yellow, red from 95% on. */
export function paintShare(share: number, paint: Paint): (text: string) => string {
  if (share >= 0.95) return paint.red;
  return share >= 0.85 ? paint.yellow : paint.green;
}
