import type { Command, CommandPart, Meaning } from '@pxa/contract';
import { clarification } from '../clarify.ts';
import { eachNamed } from './each-named.ts';
import type { Conversation } from '../said-before.ts';
import type { Sentence } from '../sentence.ts';
import { gapped } from './gapped.ts';
import type { OrderRead, Orders } from './orders.ts';
import type { Parse } from './parse.ts';
import { beginnings, beginsFront } from './words.ts';

/** One of several orders in a sentence, as it would be said by itself. */
export interface Part {
  readonly s: Sentence;
  readonly parse: Parse;
  /** What had been said before it. */
  readonly conversation: Conversation;
  /** Whether its verb was not said again. */
  readonly isGapped?: true;
}

/** How many parts of a sentence are read, at the most. */
const mostRead = 40;
/** A plan of more orders nobody can survey; they can be said one after the other. */
const mostParts = 12;

/**
 * Several orders in one sentence: one command of them all, in their order. Where one of them cannot be understood as it
 * was said, that is asked about; never is only a part of a sentence carried over.
 */
export function severalOrders(s: Sentence, conversation: Conversation, orders: Orders): OrderRead | undefined {
  const each = eachNamed(s);
  if (each !== undefined && 'asks' in each) return { sure: true, near: true, meaning: each.asks, action: '' };
  const parts =
    each === undefined
      ? new Search(s, orders).from(0, conversation, undefined)
      : partsOf(each.sentences, conversation, orders);
  const joined = parts && joinedParts(parts);
  if (parts === undefined || joined === undefined || parts.length < 2 || parts.length > mostParts) return undefined;
  const list = sharedTargets(joined);
  const action = list[0]?.parse.compiled.action.id ?? '';
  const meaning = meaningOf(s, list, orders);
  return { sure: true, near: true, meaning, action };
}

/** Sentences that are orders each, where all are; what makes new things speaks of nothing that was said. */
function partsOf(sentences: readonly Sentence[], conversation: Conversation, orders: Orders): Part[] | undefined {
  const parts = sentences.flatMap((s): Part[] => {
    const [parse] = orders.parse(s, conversation);
    if (parse !== undefined && parse.unknown.length === 0) return [{ s, parse, conversation }];
    // What is said of each may lack its words in turn: "with 2 cores and 4 GB".
    const [one, ...more] = joinedParts(new Search(s, orders).from(0, conversation, undefined) ?? []) ?? [];
    return one === undefined || more.length > 0 ? [] : [one];
  });
  return parts.length === sentences.length ? parts : undefined;
}

/** Looks for the places where one order ends and the next begins: long orders are tried before short ones. */
class Search {
  readonly #s: Sentence;
  readonly #orders: Orders;
  #left = mostRead;

  constructor(s: Sentence, orders: Orders) {
    this.#s = s;
    this.#orders = orders;
  }

