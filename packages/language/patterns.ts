import { singular } from './morphology.ts';

/** How many wordings with one first word a pattern may stand for; more is a mistake in the catalogue. */
const mostWordings = 2000;

/** Goes from a place on by one word, given as its stem; undefined where that leads nowhere. */
type Step<P> = (place: P, stem: string) => P | undefined;

/** Patterns of words: `(a|an)? big|large disk` – alternatives, groups, `?` for what may be left out. */
export class Patterns {
  readonly #patterns: string[] = [];
  /** All patterns, a line each, and where the lines begin: searching one long text is what the engine does best. */
  #text = '';
  #starts: number[] = [];
  /** The words that have each stem. */
  #forms: Map<string, string[]> | undefined;

  add(pattern: string): void {
    if (pattern.split('(').length !== pattern.split(')').length) throw new Error(`"${pattern}" lacks a parenthesis`);
    this.#patterns.push(pattern.toLowerCase());
    this.#forms = undefined;
  }

  /** The stems of all words. */
  stems(): ReadonlySet<string> {
    return new Set(this.#index().keys());
  }

  /** The numbers of the patterns that have a word with this stem, in the order in which they were added. */
  having(stem: string): number[] {
    const found = new Set<number>();
    for (const word of this.#index().get(stem) ?? []) {
      for (let at = this.#text.indexOf(word); at >= 0;) {
        const isWord = isBetween(this.#text[at - 1]) && isBetween(this.#text[at + word.length]);
        const line = isWord ? this.#lineAt(at) : -1;
        if (isWord) found.add(line);
        at = this.#text.indexOf(word, isWord ? this.#starts[line + 1] : at + 1);
        if (isWord && line + 1 >= this.#starts.length) break;
      }
    }
    return [...found].sort((a, b) => a - b);
  }

  /** Where the wordings of a pattern end that `step` can go along from `start`. */
  ends<P>(number: number, start: P, step: Step<P>): Set<P> {
    const ends = alternatives(new Scanner(this.#patterns[number] ?? ''), new Set([start]), step);
    if (ends.size > mostWordings) throw new Error(`too many wordings in "${this.#patterns[number]}": ${ends.size}`);
    ends.delete(start);
    return ends;
  }

  #index(): Map<string, string[]> {
    if (this.#forms !== undefined) return this.#forms;
    this.#forms = new Map();
    this.#text = this.#patterns.join('\n');
    this.#starts = [];
    let start = 0;
    for (const { length } of this.#patterns) {
      this.#starts.push(start);
      start += length + 1;
    }
    for (const word of new Set(this.#text.match(/[^ |()?\n]+/g))) {
      const stem = singular(word);
      const words = this.#forms.get(stem);
      if (words) words.push(word);
      else this.#forms.set(stem, [word]);
    }
    return this.#forms;
  }

  #lineAt(position: number): number {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function isBetween(letter: string | undefined): boolean {
  return letter === undefined || ' |()?\n'.includes(letter);
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

function alternatives<P>(scanner: Scanner, from: Set<P>, step: Step<P>): Set<P> {
  let ends = sequence(scanner, from, step);
  while (scanner.peek() === '|') {
    scanner.at++;
    ends = ends.union(sequence(scanner, from, step));
  }
  return ends;
}

function sequence<P>(scanner: Scanner, from: Set<P>, step: Step<P>): Set<P> {
  let here = from;
  for (;;) {
    const letter = scanner.peek();
    if (letter === '' || letter === '|' || letter === ')') return here;
    if (letter === ' ') {
      scanner.at++;
      continue;
    }
    const after = letter === '(' ? group(scanner, here, step) : word(scanner, here, step);
    const mayBeLeftOut = scanner.peek() === '?';
    if (mayBeLeftOut) scanner.at++;
    here = mayBeLeftOut ? after.union(here) : after;
  }
}

function group<P>(scanner: Scanner, from: Set<P>, step: Step<P>): Set<P> {
  scanner.at++;
  const ends = alternatives(scanner, from, step);
  scanner.at++;
  return ends;
}

function word<P>(scanner: Scanner, from: Set<P>, step: Step<P>): Set<P> {
  const start = scanner.at;
  while (!isBetween(scanner.text[scanner.at])) scanner.at++;
  const after = new Set<P>();
  if (from.size === 0) return after;
  const stem = singular(scanner.text.slice(start, scanner.at));
  for (const place of from) {
    const next = step(place, stem);
    if (next !== undefined) after.add(next);
  }
  return after;
}
