import type { View } from '@pxa/contract';
import { harmless, plural } from './text.ts';

const REASON = /^unknown: */;
/** More reasons than this are only counted. */
const MOST_REASONS = 5;

/** Why cells are empty, one line a reason: `– MEM of web-01: privilege VM.Audit is missing`. */
export function unknownNotes(view: View): string[] {
  const reasons = [...byReason(view)];
  const lines = reasons.slice(0, MOST_REASONS).map(([reason, { labels, rows }]) => {
    const names = [...rows];
    const which = names.length <= 3 ? names.join(', ') : plural(names.length, 'row');
    return `– ${[...labels].join(', ')} of ${which}: ${reason}`;
  });
  const more = reasons.length - lines.length;
  return more > 0 ? [...lines, `– and ${plural(more, 'more reason')}: --json`] : lines;
}

interface Lacking {
  labels: Set<string>;
  rows: Set<string>;
}

function byReason(view: View): Map<string, Lacking> {
  const reasons = new Map<string, Lacking>();
  for (const row of view.rows) {
    for (const column of view.columns) {
      if (row.cells[column.key] !== null) continue;
      const evidence = row.evidence[column.key] ?? '';
      if (!REASON.test(evidence)) continue;
      const reason = harmless(evidence.replace(REASON, ''));
      const entry = reasons.get(reason) ?? { labels: new Set(), rows: new Set() };
      entry.labels.add(harmless(column.label));
      entry.rows.add(harmless(row.id));
      reasons.set(reason, entry);
    }
  }
  return reasons;
}
