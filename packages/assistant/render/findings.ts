import type { Finding, Severity } from '@pxa/contract';
import type { Paint, Style } from './style.ts';
import { harmless, harmlessLines, wrap } from './text.ts';

const RANK: Record<Severity, number> = { critical: 0, warning: 1, info: 2 };

function painter(severity: Severity, paint: Paint): (text: string) => string {
  switch (severity) {
    case 'critical':
      return (text) => paint.bold(paint.red(text));
    case 'warning':
      return paint.yellow;
    case 'info':
      return paint.cyan;
  }
}

/** More findings of one kind than this are shown in part, and counted. */
const MOST_OF_A_KIND = 5;
const SHOWN_OF_MANY = 3;

/** The worst first: `[WARNING] what`, and below it what to do next. Many of one kind are counted after the first few. */
export function renderFindings(findings: Finding[], style: Style): string[] {
  const kinds = Map.groupBy(findings, ({ severity, code }) => `${severity} ${code}`);
  return [...kinds.values()]
    .sort((one, other) => rankOf(one) - rankOf(other))
    .flatMap((kind) => {
      const shown = kind.length > MOST_OF_A_KIND ? kind.slice(0, SHOWN_OF_MANY) : kind;
      const lines = shown.flatMap((finding) => renderFinding(finding, style));
      const more = kind.length - shown.length;
      return more > 0
        ? [...lines, style.paint.dim(wrap(`  … and ${more} more like these: --json shows each`, style.width, '    '))]
        : lines;
    });
}

function rankOf(kind: Finding[]): number {
  return Math.min(...kind.map(({ severity }) => RANK[severity]));
}

function renderFinding(finding: Finding, style: Style): string[] {
  const tag = `[${finding.severity.toUpperCase()}]`;
  const text = wrap(`${tag} ${harmlessLines(finding.text)}`, style.width, '  ');
  const painted = painter(finding.severity, style.paint)(tag) + text.slice(tag.length);
  const next =
    finding.next_step === undefined ? [] : [wrap(`  → ${harmlessLines(finding.next_step)}`, style.width, '    ')];
  const read =
    style.explain && finding.evidence.length > 0
      ? [style.paint.dim(`    read from ${finding.evidence.map(harmless).join(', ')}`)]
      : [];
  return [painted, ...next, ...read];
}
