import type { Core } from './core-words.ts';
import { piecesOf } from './cover.ts';
import type { Edge } from './fragment.ts';
import type { Inventory } from './inventory.ts';
import type { Lexicon, Sense, SenseOf } from './lexicon.ts';
import type { Token } from './tokens.ts';
import type { Trie } from './trie.ts';

interface Found<T> {
  readonly what: T;
  readonly end: number;
}

/** The words of a request with everything that they may be, looked up once a place. */
export class Sentence {
  readonly tokens: readonly Token[];
  readonly inventory: Inventory;
  readonly #lexicon: Lexicon;
  readonly #core: Trie<Core>;
  readonly #senses: (readonly { senses: readonly Sense[]; end: number }[])[] = [];
  readonly #cores: (readonly { senses: readonly Core[]; end: number }[])[] = [];
  #pieces: Edge[][] | undefined;

  constructor(tokens: readonly Token[], lexicon: Lexicon, core: Trie<Core>, inventory: Inventory) {
    this.tokens = tokens;
    this.inventory = inventory;
    this.#lexicon = lexicon;
    this.#core = core;
  }

  /** The phrases of the catalogue that begin at a place. */
  phrases(at: number): readonly { senses: readonly Sense[]; end: number }[] {
    return (this.#senses[at] ??= this.#lexicon.trie.at(this.tokens, at));
  }

  /** The words of the language itself that begin at a place. */
  cores(at: number): readonly { senses: readonly Core[]; end: number }[] {
    return (this.#cores[at] ??= this.#core.at(this.tokens, at));
  }

  /** Those of one kind, the longest first. */
  core<C extends Core['c']>(at: number, kind: C): Found<Extract<Core, { c: C }>>[] {
    const found: Found<Extract<Core, { c: C }>>[] = [];
    for (const { senses, end } of this.cores(at)) {
      for (const core of senses) {
        // The kind was compared.
        if (core.c === kind) found.push({ what: core as Extract<Core, { c: C }>, end });
      }
    }
    return found.reverse();
  }

  /** The senses of one kind, the longest phrases first. */
  sense<T extends Sense['t']>(at: number, kind: T): Found<Extract<Sense, { t: T }>[]>[] {
    const found: Found<Extract<Sense, { t: T }>[]>[] = [];
    for (const { senses, end } of this.phrases(at)) {
      // The kind was compared.
      const of = senses.filter((sense) => sense.t === kind) as Extract<Sense, { t: T }>[];
      if (of.length > 0) found.push({ what: of, end });
    }
    return found.reverse();
  }

  /** The next place after words such as "the", "of" and "is" that may stand between the parts of one thing. */
  skip(at: number, words: ReadonlySet<string>): number {
    let place = at;
    while (words.has(this.tokens[place]?.word ?? '') && this.tokens[place]?.quoted === false) place++;
    return place;
  }

  /** Every piece that the sentence can be cut into, by where it begins. */
  pieces(): readonly (readonly Edge[])[] {
    return (this.#pieces ??= piecesOf(this));
  }

  /** What "up" is measured by. */
  uptimeSenses(): readonly SenseOf<'quantity'>[] {
    return this.#lexicon.uptime;
  }

  /** What a word means by its form alone. */
  shaped(at: number): readonly SenseOf<'condition'>[] {
    return this.#lexicon.shaped(this.tokens[at]?.text ?? '');
  }

  /** What the participle of a verb says. */
  participle(at: number): readonly SenseOf<'condition'>[] {
    return this.#lexicon.participle(this.tokens[at]?.stem ?? '');
  }

  word(at: number): string {
    const token = this.tokens[at];
    return token === undefined || token.quoted ? '' : token.word;
  }

  /** The words from one place to another as a sentence of their own. */
  part(start: number, end: number): Sentence {
    if (start === 0 && end === this.tokens.length) return this;
    return this.said(this.tokens.slice(start, end));
  }

  /** Other words, with the same names and meanings. */
  said(tokens: readonly Token[]): Sentence {
    return new Sentence(tokens, this.#lexicon, this.#core, this.inventory);
  }

  /** What was written from one place to another. */
  surface(start: number, end: number): string {
    return this.tokens
      .slice(start, end)
      .map(({ text }) => text)
      .join(' ');
  }
}
