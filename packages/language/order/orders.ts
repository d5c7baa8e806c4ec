import type { Action, Dataset } from '@pxa/catalog';
import type { Meaning } from '@pxa/contract';
import type { Conversation } from '../conversation.ts';
import type { Sentence } from '../sentence.ts';
import { clarifyEither, clarifyMissing, clarifyProblem, clarifyUnknown } from './asks.ts';
import { Compiled } from './compiled.ts';
import { followOrder } from './follow.ts';
import { type Parse, parseOrder } from './parse.ts';
import { saysOrder } from './says.ts';
import { severalOrders } from './several.ts';
import { beginnings } from './words.ts';

/** What the words of a sentence order; `sure` where every word of it was understood as part of the order. */
export interface OrderRead {
  readonly sure: boolean;
  readonly meaning: Meaning;
  readonly action: string;
}

/** The orders of the catalogue, by the words that they begin with. */
export class Orders {
  readonly #byWord = new Map<string, Compiled[]>();
  readonly #byId = new Map<string, Compiled>();
  readonly datasets: readonly Dataset[];

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

  /** Whether an order may begin at a place. */
  beginsAt(s: Sentence, at: number): boolean {
    return this.#byWord.has(s.word(at));
  }

  /** The order that a sentence is, or that it goes on with; undefined where it is none. */
  read(s: Sentence, conversation: Conversation): OrderRead | undefined {
    const parse = this.parse(s, conversation);
    if (isSure(s, parse)) return this.#result(s, parse, true);
    const followed = followOrder(s, conversation, this);
    if (followed !== undefined) return this.#result(s, [followed], true);
    const parts = this.#byWord.size === 0 ? undefined : severalOrders(s, conversation, this);
    if (parts !== undefined) return parts;
    return parse.length === 0 ? undefined : this.#result(s, parse, false);
  }

  /** The likeliest readings as an order: several where two actions fit equally well. */
  parse(s: Sentence, conversation: Conversation): Parse[] {
    const places = beginnings(s, 0);
    const plain = places.flatMap((at) => this.#parsesAt(s, at, at, conversation));
    return likeliest(plain.length > 0 ? plain : this.#afterInputs(s, places, conversation));
  }

  /** What an order comes to: a command, or a question back. */
  meaningOf(s: Sentence, parse: Parse): Meaning {
    const { compiled, targets, input, problems } = parse;
    const { action } = compiled;
    if (parse.unknown.length > 0) return clarifyUnknown(s, parse);
    const problem = problems.find(({ p }) => p !== 'everything' || action.risk !== 'change');
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

  #result(s: Sentence, parses: readonly Parse[], sure: boolean): OrderRead | undefined {
    const [first] = parses;
    if (first === undefined) return undefined;
    const meaning = parses.length > 1 && sure ? clarifyEither(s, parses) : this.meaningOf(s, first);
    return { sure, meaning, action: first.compiled.action.id };
  }

  /** Inputs may stand in front: "on pve2, create a VM with …". Only where every word is understood. */
  #afterInputs(s: Sentence, places: readonly number[], conversation: Conversation): Parse[] {
    const front = places.find((at) => beginsFront.test(s.word(at)));
    if (front === undefined) return [];
    for (let at = front + 1; at < Math.min(s.tokens.length, front + mostInFront); at++) {
      const found = this.#parsesAt(s, at, front, conversation).filter(({ unknown }) => unknown.length === 0);
      if (found.length > 0) return found;
    }
    return [];
  }

  #parsesAt(s: Sentence, at: number, front: number, conversation: Conversation): Parse[] {
    return (this.#byWord.get(s.word(at)) ?? []).flatMap((compiled) => {
      const { on } = compiled.action;
      const dataset = this.datasets.find(({ id }) => id === on?.dataset);
      return parseOrder(s, compiled, at, front, conversation, dataset) ?? [];
    });
  }
}

const beginsFront = /^(on|in|at|for|with|using|from|under|to|within)$/;
const mostInFront = 12;
/** Two readings are equally good where they differ by less. */
const equal = 0.015;

function likeliest(parses: readonly Parse[]): Parse[] {
  const [best, ...rest] = parses.toSorted((a, b) => a.score - b.score);
  if (best === undefined) return [];
  const { id } = best.compiled.action;
  const other = rest.find(
    (each) => each.score - best.score < equal && each.compiled.action.id !== id && isClean(each) && isClean(best),
  );
  return other === undefined ? [best] : [best, other];
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
