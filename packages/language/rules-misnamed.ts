import type { EntityKind } from '@pxa/catalog';
import type { Edge } from './fragment.ts';
import { kindWords } from './lexicon.ts';
import { entitiesAt } from './rules-names.ts';
import type { Sentence } from './sentence.ts';

const bearing = /^(with|having|without|has|have|by|bearing|carrying)$/;
const placing = /^(in|on|of|from|at|by|inside|within|with|without)$/;
const article = /^(the|a|an|my|our)$/;

/**
 * The kinds that a name is said to be of: "tagged X", "with tag X", "with the X tag", "in pool X". Only where it says so
 * beyond doubt: "which pool web-01 is in" has a kind before a name, too.
 */
export function kindSaidOf(s: Sentence, at: number): readonly EntityKind[] | undefined {
  const before = s.tokens[at - 1];
  if (before === undefined || before.quoted) return undefined;
  if (/^(tagged|labelled|labeled|marked)$/.test(before.word)) return ['tag'];
  if (/^(tag|label|pool|storage|datastore|node)$/.test(before.word)) {
    const place = article.test(s.word(at - 2)) ? at - 3 : at - 2;
    return (before.stem === 'tag' || before.stem === 'label' ? bearing : placing).test(s.word(place))
      ? kindWords[before.stem]
      : undefined;
  }
  const isBetween = article.test(before.word) && bearing.test(s.word(at - 2)) && /^(tag|label)$/.test(s.word(at + 1));
  return isBetween ? ['tag'] : undefined;
}

/** "VMs tagged production", where that is the name of a pool and of no tag: it is asked, not taken for the pool. */
export function misnamedEdges(s: Sentence, at: number): Edge[] {
  return isMisnamed(s, at) ? [{ start: at, end: at + 1, fragment: { f: 'unknown' }, cost: 0.1 }] : [];
}

/** Whether a word is said to name a thing of one kind, and names things of other kinds alone. */
export function isMisnamed(s: Sentence, at: number): boolean {
  const token = s.tokens[at];
  if (token === undefined || token.quoted) return false;
  const entities = entitiesAt(s, at);
  const kinds = entities.length === 0 ? undefined : kindSaidOf(s, at);
  return kinds !== undefined && !entities.some(({ kind }) => kinds.includes(kind));
}
