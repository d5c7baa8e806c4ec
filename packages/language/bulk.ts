import type { Dataset } from '@pxa/catalog';
import type { Meaning } from '@pxa/contract';
import { clarification } from './clarify.ts';
import type { Interpretation } from './interpretation.ts';
import { singular } from './morphology.ts';
import { clarifyCounted, everythingSaid, sayWhich } from './order/asks.ts';
import { bestReading, finish } from './question.ts';
import type { Sentence } from './sentence.ts';
import type { Token } from './tokens.ts';

/** Whether the words after a verb order it of everything, with nothing said that chooses among it. */
export function wantsEverything(s: Sentence, from: number): boolean {
  const rest = s.tokens.slice(from);
  // "every Sunday" is a time.
  const isTime = (at: number): boolean => timeOf.test(rest[at]?.stem ?? '') || timeOf.test(rest[at]?.word ?? '');
  const isAll = rest.some(({ word }, at) => /^(all|every|everything|each)$/.test(word) && !isTime(at + 1));
  return isAll && !chooses(rest);
}

const timeOf = /^((sun|mon|tues|wednes|thurs|fri|satur)day|day|night|morning|evening|hour|minute|week|month|year|\d+)$/;

function chooses(words: readonly Token[]): boolean {
  const narrowing = /^(on|in|with|tagged|tag|from|stopped|running|without|named|of|older|newer|not)$/;
  return words.some(({ word }, index) => narrowing.test(word) && index < words.length - 1);
}

/**
 * A risky order to many things at once: which ones? What it would hit is what the same words ask for, so that the
 * cluster itself is asked how many that are; where the words do not tell, the names that are known do.
 */
export function clarifyEverything(s: Sentence, from: number, datasets: readonly Dataset[]): Meaning {
  const hit = chooses(s.tokens.slice(from)) ? 'all of that' : everythingHit(s, from);
  const asked = s.part(from, s.tokens.length);
  const it = bestReading(asked, datasets);
  const isSound = it !== undefined && it.problems.length === 0 && (it.noun !== undefined || it.named.length > 0);
  // "the whole cluster" is one row, and every guest in it.
  const isMany = it?.noun?.plural !== false || asked.tokens.some(({ word }) => /^(all|every|each)$/.test(word));
  if (!isSound || !isMany) return clarification(`That would hit ${hit}. ${sayWhich}`);
  const { dataset, where } = finish(asked, it);
  const { one, many } = countedIn(it);
  return clarifyCounted({ dataset, ...(where === undefined ? {} : { where }) }, one, many, hit);
}

/** What the rows of a reading are counted in: a VM, two VMs. */
function countedIn(it: Interpretation): { one: string; many: string } {
  const title = it.noun?.title ?? it.dataset.title;
  const many = /^[A-Z][a-z]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
  // Titles such as "VMs" keep their capitals.
  const one = /[A-Z]s$/.test(many) ? many.slice(0, -1) : singular(many);
  return { one, many };
}

/** What an order to everything would hit. */
function everythingHit(s: Sentence, from: number): string {
  const has = (words: RegExp): boolean => s.tokens.slice(from).some(({ word }) => words.test(word));
  if (has(/^snapshots?$/)) return 'every snapshot of every guest';
  if (has(/^backups?$/)) return 'every backup';
  if (has(/^(nodes?|hosts?)$/)) return everythingSaid(s.inventory, 'nodes');
  if (has(/^(vms?|machines)$/)) return everythingSaid(s.inventory, 'qemu');
  return everythingSaid(s.inventory, has(/^(containers?|cts?|lxcs?)$/) ? 'lxc' : 'guests');
}
