import type { Answer, View } from '@pxa/contract';
import { renderExplanation } from './explain.ts';
import { renderFindings } from './findings.ts';
import { isHistory, renderCurves, thinSamples } from './history.ts';
import { unknownNotes } from './notes.ts';
import { renderClarification, renderPlan } from './plan.ts';
import type { Style } from './style.ts';
import { renderTable } from './table.ts';
import { harmless, harmlessLines, plural, wrap } from './text.ts';
import { valueSentence } from './value.ts';

/** Rows that a figure was computed from are shown up to so many; the rest is counted. */
const MOST_ROWS_BEHIND_A_FIGURE = 30;

/**
 * An answer as a person reads it in a terminal, without a final newline. All that comes from the cluster or the
 * request is made harmless to the terminal. The calls are not part of it (they are shown as they happen), save for
 * the explanation.
 */
export function renderAnswer(answer: Answer, style: Style): string {
  const view = answer.kind === 'answer' ? answer.view : undefined;
  const blocks = [
    renderMain(answer, style),
    renderFindings(answer.findings, style),
    style.explain ? renderExplanation(answer, view, style) : [],
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function renderMain(answer: Answer, style: Style): string[] {
  switch (answer.kind) {
    case 'answer':
      return answer.view === undefined ? sayText(answer, style) : renderView(answer.view, style);
    case 'plan':
      return renderPlan(answer.plan, style);
    case 'clarification':
      return renderClarification(answer.clarification, style);
    case 'unavailable':
    case 'out_of_scope':
      return [wrap(harmlessLines(answer.reason), style.width)];
    case 'error':
      return [wrap(`${style.paint.red('Error:')} ${harmlessLines(answer.reason)}`, style.width)];
  }
}

// An answer without a table is words alone (a guest that is running already); before they are made there are none.
function sayText(answer: Answer, style: Style): string[] {
  return answer.text === '' ? [] : [wrap(harmlessLines(answer.text), style.width)];
}

function renderView(view: View, style: Style): string[] {
  const value =
    view.value === undefined
      ? []
      : [style.paint.bold(wrap(valueSentence(view.value, view, style.timeZone), style.width))];
  const summary =
    view.summary === undefined || view.summary === '' ? [] : [wrap(harmlessLines(view.summary), style.width)];
  const rows = view.value === undefined ? renderRows(view, style) : rowsBehind(view, style);
  const gap = summary.length > 0 && rows.length > 1 ? [''] : [];
  return [...value, ...rows, ...gap, ...summary];
}

function renderRows(view: View, style: Style): string[] {
  const title = harmless(view.title).replace(/[:\s]+$/, '');
  if (view.rows.length === 0) return [title === '' ? 'None.' : `${title}: none`];
  const head = title === '' ? [] : [style.paint.bold(`${title}:`)];
  return [...head, ...renderBody(view, style)];
}

function rowsBehind(view: View, style: Style): string[] {
  if (view.rows.length === 0 || view.columns.length === 0) return [];
  if (view.rows.length <= MOST_ROWS_BEHIND_A_FIGURE || isHistory(view)) return renderBody(view, style);
  return [style.paint.dim(`(computed from ${plural(view.rows.length, 'row')}: --json shows them)`)];
}

function renderBody(view: View, style: Style): string[] {
  const notes = unknownNotes(view).map((note) => style.paint.dim(wrap(note, style.width, '  ')));
  if (!isHistory(view)) return [...renderTable(view, style), ...notes];
  const thinned = thinSamples(view);
  const left = thinned.note === undefined ? [] : [style.paint.dim(thinned.note)];
  return [...renderCurves(view, style), ...renderTable(thinned.view, style), ...left, ...notes];
}
