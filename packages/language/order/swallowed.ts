import { clarification } from '../clarify.ts';
import type { Conversation } from '../said-before.ts';
import type { Sentence } from '../sentence.ts';
import type { OrderRead, Orders } from './orders.ts';
import type { Parse } from './parse.ts';
import { afterJoint, hidesOrder, severalOrders } from './several.ts';

/**
 * Another order that stands where a text or a list of words would take any: “tag 101 with web and reboot it” is two
 * orders, and “describe 101 as builds at night and stop 102” may be one or two. Quotes leave no doubt.
 */
export function swallowed(
  s: Sentence,
  { loose, compiled, unknown, problems, input: given }: Parse,
  conversation: Conversation,
  orders: Orders,
): OrderRead | undefined {
  if (unknown.length > 0) return undefined;
  for (const { input, start, end } of loose) {
    if (!hidesOrder(s, start, end, orders)) continue;
    const several = severalOrders(s, conversation, orders);
    if (several?.meaning.kind !== 'command') continue;
    const isText = input !== undefined && compiled.action.input[input]?.kind === 'text';
    if (!isText || problems.length > 0) return several;
    return { ...several, meaning: clarifyText(s, textStart(s, start, end, given[input]), end, orders) };
  }
  return undefined;
}

/** Where the text itself begins, behind the words that say what it is for. */
function textStart(s: Sentence, start: number, end: number, value: unknown): number {
  for (let at = start; at < end; at++) if (s.surface(at, end).replaceAll(' ,', ',') === value) return at;
  return start;
}

function clarifyText(s: Sentence, start: number, end: number, orders: Orders): OrderRead['meaning'] {
  const places = Array.from({ length: end - start }, (_, index) => start + index);
  const joint = places.find((at) => orders.beginsAt(s, afterJoint(s, at) ?? s.tokens.length)) ?? end;
  const quoted = (to: number): string =>
    `${s.surface(0, start)} "${s.surface(start, to)}"${to < s.tokens.length ? ` ${s.surface(to, s.tokens.length)}` : ''}`;
  return clarification(
    `“${s.surface(joint, end)}” may belong to the text, or be another order. Put the text in quotes: which is meant?`,
    [joint, end].map((to) => ({ label: quoted(to), say: quoted(to) })),
  );
}
