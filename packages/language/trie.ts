import { singular } from './morphology.ts';
import { Patterns } from './patterns.ts';
import type { Token } from './tokens.ts';

interface TrieNode<S> {
  readonly next: Map<string, TrieNode<S>>;
  readonly senses: S[];
}

const articles = new Set(['an', 'any', 'some']);

/**
 * Phrases of one or more words, looked up by the stems of the words that stand at a place. A catalogue has far more
 * phrases than any request has words, so those that begin with a word are worked out when it is first met.
 */
export class Trie<S> {
  readonly #patterns = new Patterns();
  readonly #senses: S[] = [];
  readonly #met = new Set<string>();
  #root: TrieNode<S> = newNode();

  /** Adds a pattern: `(a|an)? big|large disk` – alternatives, groups, `?` for what may be left out. */
  add(pattern: string, sense: S): void {
    this.#patterns.add(pattern);
    this.#senses.push(sense);
    // Of phrases that mean several things, those that were added first come first: what was worked out is out of date.
    if (this.#met.size === 0) return;
    this.#met.clear();
    this.#root = newNode();
  }

  /** All phrases that begin at a place, with where they end. */
  at(list: readonly Token[], start: number): { senses: readonly S[]; end: number }[] {
    const found: { senses: readonly S[]; end: number }[] = [];
    const walk = (node: TrieNode<S>, place: number): void => {
      if (node.senses.length > 0) found.push({ senses: node.senses, end: place });
      const token = list[place];
      if (token === undefined || token.quoted) return;
      const next = this.#next(node, token.stem);
      if (next) walk(next, place + 1);
      // "covered by any backup job" is said as "by a backup job".
      const article = articles.has(token.stem) ? this.#next(node, 'a') : undefined;
      if (article) walk(article, place + 1);
      if (!next && token.word.includes('-')) {
        // `cloud-init` is looked up as the two words that it is made of.
        let inner: TrieNode<S> | undefined = node;
        for (const part of token.word.split('-')) inner = inner && this.#next(inner, singular(part));
        if (inner) walk(inner, place + 1);
      }
    };
    walk(this.#root, start);
    return found;
  }

  /** The single words that phrases are made of. */
  words(): ReadonlySet<string> {
    return this.#patterns.stems();
  }

  #next(node: TrieNode<S>, stem: string): TrieNode<S> | undefined {
    if (node === this.#root && !this.#met.has(stem)) this.#meet(stem);
    return node.next.get(stem);
  }

  /** Works out the phrases that begin with a word. */
  #meet(stem: string): void {
    const numbers = this.#patterns.having(stem);
    // Only words of ours are remembered: there is no end to what else people say.
    if (numbers.length > 0) this.#met.add(stem);
    const first = newNode<S>();
    const step = (node: TrieNode<S>, word: string): TrieNode<S> | undefined => {
      if (node === this.#root) return word === stem ? first : undefined;
      let next = node.next.get(word);
      if (next === undefined) node.next.set(word, (next = newNode()));
      return next;
    };
    for (const number of numbers) {
      // There is a sense for each pattern.
      const sense = this.#senses[number] as S;
      for (const { senses } of this.#patterns.ends(number, this.#root, step)) {
        if (!senses.includes(sense)) senses.push(sense);
      }
    }
    if (first.senses.length > 0 || first.next.size > 0) this.#root.next.set(stem, first);
  }
}

function newNode<S>(): TrieNode<S> {
  return { next: new Map(), senses: [] };
}
