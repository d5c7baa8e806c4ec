import { type Draft, type FindingRule, percentText, sizeText, type Thresholds } from '../kit/index.ts';
import { reachOf } from './forecast.ts';
import { trendOfRow } from './growth-columns.ts';

const day = 86_400;

/** Beyond this a forecast from a month of history means nothing. */
const farthestDays = 180;

/** How a storage is called: with its node, unless nodes share it. */
function nameOf(value: (column: string) => unknown): string {
  const storage = String(value('storage'));
  return value('shared') === true ? storage : `${String(value('node'))} ${storage}`;
}

/** What storages tell that their keeper should know. */
export const findings: readonly FindingRule[] = [
  {
    code: 'storage.high',
    severity: 'warning',
    needs: ['share', 'free', 'storage', 'node', 'shared'],
    check: (value, { storage }) => {
      const [share, free] = [value('share'), value('free')];
      if (typeof share !== 'number' || share < storage) return undefined;
      return {
        severity: share >= 0.97 ? 'critical' : 'warning',
        text: `${nameOf(value)} is ${percentText(share)} full${typeof free === 'number' ? ` — ${sizeText(free)} free` : ''}.`,
        next_step: 'Remove old volumes or archives from it, move disks to another storage, or add space.',
      };
    },
  },
  {
    code: 'storage.unreachable',
    severity: 'warning',
    needs: ['status', 'storage', 'node', 'shared'],
    check: (value) => {
      if (value('status') !== 'unknown') return undefined;
      return {
        text: `${nameOf(value)} cannot be reached: its state is unknown.`,
        next_step: `Check ${String(value('node'))}, and run \`pvesm status\` on it.`,
      };
    },
  },
  {
    code: 'storage.filling',
    when: 'focused',
    severity: 'warning',
    needs: ['growth', 'full_at', 'disk', 'maxdisk', 'storage', 'node', 'shared'],
    check: filling,
  },
];

function filling(
  value: (column: string) => unknown,
  { storage: threshold }: Thresholds,
  row: Draft,
): ReturnType<FindingRule['check']> {
  const trend = trendOfRow(row);
  const [used, total] = [value('disk'), value('maxdisk')];
  if (typeof trend === 'string' || typeof used !== 'number' || typeof total !== 'number') return undefined;
  const reach = reachOf(trend, used, total * threshold);
  if (reach === undefined || reach.likely > farthestDays * day) return undefined;
  const days = (seconds: number): number => Math.max(1, Math.round(seconds / day));
  const between = `${days(reach.earliest)}–${reach.latest === undefined ? '…' : days(reach.latest)}`;
  return {
    severity: reach.likely <= 7 * day ? 'critical' : reach.likely <= 60 * day ? 'warning' : 'info',
    text:
      `${nameOf(value)} grows ${sizeText(trend.perSecond * day)} a day and reaches ${percentText(threshold)} ` +
      `in about ${days(reach.likely)} days (${between}).`,
    next_step: 'Plan more space for it, or move what grows elsewhere.',
  };
}
