import type { Dataset } from '@pxa/catalog';
import type { Interpretation } from './interpretation.ts';
import { bestReading, readingOf } from './question.ts';
import type { Sentence } from './sentence.ts';

const pronouns = /^(it|its|them|they|their|those|these|him|one|ones)$/;
/** The words that a narrowing, or another order, of the answer before begins with. */
export const refiners =
  /^(only|just|but|except|excluding|not|group|filter|restrict|limit|narrow|keep|exclude|without|now|sort|order|rank|reverse|sorted|ordered)$/;
const asksAnew =
  /^(what|which|who|where|when|why|how|is|are|was|were|does|do|did|has|have|can|show|list|give|find|get|tell|check|any)$/;
const continuers = /^(and|also|plus|same|likewise|or)$/;

/** "and the containers?", "the same for pve-node02": whether a sentence goes on with the question before. */
export function continues(s: Sentence): boolean {
  const [first, second] = [s.word(0), s.word(1)];
  const same =
    s.tokens.some(({ word }, at) => word === 'same' && s.word(at + 1) === 'for') ||
    s.word(s.tokens.length - 1) === 'too';
  return same || (continuers.test(first) && s.tokens.length > 1) || (/^(what|how)$/.test(first) && second === 'about');
}

/** Whether a word such as "it" or "them" stands for the answer before, and not for what the sentence itself named. */
export function refersBack(s: Sentence, datasets: readonly Dataset[]): boolean {
  const at = s.tokens.findIndex(
    ({ word, quoted }, place) => !quoted && pronouns.test(word) && !(word === 'one' && place === 0),
  );
  if (at < 0) return false;
  const it = bestReading(s, datasets);
  // "which guests are on it?": what it is on was said before, whatever else is named here.
  const isPlace = /^(on|of|in|with|from|for)$/.test(s.word(at - 1)) && /^(it|them|those|these)$/.test(s.word(at));
  const named = it?.noun !== undefined && it.noun.at >= 0 && it.noun.at < at;
  return (!named || isPlace) && (it === undefined || it.own.length === 0);
}

/** Whether a sentence only makes sense as a word about the answer before: it names no rows of its own. */
export function refines(s: Sentence, dataset: Dataset, datasets: readonly Dataset[]): boolean {
  if (refiners.test(s.word(0)) || s.word(s.tokens.length - 1) === 'only') return true;
  // "failed tasks" – "why?"
  const isWhy = s.tokens.length === 1 && s.word(0) === 'why';
  if (!isWhy && asksAnew.test(s.word(0)) && !/^how many$/.test(`${s.word(0)} ${s.word(1)}`)) return false;
  const it = bestReading(s, datasets);
  if (it === undefined || it.problems.length > 0) return readAs(s, dataset) !== undefined;
  return it.noun === undefined && it.own.length === 0 && it.named.length === 0;
}

/** "on pve-node03", "the ones on pve-node03": a place alone, in the stead of the one that was named before. */
export function isElsewhere(s: Sentence, datasets: readonly Dataset[]): boolean {
  const isPlace = /^((the )?ones )?(on|in|at) /.test(`${s.word(0)} ${s.word(1)} ${s.word(2)} `);
  const it = isPlace ? bestReading(s, datasets) : undefined;
  return it !== undefined && it.noun === undefined && it.named.length > 0 && it.problems.length === 0;
}

/** "which ones?", "who?" after a figure: the rows behind it. */
export function asksForRows(s: Sentence): boolean {
  return (
    s.tokens.length <= 3 &&
    /^(which|who|what)$/.test(s.word(0)) &&
    s.tokens.every(({ word }) => /^(which|who|what|one|ones|are|they|those|is|it|them)$/.test(word))
  );
}

/** "what is the number?", "and how many are they?", "what is the total?" after rows. */
export function asksForFigure(s: Sentence): 'count' | 'sum' | undefined {
  const says =
    /^(and|so|then|what|is|the|how|many|number|count|total|sum|are|they|those|there|of|them|in|it|all|altogether|exactly)$/;
  if (s.tokens.length > 7 || !s.tokens.every(({ word }) => says.test(word))) return undefined;
  const has = (words: RegExp): boolean => s.tokens.some(({ word }) => words.test(word));
  if (has(/^(many|number|count)$/)) return 'count';
  return has(/^(total|sum|altogether)$/) ? 'sum' : undefined;
}

/** "which is the busiest?", "which uses the most memory?": of the rows before, where no others are named. */
export function choosesAmong(s: Sentence, dataset: Dataset, datasets: readonly Dataset[]): boolean {
  const asks = /^(which|who|what)$/.test(s.word(0)) && s.sense(1, 'noun').length === 0;
  if (!asks || s.tokens.length > 9) return false;
  const own = readAs(s, dataset);
  const it = bestReading(s, datasets);
  return own !== undefined && own.superlative && (it === undefined || (it.noun === undefined && it.own.length === 0));
}

/** A reading of the sentence as one about the rows of this dataset; undefined where it does not fit. */
export function readAs(s: Sentence, dataset: Dataset): Interpretation | undefined {
  const it = readingOf(s, dataset);
  return it === undefined || it.problems.length > 0 ? undefined : it;
}