  from(at: number, conversation: Conversation, before: Part | undefined): Part[] | undefined {
    const { length } = this.#s.tokens;
    for (let end = length; end > at; end--) {
      const next = end === length ? end : afterJoint(this.#s, end);
      // The sentence as a whole is no order: that was tried.
      if (next === undefined || (end === length && at === 0) || joint.test(this.#s.word(end - 1))) continue;
      const part = this.#isOne(at, end) ? this.#read(at, end, conversation, before) : undefined;
      if (part === undefined) continue;
      if (next === length) return [part];
      const [second, ...rest] = this.from(next, spokenOf(part), part) ?? [];
      if (second !== undefined) return [part, second, ...rest];
    }
    return undefined;
  }

  /** Whether words may be one order: of one sentence, and not with what stands in front of the next ("and on pve2, create …"). */
  #isOne(at: number, end: number): boolean {
    const within = this.#s.tokens.slice(at, end - 1);
    if (within.some(({ ends }) => ends)) return false;
    const leads = this.#s.word(end) === ',' && this.#begins(end + 1);
    return !leads || within.every((_, index) => !beginsFront.test(this.#s.word(afterJoint(this.#s, at + index) ?? -1)));
  }

  #begins(at: number): boolean {
    return beginnings(this.#s, at).some((place) => this.#orders.beginsAt(this.#s, place));
  }

  #read(at: number, end: number, conversation: Conversation, before: Part | undefined): Part | undefined {
    if (this.#left-- <= 0) return undefined;
    const s = this.#s.part(at, end);
    // "and on pve2, create a VM": its inputs may stand in front of its verb.
    const [parse] = this.#begins(at) || beginsFront.test(s.word(0)) ? this.#orders.parse(s, conversation) : [];
    const isWhole = parse !== undefined && parse.unknown.length === 0;
    if (isWhole && !parse.loose.some(({ start, end: to }) => hidesOrder(s, start, to, this.#orders)))
      return { s, parse, conversation };
    const part = before === undefined || this.#begins(at) ? undefined : gapped(s, before, this.#orders);
    const hides = part?.parse.loose.some(({ start, end: to }) => hidesOrder(part.s, start, to, this.#orders));
    return hides === true ? undefined : part;
  }
}

/**
 * Whether words that nearly any others could stand among hold another order: "all VMs tagged web and shut down web-01",
 * where those that are shut down could be meant.
 */
export function hidesOrder(s: Sentence, start: number, end: number, orders: Orders): boolean {
  for (let at = start + 1; at < end; at++) {
    const next = afterJoint(s, at);
    if (next !== undefined && next < end && orders.beginsAt(s, next)) return true;
  }
  return false;
}

const joint = /^(,|and|then|afterwards|afterward|after|that|next|finally|also|please|;|&|plus)$/;

/** Where the words end that part two orders: "and", ", then", "and after that"; or where a sentence has ended. */
export function afterJoint(s: Sentence, at: number): number | undefined {
  if (s.tokens[at - 1]?.ends === true && at < s.tokens.length) return jointsEnd(s, at);
  if (!/^(,|and|then|afterwards|afterward|;|&|plus|after|next|finally|also)$/.test(s.word(at))) return undefined;
  return jointsEnd(s, at);
}

function jointsEnd(s: Sentence, at: number): number {
  let place = at;
  while (joint.test(s.word(place))) place++;
  return place;
}

/** Orders that make something new: "it" is that from then on, and no name is known of it. */
const makes = /^(guest\.clone|backup\.restore_new)$/;

/** What the next order of the sentence may speak of. */
function spokenOf({ parse: { compiled, targets } }: Part): Conversation {
  const isMaking = compiled.action.on === undefined || makes.test(compiled.action.id);
  return isMaking || targets === undefined ? {} : { earlier: { on: compiled.action.on, targets } };
}

const isOpen = ({ targets, compiled }: Parse): boolean =>
  compiled.action.on !== undefined && (targets === undefined || isNothing(targets));

const isNothing = ({ ids, selection }: NonNullable<Parse['targets']>): boolean =>
  ids.length === 0 && selection === undefined;

/** "stop and delete 203", "shut down 101 and back up": what is said of one is said of the other. */
function sharedTargets(parts: readonly Part[]): Part[] {
  const known = (part: Part | undefined, than: Part): Parse['targets'] => {
    const [a, b] = [part?.parse.compiled.action, than.parse.compiled.action];
    const isSame = a?.on !== undefined && a.on.dataset === b.on?.dataset && !makes.test(a.id);
    return part === undefined || !isSame || isOpen(part.parse) ? undefined : part.parse.targets;
  };
  const list = [...parts];
  const share = (at: number, from: number): void => {
    const part = list[at];
    const targets = part && isOpen(part.parse) && isUnnamed(part.parse) ? known(list[from], part) : undefined;
    if (part !== undefined && targets !== undefined)
      list[at] = { ...part, parse: { ...part.parse, targets, problems: [] } };
  };
  for (let at = list.length - 1; at >= 0; at--) share(at, at + 1);
  for (const at of list.keys()) share(at, at - 1);
  return list;
}

const isUnnamed = ({ problems }: Parse): boolean => problems.every(({ p }) => p === 'nothing');

/**
 * "start web-01 and start web-02" is the same of both, and "create a VM with 2 cores, 4 GB and a 20 GB disk" is one order,
 * however its verb would be said again.
 */
function joinedParts(parts: readonly Part[]): Part[] | undefined {
  const list: Part[] = [];
  for (const part of parts) {
    const last = list.at(-1);
    const parse = last && (asOneOrder(last, part) ?? forBoth(last.parse, part.parse));
    if (last !== undefined && parse === undefined && !isAsFull(last, part)) return undefined;
    if (last === undefined || parse === undefined) list.push(part);
    else list[list.length - 1] = { ...last, parse };
  }
  return list;
}

/**
 * "create VM a and VM b with 4 GB": whether what stands behind the second is said of the first as well is left open, and
 * nothing is planned that may be less than was meant.
 */
function isAsFull({ parse: a }: Part, { parse: b, isGapped }: Part): boolean {
  if (isGapped !== true || a.compiled.action.id !== b.compiled.action.id) return true;
  return same(Object.keys(a.input).toSorted(), Object.keys(b.input).toSorted());
}

/** More inputs of the order before, which lacked its verb alone. */
function asOneOrder({ parse: a }: Part, { parse: b, isGapped }: Part): Parse | undefined {
  if (isGapped !== true || a.compiled.action.id !== b.compiled.action.id) return undefined;
  const isSame = same(a.targets?.ids ?? [], b.targets?.ids ?? []) && same(a.targets?.selection, b.targets?.selection);
  const isMore = Object.entries(b.input).every(([name, value]) => !(name in a.input) || same(a.input[name], value));
  if (!isSame || !isMore) return undefined;
  return { ...a, input: { ...a.input, ...b.input }, problems: [...a.problems, ...b.problems] };
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function forBoth(a: Parse, b: Parse): Parse | undefined {
  const isPlain = ({ problems, targets }: Parse): boolean =>
    problems.length === 0 && targets !== undefined && targets.selection === undefined;
  const isSame = a.compiled.action.id === b.compiled.action.id && same(a.input, b.input);
  return isSame && isPlain(a) && isPlain(b) ? { ...a, targets: targetsOfBoth(a, b) } : undefined;
}

function targetsOfBoth(a: Parse, b: Parse): NonNullable<Parse['targets']> {
  const ids = [...new Set([...(a.targets?.ids ?? []), ...(b.targets?.ids ?? [])])];
  const notes = [...(a.targets?.notes ?? []), ...(b.targets?.notes ?? [])];
  return { ids, says: [a.targets?.says, b.targets?.says].join(', '), notes };
}

function meaningOf(whole: Sentence, parts: readonly Part[], orders: Orders): Meaning {
  const meanings = parts.map(({ s, parse }) => orders.meaningOf(s, parse));
  const commands: CommandPart[] = [];
  const notes: string[] = [];
  for (const [at, meaning] of meanings.entries()) {
    if (meaning.kind !== 'command') return named(whole, parts[at], orders) ?? oneAtATime(parts, at, meaning);
    commands.push({ ...meaning.command, words: wordsOf(parts, at) });
    notes.push(...meaning.notes);
  }
  const [first, ...later] = commands;
  if (first === undefined) throw new RangeError('there is no order');
  const says = commands.map((each) => each.says).join(', then ');
  const command: Command = later.length === 0 ? first : { ...first, says, later };
  return { kind: 'command', command, notes };
}

/** A name that nothing bears, or two things: the whole sentence is said again with another in its place. */
function named(whole: Sentence, part: Part | undefined, orders: Orders): Meaning | undefined {
  const isNamed = part?.parse.problems.some(({ p }) => /^(name|ambiguous|unit)$/.test(p)) === true;
  return part === undefined || !isNamed ? undefined : orders.meaningOf(whole, part.parse);
}

/** Something is to be asked of one of the orders: what is answered then would be taken for all of them. */
function oneAtATime(parts: readonly Part[], at: number, meaning: Meaning): Meaning {
  const words = parts.map((_, each) => wordsOf(parts, each));
  const question = meaning.kind === 'clarification' ? meaning.clarification.question : '';
  const rest = words.filter((_, each) => each !== at);
  return clarification(
    `“${words[at] ?? ''}” cannot be planned together with the rest: ${question} One order at a time, then: each is shown as a plan of its own. Which one first?`,
    [...rest, words[at] ?? ''].map((say) => ({ label: say, say })),
  );
}

const refers = /^(it|them|these|those|that|this|they|both)$/;

/** An order by itself: what "it" stands for is said, and what it is about where that was said of another. */
function wordsOf(parts: readonly Part[], at: number): string {
  const part = parts[at];
  if (part === undefined) return '';
  const { s, parse } = part;
  const target = parse.targets?.says ?? '';
  const earlier = part.conversation.earlier?.targets;
  const isPronoun = earlier !== undefined && parse.targets?.says === earlier.says;
  const words = s.tokens.map(({ text, word, quoted }) =>
    quoted ? `"${text}"` : isPronoun && refers.test(word) && target !== '' ? target : text,
  );
  const isSaid = words.join(' ').includes(target) || s.tokens.some((_, place) => namesAny(s, place, parse));
  return target === '' || isSaid ? words.join(' ') : `${words.join(' ')} ${target}`;
}

/** Whether a word names one of the things that an order is about. */
function namesAny(s: Sentence, at: number, { targets }: Parse): boolean {
  const { text = '' } = s.tokens[at] ?? {};
  const named = [...s.inventory.named(text), s.inventory.vmid(Number(text))];
  return named.some((entity) => entity !== undefined && targets?.ids.some((id) => id.endsWith(entity.key)) === true);
}
