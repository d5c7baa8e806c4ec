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

/** The worst first: `[WARNING] what`, and below it what to do next. */
export function renderFindings(findings: Finding[], style: Style): string[] {
  return [...findings]
    .sort((one, other) => RANK[one.severity] - RANK[other.severity])
    .flatMap((finding) => renderFinding(finding, style));
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
