import type { Change, Clarification, Plan, Risk, Step } from '@pxa/contract';
import type { Paint, Style } from './style.ts';
import { harmless, harmlessLines, wrap } from './text.ts';

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

/** The steps with exactly what would be sent, what was taken for granted, and that nothing has been changed yet. */
export function renderPlan(plan: Plan, style: Style): string[] {
  const { paint } = style;
  const head = `${paint.bold('Plan')} ${harmless(plan.id)} — risk: ${riskPainter(plan.risk, paint)(plan.risk)}`;
  const steps = plan.steps.flatMap((step, at) => renderStep(step, at + 1, style));
  const assumed = plan.assumptions.map((text) => wrap(`  • ${harmlessLines(text)}`, style.width, '    '));
  const warnings = plan.warnings.map((text) =>
    wrap(`${paint.yellow('[WARNING]')} ${harmlessLines(text)}`, style.width, '  '),
  );
  const lost = plan.loses.map((text) =>
    wrap(`${paint.red('[LOST FOR GOOD]')} ${harmlessLines(text)}`, style.width, '  '),
  );
  return [
    head,
    ...steps,
    ...plan.changes.slice(0, mostChanges).map((change) => renderChange(change, style)),
    ...(plan.changes.length > mostChanges ? [`     … and ${plan.changes.length - mostChanges} more changes`] : []),
    ...(assumed.length > 0 ? ['Taken for granted:', ...assumed] : []),
    ...warnings,
    ...lost,
    ...(plan.rehearsal === undefined
      ? []
      : [wrap(`${paint.cyan('[REHEARSED]')} ${harmlessLines(plan.rehearsal.text)}`, style.width, '  ')]),
    `${paint.yellow('[APPROVAL REQUIRED]')} Nothing has been changed yet. The plan holds until ${harmless(plan.expires_at)}.${plan.confirm === undefined ? '' : ` To approve it, ${harmless(plan.confirm)} has to be typed.`}`,
  ];
}

/** A plan of hundreds of guests is read by its steps. */
const mostChanges = 20;

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

function renderStep(step: Step, number: number, style: Style): string[] {
  const params = Object.entries(step.params).map(([key, value]) => `${harmless(key)}=${sayParameter(value)}`);
  const call = `     ${step.method} ${harmless(step.path)}${params.length > 0 ? `  ${params.join(' ')}` : ''}`;
  return [
    wrap(`  ${number}. ${harmless(step.says)}`, style.width, '     '),
    style.paint.dim(wrap(call, style.width, '       ')),
  ];
}

function sayParameter(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const shown = harmless(text ?? '');
  return /\s/.test(shown) ? `'${shown}'` : shown;
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
