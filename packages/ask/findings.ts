import type { Cell, Dataset, Draft, FindingRule, Thresholds } from '@pxa/catalog';
import type { Finding } from '@pxa/contract';
import { cellOf, readerOf } from './row-reader.ts';

/** What a dataset's rules find in rows whose columns have been read. */
export function findingsOf(
  dataset: Dataset,
  rules: readonly FindingRule[],
  rows: readonly Draft[],
  thresholds: Thresholds,
  now: number,
): Finding[] {
  const found: Finding[] = [];
  for (const row of rows) {
    const value = (column: string): Cell['value'] => readerOf(dataset, column).value(row);
    for (const rule of rules) {
      const it = rule.check(value, thresholds, row, now);
      if (it === undefined) continue;
      const cells = rule.needs.map((column) => cellOf(dataset, row, column));
      found.push({
        severity: it.severity ?? rule.severity,
        about: it.about ?? row.id,
        code: rule.code,
        text: it.text,
        ...(it.next_step === undefined ? {} : { next_step: it.next_step }),
        evidence: cells.filter(({ value }) => value !== null).map(({ at }) => at),
      });
    }
  }
  return bySeverity(found);
}

const ranks = { critical: 0, warning: 1, info: 2 };

/** The gravest first; otherwise in the order that they were found in. */
export function bySeverity(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => ranks[a.severity] - ranks[b.severity]);
}

/** The rules that look at what an answer shows, at what it is about, or always. */
export function rulesFor(dataset: Dataset, shown: ReadonlySet<string>, focused: ReadonlySet<string>): FindingRule[] {
  return (dataset.findings ?? []).filter(({ when = 'shown', needs }) => {
    if (when === 'always') return true;
    const about = when === 'focused' ? focused : shown;
    return needs.some((column) => about.has(column) && !dataset.identity.includes(column));
  });
}
