import type { FindingRule } from '../kit/index.ts';

/** What physical disks tell that their keeper should know. */
export const findings: readonly FindingRule[] = [
  {
    code: 'disk.smart_failed',
    severity: 'critical',
    needs: ['health', 'failing', 'devpath', 'node', 'model', 'serial'],
    check: (value) =>
      value('failing') === true
        ? {
            text: `${String(value('node'))} ${String(value('devpath'))}${labelOf(value)}: SMART says ${String(value('health'))}.`,
            next_step: `Replace it. See \`smartctl -a ${String(value('devpath'))}\` on ${String(value('node'))}.`,
          }
        : undefined,
  },
  {
    code: 'disk.worn',
    severity: 'warning',
    needs: ['life_left', 'devpath', 'node', 'model', 'serial'],
    check: (value, { wearoutLeftPercent }) => {
      const left = value('life_left');
      if (typeof left !== 'number' || left * 100 > wearoutLeftPercent) return undefined;
      return {
        text: `${String(value('node'))} ${String(value('devpath'))}${labelOf(value)} has ${Math.round(left * 100)}% of its life left.`,
        next_step: 'Plan its replacement before it ends.',
      };
    },
  },
];

function labelOf(value: (column: string) => unknown): string {
  const parts = [value('model'), value('serial')].filter((part) => typeof part === 'string');
  return parts.length > 0 ? ` (${parts.join(', ')})` : '';
}
