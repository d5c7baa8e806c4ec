import type { Action, Dataset } from '@pxa/catalog';
import type { Meaning } from '@pxa/contract';
import type { Conversation } from '../said-before.ts';
import type { Sentence } from '../sentence.ts';
import { clarifyBeginning, clarifyEither, clarifyMissing, clarifyProblem, clarifyUnknown } from './asks.ts';
import { Compiled } from './compiled.ts';
import { followOrder } from './follow.ts';
import { type Parse, parseOrder } from './parse.ts';
import type { Problem } from './problem.ts';
import { nameOf } from './acted-on.ts';
import { OrderReader } from './reader.ts';
import { saysOrder } from './says.ts';
import { severalOrders } from './several.ts';
import { swallowed } from './swallowed.ts';
import { beginnings, beginsFront, fillerAt, parted } from './words.ts';

/** What the words of a sentence order; `sure` where every word of it was understood as part of the order. */
export interface OrderRead {
  readonly sure: boolean;
  /** Whether half of its words were understood, at least. */
  readonly near: boolean;
  readonly meaning: Meaning;
  readonly action: string;
}

/** The orders of the catalogue, by the words that they begin with. */
export class Orders {
  readonly #byWord = new Map<string, Compiled[]>();
  readonly #byId = new Map<string, Compiled>();
  readonly datasets: readonly Dataset[];
  #words: ReadonlySet<string> | undefined;

