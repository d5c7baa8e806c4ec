import { singular } from './morphology.ts';
import type { Token } from './tokens.ts';

interface TrieNode<S> {
  readonly next: Map<string, TrieNode<S>>;
  readonly senses: S[];
}

const articles = new Set(['an', 'any', 'some']);

/** How many wordings one pattern may stand for; more is a mistake in the catalogue. */
const mostWordings = 2000;

/** Phrases of one or more words, looked up by the stems of the words that stand at a place. */
export class Trie<S> {
  readonly #root: TrieNode<S> = { next: new Map(), senses: [] };
  readonly #words = new Set<string>();

  /** Adds a pattern: `(a|an)? big|large disk` – alternatives, groups, `?` for what may be left out. */
  add(pattern: string, sense: S): void {
    for (const wording of wordings(pattern)) {
      let node = this.#root;
      for (const word of wording) {
        const stem = singular(word);
        this.#words.add(stem);
        let next = node.next.get(stem);
        if (next === undefined) {
          next = { next: new Map(), senses: [] };
          node.next.set(stem, next);
        }
        node = next;
      }
      if (node !== this.#root && !node.senses.includes(sense)) node.senses.push(sense);
    }
  }

  /** All phrases that begin at a place, with where they end. */
  at(list: readonly Token[], start: number): { senses: readonly S[]; end: number }[] {
    const found: { senses: readonly S[]; end: number }[] = [];
    const walk = (node: TrieNode<S>, place: number): void => {
      if (node.senses.length > 0) found.push({ senses: node.senses, end: place });
      const token = list[place];
      if (token === undefined || token.quoted) return;
      const next = node.next.get(token.stem);
      if (next) walk(next, place + 1);
      // "covered by any backup job" is said as "by a backup job".
      const article = articles.has(token.stem) ? node.next.get('a') : undefined;
      if (article) walk(article, place + 1);
      if (!next && token.word.includes('-')) {
        // `cloud-init` is looked up as the two words that it is made of.
        let inner: TrieNode<S> | undefined = node;
        for (const part of token.word.split('-')) inner = inner?.next.get(singular(part));
        if (inner) walk(inner, place + 1);
      }
    };
    walk(this.#root, start);
    return found;
  }

  /** The single words that phrases are made of. */
  words(): ReadonlySet<string> {
    return this.#words;
  }
}

/** All wordings that a pattern stands for, each as its words. */
function wordings(pattern: string): string[][] {
  const found = alternatives(new Scanner(pattern.toLowerCase())).filter((words) => words.length > 0);
  if (found.length > mostWordings) throw new Error(`too many wordings in "${pattern}": ${found.length}`);
  return found;
}

class Scanner {
  readonly text: string;
  at = 0;
  constructor(text: string) {
    this.text = text;
  }
  peek(): string {
    return this.text[this.at] ?? '';
  }
}

function alternatives(scanner: Scanner): string[][] {
  const found = [...sequence(scanner)];
  while (scanner.peek() === '|') {
    scanner.at++;
    found.push(...sequence(scanner));
  }
  return found;
}

function sequence(scanner: Scanner): string[][] {
  let sofar: string[][] = [[]];
  for (;;) {
    const letter = scanner.peek();
    if (letter === '' || letter === '|' || letter === ')') return sofar;
    if (letter === ' ') {
      scanner.at++;
      continue;
    }
    const part = letter === '(' ? group(scanner) : [[word(scanner)]];
    const options = scanner.peek() === '?' ? [...part, []] : part;
    if (scanner.peek() === '?') scanner.at++;
    sofar = sofar.flatMap((before) => options.map((option) => [...before, ...option]));
  }
}

function group(scanner: Scanner): string[][] {
  scanner.at++;
  const found = alternatives(scanner);
  if (scanner.peek() !== ')') throw new Error(`"${scanner.text}" lacks a )`);
  scanner.at++;
  return found;
}

function word(scanner: Scanner): string {
  const start = scanner.at;
  while (!' |()?'.includes(scanner.peek()) && scanner.peek() !== '') scanner.at++;
  return scanner.text.slice(start, scanner.at);
}
