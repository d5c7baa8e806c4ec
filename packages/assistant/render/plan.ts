import type { Change, Clarification, Plan, Risk, Step } from '@pxa/contract';
import { renderSteps } from './plan-steps.ts';
import { firstLines } from './some.ts';
import type { Paint, Style } from './style.ts';
import { harmless, harmlessLines, wrap } from './text.ts';
import { formatMoment } from './units.ts';

function riskPainter(risk: Risk, paint: Paint): (text: string) => string {
  switch (risk) {
    case 'destructive':
      return paint.red;
    case 'disruptive':
      return paint.yellow;
    case 'change':
      return paint.cyan;
  }
}

/**
 * What would be done and what was taken for granted, and that nothing has been changed yet. Of a plan with hundreds of
 * steps the first are shown and the rest is counted; the plan itself has them all.
 */
export function renderPlan(plan: Plan, style: Style): string[] {
  const { paint, width } = style;
  const noted = (label: string, texts: readonly string[]): string[] =>
    firstLines(
      texts.map((text) => wrap(`${label} ${harmlessLines(text)}`, width, '  ')),
      mostNotes,
    );
  const assumed = firstLines(
    plan.assumptions.map((text) => wrap(`  • ${harmlessLines(text)}`, width, '    ')),
    mostNotes,
  );
  const changes = plan.changes.map((change) => renderChange(change, style));
  return [
    `${paint.bold('Plan')} ${harmless(plan.id)} — risk: ${riskPainter(plan.risk, paint)(plan.risk)}`,
    ...renderSteps(plan.steps, style),
    ...firstLines(changes, mostChanges),
    ...(assumed.length > 0 ? ['Taken for granted:', ...assumed] : []),
    ...noted(paint.yellow('[WARNING]'), plan.warnings),
    ...noted(paint.red('[LOST FOR GOOD]'), plan.loses),
    ...noted(paint.cyan('[IF A STEP FAILS]'), (plan.takes_back ?? []).map(takenBack)),
    ...(plan.rehearsal === undefined
      ? []
      : [wrap(`${paint.cyan('[REHEARSED]')} ${harmlessLines(plan.rehearsal.text)}`, width, '  ')]),
    wrap(`${paint.yellow('[APPROVAL REQUIRED]')} ${approvalText(plan)}`, width, '  '),
  ];
}

const takenBack = ({ says, method, path }: Step): string => `${says} (${method} ${path}), if it was done by then`;

function approvalText({ expires_at: until, confirm }: Plan): string {
  const typed = confirm === undefined ? '' : ` To approve it, ${harmless(confirm)} has to be typed.`;
  return `Nothing has been changed yet. The plan holds until ${harmless(formatMoment(until))}.${typed}`;
}

/** A plan of hundreds of guests is read by its first steps and by what it comes to. */
const mostChanges = 20;
const mostNotes = 10;

/** `     status: running → stopped`, with what it is about where there are several. */
function renderChange({ about, key, before, after }: Change, style: Style): string {
  const none = '(none)';
  return style.paint.dim(
    wrap(
      `     ${harmless(about)}, ${harmless(key)}: ${harmless(before ?? none)} → ${harmless(after ?? none)}`,
      style.width,
      '       ',
    ),
  );
}

/** The question back, and its options by number. */
export function renderClarification(clarification: Clarification, style: Style): string[] {
  const options = clarification.options.map((option, at) => {
    const label = harmless(option.label);
    const say = harmless(option.say);
    const hint = say === label ? '' : style.paint.dim(`  (say: ${say})`);
    return `  ${style.paint.cyan(`${at + 1}.`)} ${label}${hint}`;
  });
  return [wrap(harmlessLines(clarification.question), style.width), ...options];
}