  constructor(actions: readonly Action[], datasets: readonly Dataset[]) {
    this.datasets = datasets;
    for (const action of actions) {
      const compiled = new Compiled(action);
      this.#byId.set(action.id, compiled);
      for (const word of compiled.firstWords()) {
        if (word === undefined) continue;
        const same = this.#byWord.get(word);
        if (same) same.push(compiled);
        else this.#byWord.set(word, [compiled]);
      }
    }
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  get(id: string): Compiled | undefined {
    return this.#byId.get(id);
  }

  /** The words of all templates: they are put right where they were mistyped. */
  words(): string[] {
    return [...this.#byId.values()].flatMap((compiled) => [...compiled.words]);
  }

  #isWord(word: string): boolean {
    this.#words ??= new Set(this.words());
    return this.#words.has(word);
  }

  /** Whether an order may begin at a place. */
  beginsAt(s: Sentence, at: number): boolean {
    return this.#byWord.has(s.word(at));
  }

  /** The order that a sentence is, or that it goes on with; undefined where it is none. */
  read(said: Sentence, conversation: Conversation): OrderRead | undefined {
    if (this.#byWord.size === 0) return this.#readAs(said, conversation);
    // "before-update" may be a name: its words are parted only where nothing else makes an order of it.
    const whole = parted(said, () => false);
    const apart = parted(said, (word) => this.#isWord(word));
    const order = this.#readAs(whole, conversation);
    return order?.sure === true || apart.tokens.length === whole.tokens.length
      ? order
      : this.#readAs(apart, conversation);
  }

  #readAs(s: Sentence, conversation: Conversation): OrderRead | undefined {
    const parse = this.parse(s, conversation);
    const [best] = parse;
    // "call it x" after "create a VM" says more of that order than it would by itself.
    const isLoose = best?.problems.some(({ p }) => p === 'pronoun' || p === 'nothing' || p === 'lacks') ?? true;
    const another = best === undefined ? undefined : swallowed(s, best, conversation, this);
    if (another !== undefined) return another;
    if (!isLoose && isSure(s, parse)) return this.#result(s, parse, true);
    const followed = followOrder(s, conversation, this);
    if (followed !== undefined) return this.#result(s, [followed], true);
    const instead = best === undefined ? undefined : this.#instead(s, best, conversation);
    if (instead !== undefined) return this.#result(s, [instead], true);
    const several = isLoose && this.#byWord.size > 0 ? severalOrders(s, conversation, this) : undefined;
    if (several?.meaning.kind === 'command') return several;
    if (isSure(s, parse)) return this.#result(s, parse, true);
    const elided = parse.length === 0 ? this.parse(withSet(s), conversation) : [];
    if (isSure(s, elided) && elided.every(isClean)) return this.#result(s, elided, true);
    const parts = several ?? (this.#byWord.size === 0 ? undefined : severalOrders(s, conversation, this));
    if (parts !== undefined) return parts;
    return parse.length === 0 ? this.#verbAlone(s) : this.#result(s, parse, false);
  }

  /** "reboot instead", after "stop 103": another order for the same. */
  #instead(s: Sentence, parse: Parse, { order }: Conversation): Parse | undefined {
    const says = s.tokens.some(({ word, quoted }) => !quoted && /^(instead|rather|actually)$/.test(word));
    const on = order && this.get(order.action)?.action.on;
    const isSame = on !== undefined && on.dataset === parse.compiled.action.on?.dataset;
    if (!says || !isSame || order === undefined || order.later !== undefined) return undefined;
    if (parse.unknown.length > 0 || !parse.problems.every(({ p }) => p === 'nothing') || isClean(parse))
      return undefined;
    const targets = { ids: order.targets, says: order.targets.map((id) => nameOf(s, id)).join(', ') };
    return order.targets.length === 0 ? undefined : { ...parse, targets, problems: [] };
  }

  /** The likeliest readings as an order: several where two actions fit equally well. */
  parse(s: Sentence, conversation: Conversation): Parse[] {
    const places = beginnings(s, 0);
    const readers = new Map<Compiled, OrderReader>();
    const readAt: ReadAt = (at, front, skips) =>
      (this.#byWord.get(s.word(at)) ?? []).flatMap((compiled) => {
        const dataset = this.datasets.find(({ id }) => id === compiled.action.on?.dataset);
        const reader = readers.get(compiled) ?? new OrderReader(s, compiled, conversation, dataset);
        readers.set(compiled, reader);
        return parseOrder(s, reader, { at, front, skips }) ?? [];
      });
    const whole = places.flatMap((at) => readAt(at, at, false));
    if (whole.length > 0) return likeliest(whole);
    const after = afterInputs(s, places, readAt);
    return likeliest(after.length > 0 ? after : places.flatMap((at) => readAt(at, at, true)));
  }

  /** What an order comes to: a command, or a question back. */
  meaningOf(s: Sentence, parse: Parse): Meaning {
    const { compiled, targets, input, problems } = parse;
    const { action } = compiled;
    if (parse.unknown.length > 0) return clarifyUnknown(s, parse);
    const problem = problems.find((each) => each.p !== 'everything' || isTooMuch(each, action.risk));
    if (problem !== undefined) return clarifyProblem(s, parse, problem);
    const missing = Object.entries(action.input).find(([name, { ask }]) => ask !== undefined && !(name in input));
    if (missing !== undefined) return clarifyMissing(s, parse, ...missing);
    return {
      kind: 'command',
      command: {
        action: action.id,
        targets: [...(targets?.ids ?? [])],
        ...(targets?.selection === undefined ? {} : { selection: targets.selection }),
        input: { ...input },
        says: saysOrder(action, targets?.says ?? '', input),
      },
      notes: [...(targets?.notes ?? [])],
    };
  }

  /** "set", "add": a verb and nothing else, of one or several orders. */
  #verbAlone(s: Sentence): OrderRead | undefined {
    const [said, ...more] = s.tokens.flatMap((_, at) => (fillerAt(s, at) === undefined ? [at] : []));
    const found = said === undefined || more.length > 0 ? undefined : this.#byWord.get(s.word(said));
    if (said === undefined || found === undefined || s.sense(said, 'noun').length > 0) return undefined;
    const orders = found.map(({ action }) => ({ action, on: '' }));
    return { sure: true, near: true, meaning: clarifyBeginning(s, orders), action: found[0]?.action.id ?? '' };
  }

