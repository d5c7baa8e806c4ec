import type { Meaning } from '@pxa/contract';
import { clarification } from '../clarify.ts';
import type { Conversation } from '../conversation.ts';
import type { Sentence } from '../sentence.ts';
import type { OrderRead, Orders } from './orders.ts';
import type { Parse } from './parse.ts';

const mostSplits = 6;

/** Two orders in one sentence: one at a time, with both to choose from; the same order twice is one with several targets. */
export function severalOrders(s: Sentence, conversation: Conversation, orders: Orders): OrderRead | undefined {
  let tried = 0;
  for (let at = 1; at < s.tokens.length && tried < mostSplits; at++) {
    const next = afterJoint(s, at);
    if (next === undefined || !orders.beginsAt(s, next)) continue;
    tried++;
    const found = splitAt(s, at, next, conversation, orders);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where the words end that part two orders: "and", ", then", "and after that". */
function afterJoint(s: Sentence, at: number): number | undefined {
  let place = at;
  while (/^(,|and|then|afterwards|afterward|after|that|next|finally|also|please|;)$/.test(s.word(place))) place++;
  return place === at ? undefined : place;
}

function splitAt(
  s: Sentence,
  end: number,
  next: number,
  conversation: Conversation,
  orders: Orders,
): OrderRead | undefined {
  const front = s.part(0, end);
  const [first] = orders.parse(front, conversation);
  if (first === undefined || first.unknown.length > 0) return undefined;
  const order = { action: '', targets: first.targets?.ids ?? [], input: {} };
  const back = s.part(next, s.tokens.length);
  const rest = { ...conversation, order };
  const [second] = orders.parse(back, rest);
  // What comes after may be two orders again.
  const more = second === undefined || second.unknown.length > 0 ? severalOrders(back, rest, orders) : undefined;
  if (second === undefined || (second.unknown.length > 0 && more === undefined)) return undefined;
  const action = first.compiled.action.id;
  if (more === undefined && second.compiled.action.id === action && canJoin(first, second)) {
    const joined = { ...first, targets: joinedTargets(first, second) };
    return { sure: true, near: true, meaning: orders.meaningOf(s, joined), action };
  }
  const target = first.targets?.says === '' || first.targets === undefined ? (second.targets?.says ?? '') : '';
  const says = [
    `${front.surface(0, front.tokens.length)}${target === '' ? '' : ` ${target}`}`,
    ...(more === undefined ? [withTarget(back, second, first)] : optionsOf(more.meaning)),
  ];
  const meaning = clarification(
    'One order at a time: each is shown as a plan of its own. Which one first?',
    says.map((say) => ({ label: say, say })),
  );
  return { sure: true, near: true, meaning, action };
}

function canJoin(a: Parse, b: Parse): boolean {
  const isPlain = ({ problems, targets, input }: Parse): boolean =>
    problems.length === 0 && targets?.selection === undefined && Object.keys(input).length === 0;
  return isPlain(a) && isPlain(b);
}

function joinedTargets(a: Parse, b: Parse): Parse['targets'] {
  const ids = [...new Set([...(a.targets?.ids ?? []), ...(b.targets?.ids ?? [])])];
  return { ids, says: [a.targets?.says, b.targets?.says].join(', ') };
}

/** The second order by itself: what "it" stands for is said. */
function withTarget(s: Sentence, parse: Parse, first: Parse): string {
  const target = first.targets?.says ?? '';
  const refers = /^(it|them|these|those|that|this)$/;
  const isShared = parse.problems.some(({ p }) => p === 'nothing') && target !== '';
  const words = s.tokens.map(({ text, word, quoted }) =>
    quoted ? `"${text}"` : refers.test(word) && target !== '' ? target : text,
  );
  return `${words.join(' ')}${isShared ? ` ${target}` : ''}`;
}

function optionsOf(meaning: Meaning): string[] {
  return meaning.kind === 'clarification' ? meaning.clarification.options.map(({ say }) => say) : [];
}
