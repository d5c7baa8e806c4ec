import type { Command } from '@pxa/contract';
import { RULES } from './rules/index.ts';

/** What a finding says, as far as its remedy depends on it. */
export interface Remediable {
  readonly rule: string;
  readonly target: string;
  readonly about: string;
  readonly remedy: string;
}

/** The command that remedies a finding; undefined where that takes more than the product can do. */
export function fixOf({ rule: id, target, about, remedy }: Remediable): Command | undefined {
  const fix = RULES.find((rule) => rule.id === id)?.fix;
  if (fix === undefined) return undefined;
  const onTarget = fix.on === 'target';
  return {
    action: fix.action,
    targets: onTarget ? [target] : [],
    input: onTarget ? {} : { ...fix.input?.(about) },
    says: `remedy ${id} of ${about}: ${remedy}`,
  };
}