  #result(s: Sentence, parses: readonly Parse[], sure: boolean): OrderRead | undefined {
    const [first] = parses;
    if (first === undefined) return undefined;
    const meaning = eitherOf(s, parses, sure) ?? this.meaningOf(s, first);
    const near = first.unknown.length * 2 <= s.tokens.length;
    return { sure, near, meaning, action: first.compiled.action.id };
  }
}

/** "memory of 101 to 8 GB": what is to become what is said of what is set. */
function withSet(s: Sentence): Sentence {
  const to = s.tokens.findIndex(({ word, quoted }) => !quoted && word === 'to');
  const isSet = to > 0 && to < s.tokens.length - 1 && !asks.test(s.word(0));
  const set = { text: 'set', word: 'set', stem: 'set', quoted: false };
  return isSet ? s.said([set, ...s.tokens]) : s.part(0, 0);
}

const asks =
  /^(what|which|who|where|when|why|how|is|are|was|were|does|do|did|has|have|can|show|list|find|compare|from|if)$/;

/** The readings of the words from a place on, with inputs before it from `front` on. */
type ReadAt = (at: number, front: number, skips: boolean) => Parse[];

/** Inputs may stand in front: "on pve2, create a VM with …". Only where every word is understood. */
function afterInputs(s: Sentence, places: readonly number[], readAt: ReadAt): Parse[] {
  const front = places.find((at) => beginsFront.test(s.word(at)));
  if (front === undefined) return [];
  for (let at = front + 1; at < Math.min(s.tokens.length, front + mostInFront); at++) {
    const found = readAt(at, front, false);
    if (found.length > 0) return found;
  }
  return [];
}

/** Whether everything, or all that is somewhere, is too much for an order as it was said. */
function isTooMuch({ among }: Problem & { p: 'everything' }, risk: Action['risk']): boolean {
  return among === undefined ? risk !== 'change' : risk === 'destructive';
}

const mostInFront = 12;
/** Two readings are equally good where they differ by less. */
const equal = 0.015;

/** What is asked where several orders may be meant. */
function eitherOf(s: Sentence, parses: readonly Parse[], sure: boolean): Meaning | undefined {
  if (parses.length < 2 || !sure) return undefined;
  if (!parses.every(breaksOff)) return clarifyEither(s, parses);
  const orders = parses.map(({ compiled, targets }) => ({ action: compiled.action, on: targets?.says ?? '' }));
  return clarifyBeginning(s, orders);
}

function likeliest(parses: readonly Parse[]): Parse[] {
  const [best, ...rest] = parses.toSorted((a, b) => a.score - b.score);
  if (best === undefined) return [];
  const { id } = best.compiled.action;
  const others = rest.filter((each) => each.score - best.score < equal && each.compiled.action.id !== id);
  const isWhole = isClean(best);
  return [best, ...others.filter((each) => (isWhole ? isClean(each) : breaksOff(best) && breaksOff(each)))];
}

/** Whether an order lacks what it is to be done with: what it is for may then be another order as well. */
function breaksOff({ unknown, problems }: Parse): boolean {
  return unknown.length === 0 && problems.some(({ p }) => p === 'lacks');
}

function isClean({ unknown, problems }: Parse): boolean {
  return unknown.length === 0 && problems.length === 0;
}

/**
 * Whether a reading is of the whole sentence, and hardly of a question: a word alone that is a noun as well ("backup")
 * may ask for something, and so do words that begin with what they are about ("VMs called build").
 */
function isSure(s: Sentence, [parse]: readonly Parse[]): boolean {
  if (parse === undefined || parse.unknown.length > 0) return false;
  const nouns = s.sense(parse.at, 'noun').flatMap(({ what }) => what);
  if (nouns.some(({ dataset }) => dataset.entity !== undefined)) return false;
  return parse.problems.every(({ p }) => p !== 'nothing') || nouns.length === 0;
}
