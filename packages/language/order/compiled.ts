import type { Action, Input } from '@pxa/catalog';
import { singular } from '../morphology.ts';
import { inputMachine, type Machine, orderMachine } from './machine.ts';
import { beginningOf, firstWords, parseTemplate, type Part, wordsOf } from './template.ts';

/** A wording of an input, and the value that it stands for where it has no slot. */
export interface Wording {
  readonly machine: Machine;
  readonly fixed: unknown;
  /** The stems of the words that it can begin with; undefined where it can begin with a value. */
  readonly begins: ReadonlySet<string> | undefined;
}

/** An action with its templates worked out, each when it is first needed. */
export class Compiled {
  readonly action: Action;
  #heads: Machine | undefined;
  #wordings: ReadonlyMap<string, readonly Wording[]> | undefined;
  #values: ReadonlyMap<string, readonly Wording[]> | undefined;
  #words: ReadonlySet<string> | undefined;

  constructor(action: Action) {
    this.action = action;
  }

  /** All its templates as one machine. */
  get head(): Machine {
    return (this.#heads ??= orderMachine(this.action.say.flatMap(parseTemplate)));
  }

  /** The wordings of its inputs. */
  get wordings(): ReadonlyMap<string, readonly Wording[]> {
    return (this.#wordings ??= new Map(
      Object.entries(this.action.input).map(([name, input]) => [name, wordingsOf(input)]),
    ));
  }

  /** The words for the values of its choices. */
  get values(): ReadonlyMap<string, readonly Wording[]> {
    return (this.#values ??= new Map(
      Object.entries(this.action.input).map(([name, { values = {} }]) => [
        name,
        Object.entries(values).map(([value, words]) => wording(parseTemplate(words), value)),
      ]),
    ));
  }

  /** Every word of its templates: a selection may end before one. */
  get words(): ReadonlySet<string> {
    if (this.#words !== undefined) return this.#words;
    // The words alone are had faster than the templates are worked out.
    const { say, input } = this.action;
    const said = Object.values(input).flatMap(({ say: of, no = [], values = {} }) => [
      ...of,
      ...no,
      ...Object.values(values),
    ]);
    const text = [...say, ...said].join(' ').replaceAll(/\{[^}]*\}/g, ' ');
    return (this.#words = new Set(text.toLowerCase().match(/[^\s()[\]|]+/g)));
  }

  /** The words that its templates can begin with; undefined among them where one begins with something else. */
  firstWords(): Set<string | undefined> {
    const ofSlot = (name: string): string[] | undefined => {
      const values = this.action.input[name]?.values;
      const words = Object.values(values ?? {}).flatMap((said) => [...firstWords(parseTemplate(said))]);
      return values === undefined ? undefined : words.filter((word) => word !== undefined);
    };
    return new Set(
      this.action.say.flatMap((template) => [...firstWords(parseTemplate(beginningOf(template)), ofSlot)]),
    );
  }
}

function wordingsOf({ kind, say, no = [] }: Input): Wording[] {
  return [
    ...say
      .flatMap((template) => relaxed(parseTemplate(template)))
      .map((row) => wording([row], isFixed(row, kind, true))),
    ...no
      .flatMap((template) => relaxed(parseTemplate(template)))
      .map((row) => wording([row], isFixed(row, kind, false))),
  ];
}

/** A flag is said by the words alone. */
function isFixed(row: readonly Part[], kind: Input['kind'], value: boolean): unknown {
  return kind === 'flag' && !hasSlot(row) ? value : undefined;
}

function hasSlot(row: readonly Part[]): boolean {
  return row.some((part) => part.t === 'slot' || (part.t === 'either' && part.of.some(hasSlot)));
}

/** `with {} cores` is said as "and 4 cores" as well: a word that only joins may be left out where more words follow. */
function relaxed(rows: readonly (readonly Part[])[]): (readonly Part[])[] {
  return rows.flatMap((row) => {
    const [first, ...rest] = row;
    const joins = first?.t === 'word' && /^(with|having|and)$/.test(first.word);
    return joins && wordsOf([rest]).length > 0 ? [row, rest] : [row];
  });
}

function wording(rows: readonly (readonly Part[])[], fixed: unknown): Wording {
  const first = firstWords(rows);
  const words = [...first].filter((word) => word !== undefined).map(singular);
  return { machine: inputMachine(rows), fixed, begins: words.length < first.size ? undefined : new Set(words) };
}
