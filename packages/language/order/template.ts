import { singular } from '../morphology.ts';

/** A part of a template: a word, a slot for an input, what is acted on, a place for inputs, or one of several rows of parts. */
export type Part =
  | { readonly t: 'word'; readonly word: string; readonly stem: string }
  | { readonly t: 'slot'; readonly input: string }
  | { readonly t: 'on' }
  | { readonly t: 'inputs'; readonly least: 0 | 1 }
  | { readonly t: 'either'; readonly of: readonly (readonly Part[])[] };

/**
 * Reads a template: `(a|b c)` one of these, `[new]` may be left out, `{on}` what is acted on, `{memory}` an input,
 * `{}` the value that an input's wording is about, `{*}` any inputs, `{+}` at least one, `|` alternatives.
 *
 * @throws Error where a bracket has no partner: a mistake in the catalogue.
 */
export function parseTemplate(template: string): readonly (readonly Part[])[] {
  const pieces = template.match(/\{[^}]*\}|[()[\]|]|[^\s()[\]{}|]+/g) ?? [];
  let at = 0;
  const rows = (close: string | undefined): Part[][] => {
    const all: Part[][] = [[]];
    for (;;) {
      const piece = pieces[at];
      if (piece === undefined && close !== undefined) throw new Error(`"${template}" lacks a "${close}"`);
      if (piece === undefined) return all;
      at++;
      if (piece === close) return all;
      if (piece === '|') all.push([]);
      else all[all.length - 1]?.push(part(piece));
    }
  };
  const part = (piece: string): Part => {
    if (piece === '(') return { t: 'either', of: rows(')') };
    if (piece === '[') return { t: 'either', of: [...rows(']'), []] };
    if (piece === ')' || piece === ']' || piece === '{') throw new Error(`"${template}" has a "${piece}" too many`);
    if (!piece.startsWith('{')) return wordPart(piece.toLowerCase());
    const name = piece.slice(1, -1);
    if (name === 'on') return { t: 'on' };
    if (name === '*' || name === '+') return { t: 'inputs', least: name === '*' ? 0 : 1 };
    return { t: 'slot', input: name };
  };
  return rows(undefined);
}

/**
 * As much of a template as its first words depend on: up to the first part that cannot be left out. Whoever asks one
 * question waits for this of every template, and for the rest of none.
 */
export function beginningOf(template: string): string {
  let depth = 0;
  let end: number | undefined;
  for (let at = 0; at < template.length; at++) {
    const letter = template[at];
    if (letter === '(' || letter === '[') depth++;
    else if (letter === ')' || letter === ']') depth--;
    else if (depth > 0 || letter === ' ') continue;
    else if (letter === '|') return template;
    else if (end === undefined) {
      const [piece = ''] = /^(?:\{[^}]*\}|[^\s()[\]{}|]+)/.exec(template.slice(at)) ?? [];
      at += Math.max(0, piece.length - 1);
      if (piece !== '{*}') end = at + 1;
    }
  }
  return template.slice(0, end);
}

/** `cloud-init` is said in two words, too. */
function wordPart(word: string): Part {
  const whole: Part = { t: 'word', word, stem: singular(word) };
  const parts = word.split('-').filter((each) => each !== '');
  if (parts.length < 2) return whole;
  return { t: 'either', of: [[whole], parts.map((each): Part => ({ t: 'word', word: each, stem: singular(each) }))] };
}

/**
 * The words that a template can begin with; `undefined` among them where it can begin with something else. `ofSlot`
 * gives the words that the value of an input begins with, where those are known.
 */
export function firstWords(
  rows: readonly (readonly Part[])[],
  ofSlot: (input: string) => Iterable<string> | undefined = () => undefined,
): Set<string | undefined> {
  const found = new Set<string | undefined>();
  for (const row of rows) if (begin(row, found, ofSlot)) found.add(undefined);
  return found;
}

/** Adds what a row of parts can begin with; true where it can be empty. */
function begin(
  row: readonly Part[],
  found: Set<string | undefined>,
  ofSlot: (input: string) => Iterable<string> | undefined,
): boolean {
  for (const part of row) {
    if (part.t === 'word') {
      found.add(part.word);
      return false;
    }
    if (part.t === 'either') {
      // All alternatives are looked at: none may be skipped once one is known to be empty.
      const empty = part.of.filter((each) => begin(each, found, ofSlot));
      if (empty.length > 0) continue;
      return false;
    }
    if (part.t === 'inputs' && part.least === 0) continue;
    for (const word of (part.t === 'slot' ? ofSlot(part.input) : undefined) ?? [undefined]) found.add(word);
    return false;
  }
  return true;
}

/** Every word of a template. */
export function wordsOf(rows: readonly (readonly Part[])[]): string[] {
  return rows.flat().flatMap((part) => (part.t === 'word' ? [part.word] : part.t === 'either' ? wordsOf(part.of) : []));
}
