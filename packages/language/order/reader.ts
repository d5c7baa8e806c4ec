import type { Dataset } from '@pxa/catalog';
import type { Conversation } from '../said-before.ts';
import type { Sentence } from '../sentence.ts';
import type { Compiled, Wording } from './compiled.ts';
import { type Candidate, inputCost } from './problem.ts';
import { selectionsAt } from './selection.ts';
import { mergedValue, slotAt } from './slots.ts';
import { isStrange } from './names.ts';
import type { Targets } from './acted-on.ts';
import { targetsAt } from './targets.ts';
import { fillingsOf, type Fillings, type InputSaid, walk } from './walk.ts';
import { afterLinks, linkAt } from './words.ts';

/** What the words of one sentence may fill the slots of one action with; each place is looked at once. */
export class OrderReader implements Fillings {
  readonly #s: Sentence;
  readonly compiled: Compiled;
  readonly #conversation: Conversation;
  readonly #dataset: Dataset | undefined;
  readonly #inputs: InputSaid[][] = [];
  readonly #targets: Candidate<Targets>[][] = [];
  readonly #slots = new Map<string, readonly Candidate<unknown>[]>();

  /** `dataset` is the one whose rows the action acts on, where it acts on any that is known. */
  constructor(s: Sentence, compiled: Compiled, conversation: Conversation, dataset: Dataset | undefined) {
    this.#s = s;
    this.compiled = compiled;
    this.#conversation = conversation;
    this.#dataset = dataset;
  }

  slot(input: string, at: number): readonly Candidate<unknown>[] {
    const key = `${input} ${at}`;
    const known = this.#slots.get(key);
    if (known !== undefined) return known;
    const declared = this.compiled.action.input[input];
    const found = declared === undefined ? [] : [...this.#choices(input, at), ...slotAt(this.#s, at, declared)];
    this.#slots.set(key, found);
    return found;
  }

  targets(at: number): readonly Candidate<Targets>[] {
    return (this.#targets[at] ??= this.#targetsAt(at));
  }

  inputs(at: number): readonly InputSaid[] {
    return (this.#inputs[at] ??= afterLinks(this.#s, at).flatMap((place) =>
      [...this.#inputsAt(place), ...(place === at ? this.#bareName(at) : [])].map((said) => ({
        ...said,
        cost: said.cost + inputCost + 0.05 * (place - at),
      })),
    ));
  }

  /** "create container web-05": a word that can only be a name, right behind the word for what is made. */
  #bareName(at: number): InputSaid[] {
    const s = this.#s;
    const { input: inputs, on } = this.compiled.action;
    const name = Object.entries(inputs).find(([, { kind }]) => kind === 'name')?.[0];
    const token = s.tokens[at];
    if (on !== undefined || name === undefined || token === undefined || !isStrange(s, at)) return [];
    const isName = /[a-z].*[-\d]|\d.*[a-z]/.test(token.word) && made.test(s.tokens[at - 1]?.stem ?? '');
    return isName ? [{ input: name, value: token.text, start: at, end: at + 1, cost: 0.3, literal: 0 }] : [];
  }

  merged(input: string, before: unknown, value: unknown): unknown {
    const kind = this.compiled.action.input[input]?.kind;
    return kind === undefined ? undefined : mergedValue(kind, before, value);
  }

  #targetsAt(at: number): Candidate<Targets>[] {
    const { on, risk } = this.compiled.action;
    if (on === undefined) return [];
    const named = targetsAt(this.#s, at, on, this.#conversation, risk);
    if (this.#dataset === undefined) return named;
    const mayEnd = (place: number): boolean =>
      this.compiled.words.has(this.#s.word(place)) || linkAt(this.#s, place) !== undefined;
    // "all VMs within 2 minutes": what an input of the action begins with is hardly said of the rows; "on pve2" is.
    const isInput = (place: number): boolean =>
      !ofRows.test(this.#s.word(place)) && this.#inputsAt(place).some(({ literal }) => literal > 0);
    return [...named, ...selectionsAt(this.#s, at, this.#dataset, { mayEnd, isInput })];
  }

  #inputsAt(at: number): InputSaid[] {
    const found: InputSaid[] = [];
    for (const [input, wordings] of this.compiled.wordings) {
      for (const wording of wordings) found.push(...this.#said(input, wording, at));
    }
    return found;
  }

  #said(input: string, wording: Wording, at: number): InputSaid[] {
    if (!mayBegin(this.#s, wording, at)) return [];
    // `{}` stands for the value of the input that the wording is of.
    const own: Fillings = { slot: (_, place) => this.slot(input, place), targets: noTargets, inputs: noInputs, merged };
    return walk(this.#s, wording.machine, at, own, undefined).flatMap((path): InputSaid[] => {
      const [filled] = fillingsOf(path);
      const value = filled === undefined ? wording.fixed : filled.value;
      if (value === undefined || path.at === at) return [];
      const problem = filled?.problem;
      return [
        {
          input,
          value,
          start: at,
          end: path.at,
          cost: path.cost,
          literal: path.literal,
          ...(problem ? { problem } : {}),
        },
      ];
    });
  }

  #choices(input: string, at: number): Candidate<unknown>[] {
    return (this.compiled.values.get(input) ?? []).flatMap((wording) => {
      if (!mayBegin(this.#s, wording, at)) return [];
      const none: Fillings = { slot: () => [], targets: noTargets, inputs: noInputs, merged };
      return walk(this.#s, wording.machine, at, none, undefined).map((path) => ({
        end: path.at,
        value: wording.fixed,
        cost: path.cost,
        literal: path.literal + 0.5,
      }));
    });
  }
}

/** Words for what is made. */
const made = /^(vm|container|ct|lxc|machine|guest)$/;

const ofRows = /^(on|in|at|from|of|with|and|or|,)$/;

const noTargets = (): readonly Candidate<Targets>[] => [];
const noInputs = (): readonly InputSaid[] => [];
const merged = (): unknown => undefined;

function mayBegin(s: Sentence, { begins }: Wording, at: number): boolean {
  const token = s.tokens[at];
  if (token === undefined) return false;
  return begins === undefined || (!token.quoted && (begins.has(token.stem) || begins.has(token.word)));
}
