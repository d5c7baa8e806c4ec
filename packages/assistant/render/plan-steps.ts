import type { Step } from '@pxa/contract';
import type { Style } from './style.ts';
import { harmless, plural, wrap } from './text.ts';

/** Up to so many steps are shown one by one; of more, only the first. */
const mostSteps = 20;
const firstSteps = 10;
const mostKinds = 15;

/** Each step with exactly what would be sent; of a long plan the first, and how many of which kind follow. */
export function renderSteps(steps: readonly Step[], style: Style): string[] {
  const shown = steps.length > mostSteps ? firstSteps : steps.length;
  const lines = steps.slice(0, shown).flatMap((step, at) => renderStep(step, at + 1, style));
  return shown === steps.length ? lines : [...lines, ...renderRest(steps.slice(shown), style)];
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

function renderRest(steps: readonly Step[], { paint, width }: Style): string[] {
  const counts = new Map<string, number>();
  for (const step of steps) counts.set(kindOf(step), (counts.get(kindOf(step)) ?? 0) + 1);
  const kinds = [...counts].sort(([, one], [, other]) => other - one);
  const lines = kinds
    .slice(0, mostKinds)
    .map(([kind, count]) => paint.dim(wrap(`     ${count} × ${kind}`, width, '       ')));
  const left = kinds.length - lines.length;
  return [
    `  … and ${plural(steps.length, 'more step')} (--json has them all):`,
    ...lines,
    ...(left > 0 ? [paint.dim(`     and ${plural(left, 'more kind')}`)] : []),
  ];
}

/** A call without what tells one thing from the next: `POST qemu/…/snapshot on pve-node01`. */
function kindOf({ method, path }: Step): string {
  const [, node, rest] = /^\/nodes\/([^/]+)\/(.*)$/.exec(path) ?? [];
  const plain = (rest ?? path)
    .replace(/(^|\/)(qemu|lxc)\/\d+/, '$1$2/…')
    .replace(/\/(snapshot|content)\/[^/]+/, '/$1/…');
  return harmless(`${method} ${plain}${node === undefined ? '' : ` on ${node}`}`);
}
