import type { Dataset } from '@pxa/catalog';
import type { Meaning } from '@pxa/contract';
import type { Interpretation } from './interpretation.ts';
import { singular } from './morphology.ts';
import { bestReading, finish } from './question.ts';
import type { Sentence } from './sentence.ts';
import type { Token } from './tokens.ts';

/** Whether the words after a verb order it of everything, with nothing said that chooses among it. */
export function wantsEverything(s: Sentence, from: number): boolean {
  const rest = s.tokens.slice(from);
  return rest.some(({ word }) => /^(all|every|everything|each)$/.test(word)) && !chooses(rest);
}

function chooses(words: readonly Token[]): boolean {
  const narrowing = /^(on|in|with|tagged|tag|from|stopped|running|without|named|of|older|newer|not)$/;
  return words.some(({ word }, index) => narrowing.test(word) && index < words.length - 1);
}

/**
 * A risky order to many things at once: which ones? What it would hit is what the same words ask for, so that the
 * cluster itself is asked how many that are; where the words do not tell, the names that are known do.
 */
export function clarifyEverything(s: Sentence, from: number, datasets: readonly Dataset[]): Meaning {
  const which = 'Say which ones: by name, tag, pool, node or state.';
  const question = `That would hit ${chooses(s.tokens.slice(from)) ? 'all of that' : everythingHit(s, from)}. ${which}`;
  const clarification = { question, options: [] };
  const asked = s.after(from);
  const it = bestReading(asked, datasets);
  const isSound = it !== undefined && it.problems.length === 0 && (it.noun !== undefined || it.named.length > 0);
  // "the whole cluster" is one row, and every guest in it.
  const isMany = it?.noun?.plural !== false || asked.tokens.some(({ word }) => /^(all|every|each)$/.test(word));
  if (!isSound || !isMany) return { kind: 'clarification', clarification };
  const { dataset, where } = finish(asked, it);
  const query = { dataset, ...(where === undefined ? {} : { where }) };
  const counts = { query, ...countedIn(it), question: `That would hit {count}. ${which}` };
  return { kind: 'clarification', clarification, counts };
}

/** What the rows of a reading are counted in: a VM, two VMs. */
function countedIn(it: Interpretation): { one: string; many: string } {
  const title = it.noun?.title ?? it.dataset.title;
  const many = /^[A-Z][a-z]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
  // Titles such as "VMs" keep their capitals.
  const one = /[A-Z]s$/.test(many) ? many.slice(0, -1) : singular(many);
  return { one, many };
}

/** What an order to everything would hit, counted where the names tell. */
function everythingHit(s: Sentence, from: number): string {
  const has = (words: RegExp): boolean => s.tokens.slice(from).some(({ word }) => words.test(word));
  const guests = s.inventory.of('guest').filter(({ template }) => template !== true);
  const count = (type: 'qemu' | 'lxc'): number => guests.filter((guest) => guest.type === type).length;
  if (has(/^snapshots?$/)) return 'every snapshot of every guest';
  if (has(/^backups?$/)) return 'every backup';
  if (has(/^(nodes?|hosts?)$/)) return `all ${s.inventory.of('node').length} nodes`;
  if (has(/^(vms?|machines)$/)) return `all ${count('qemu')} VMs`;
  if (has(/^(containers?|cts?|lxcs?)$/)) return `all ${count('lxc')} containers`;
  return `all ${guests.length} guests`;
}
