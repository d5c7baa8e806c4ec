import type { Clarification } from '@pxa/contract';
import type { Token } from './tokens.ts';

const fillers = /^(the|that|this|one|a|an|i|mean|meant|please|it|is|was)$/;

/** "the VM", "the one on pve2" after a question back: the only option that has all of these words in its label. */
export function chosenOption(
  list: readonly Token[],
  options: Clarification['options'] | undefined,
): string | undefined {
  const words = list.map(({ word }) => word).filter((word) => !fillers.test(word));
  if (options === undefined || options.length < 2 || words.length === 0 || list.length > 6) return undefined;
  const fitting = options.filter(({ label }) => {
    const said = new Set(label.toLowerCase().split(/[\s(),:]+/));
    return words.every((word) => said.has(word));
  });
  return fitting.length === 1 ? fitting[0]?.say : undefined;
}
