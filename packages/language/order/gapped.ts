import type { Sentence } from '../sentence.ts';
import type { Token } from '../tokens.ts';
import type { Orders } from './orders.ts';
import type { Parse } from './parse.ts';
import type { Part } from './several.ts';

/** How many words of the end of the order before may be meant again. */
const mostEnd = 3;
/** Longer ones are sentences of their own. */
const mostWords = 16;

/**
 * Words that lack the verb, which is that of the order before: “rename 101 to a and 102 to b”, “set web-01 to 4 cores and
 * 8 GB of memory”, “set the memory of web-01 to 6 GB and cores to 4”. They stand in the stead of the end of it, of some
 * words within it, or before what it is about. Only a reading in which every word of both has a place counts.
 */
export function gapped(s: Sentence, before: Part, orders: Orders): Part | undefined {
  const { tokens: given } = before.s;
  if (s.tokens.length === 0 || given.length > mostWords || s.tokens.length > mostWords) return undefined;
  for (const some of candidates(given, s.tokens, before.parse)) {
    const whole = some.flatMap((tokens): Part[] => {
      const said = s.said(tokens);
      const [parse] = orders.parse(said, before.conversation);
      const isOrder = parse !== undefined && isWhole(parse, before.parse);
      const isAsked = isOrder && parse.problems.length === 0 && orders.meaningOf(said, parse).kind !== 'command';
      return isOrder && !isAsked ? [{ s: said, parse, conversation: before.conversation, isGapped: true }] : [];
    });
    const [best] = whole.toSorted((a, b) => a.parse.score - b.parse.score);
    if (best !== undefined) return best;
  }
  return undefined;
}

/** Nothing is to be asked of it, but the name that is asked of the order before. */
function isWhole({ unknown, problems }: Parse, before: Parse): boolean {
  const known = new Set(before.problems.flatMap((problem) => (problem.p === 'name' ? [problem.said] : [])));
  return unknown.length === 0 && problems.every((problem) => problem.p === 'name' && known.has(problem.said));
}

/** What may have been meant in full, by how it would be left out; of each, that which keeps most comes first. */
function* candidates(
  given: readonly Token[],
  words: readonly Token[],
  { at, targets }: Parse,
): Generator<readonly Token[][]> {
  const least = at + 1;
  const keeping = (end: number): Token[][] =>
    Array.from({ length: Math.max(0, given.length - end - least) }, (_, index) => {
      const kept = given.slice(0, given.length - end - 1 - index);
      return [...kept, ...words, ...given.slice(given.length - end)];
    });
  for (let end = 0; end <= mostEnd; end++) yield keeping(end);
  const [id, ...more] = targets?.ids ?? [];
  const number = /^(?:qemu|lxc)\/(\d+)$/.exec(id ?? '')?.[1];
  if (number !== undefined && more.length === 0)
    yield [[...given.slice(0, least), ...words, plain('of'), plain(number)]];
}

function plain(word: string): Token {
  return { text: word, word, stem: word, quoted: false };
}
