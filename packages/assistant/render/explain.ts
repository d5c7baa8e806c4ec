import type { Answer, Row, View } from '@pxa/contract';
import { renderCall } from './calls.ts';
import type { Style } from './style.ts';
import { harmless, pad } from './text.ts';
import { formatValue } from './units.ts';
import { displayWidth } from './width.ts';

/** Each figure of an answer with the call and the place in its body that it was read from. */
export function renderExplanation(answer: Answer, view: View | undefined, style: Style): string[] {
  const calls = answer.calls.map((call, at) => `  [${at}] ${renderCall(call).replace('[REST API] ', '')}`);
  const cells = view === undefined ? [] : view.rows.flatMap((row) => explainRow(view, row, style));
  if (calls.length === 0 && cells.length === 0) return ['No call to Proxmox was needed for this.'];
  return [style.paint.bold('Where this was read:'), ...calls, ...cells];
}

function explainRow(view: View, row: Row, style: Style): string[] {
  const labelWidth = Math.max(...view.columns.map((column) => displayWidth(harmless(column.label))));
  const lines = view.columns.map((column) => {
    const label = pad(harmless(column.label), labelWidth, 'left');
    const value = formatValue(row.cells[column.key], column.unit, style.timeZone);
    return `    ${label}  ${value}  ${style.paint.dim(`← ${sayEvidence(row.evidence[column.key])}`)}`;
  });
  return [`  ${style.paint.cyan(harmless(row.id))}`, ...lines];
}

// `mem / maxmem: calls[0]#/data/3/mem, …` is read more easily as `mem / maxmem: [0] /data/3/mem, …`
function sayEvidence(evidence: string | undefined): string {
  if (evidence === undefined) return 'not shown in the answer';
  return harmless(evidence.replace(/calls\[(\d+)\]#/g, '[$1] '));
}
