import type { Dataset } from '@pxa/catalog';
import type { Meaning } from '@pxa/contract';
import { clarification } from './clarify.ts';
import type { Conversation } from './said-before.ts';
import { bestReading } from './question.ts';
import type { Sentence } from './sentence.ts';

const asks = /^(how|what|which|who|where|when)$/;

/** "how many VMs and how many containers are there?": two questions, which are asked one at a time. */
export function twoQuestions(
  s: Sentence,
  conversation: Conversation,
  datasets: readonly Dataset[],
): Meaning | undefined {
  if (!asks.test(s.word(0)) || conversation.query !== undefined) return undefined;
  const and = s.tokens.findIndex(
    ({ word }, at) => at > 1 && /^(and|,|plus|&)$/.test(word) && asks.test(s.word(at + 1)),
  );
  if (and < 0 || and + 2 >= s.tokens.length) return undefined;
  const first = s.part(0, and);
  const second = s.part(and + 1, s.tokens.length);
  const isWhole = (part: Sentence): boolean => {
    const it = bestReading(part, datasets);
    return it !== undefined && it.problems.length === 0 && (it.noun !== undefined || it.own.length > 0);
  };
  const refersBack = second.tokens.some(({ word }) => /^(them|those|these|they|it|their|its)$/.test(word));
  const isRepeated = [first, second].every((part) => part.word(0) === 'how' && part.word(1) === 'many');
  if (!isWhole(first) || !(refersBack || isRepeated || isWhole(second))) return undefined;
  const says = [first, second].map((part) => part.surface(0, part.tokens.length));
  return clarification(
    'These are two questions, and I answer one at a time. Which one first?',
    says.map((say) => ({ label: say, say })),
  );
}
