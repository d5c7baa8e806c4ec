import { tagProblem } from '@pxa/pve/tags';
import type { Refusal } from '../kit/index.ts';

/** What Proxmox has against tags; one with a space in it would become two. */
export function tagRefusals(tags: readonly string[]): Refusal[] {
  const split = tags.find((tag) => /[\s,;]/.test(tag) || tag === '');
  const invalid = tags.length === 0 ? undefined : tagProblem(tags.join(';'));
  const problem = invalid ?? (split === undefined ? undefined : `“${split}” would be several`);
  if (problem === undefined) return [];
  const why = `Proxmox does not take these tags: ${problem.trim()}.`;
  return [{ why, next: 'Use letters, digits, -, _, + and dots.', input: 'tags', reason: 'not_acceptable' }];
}
