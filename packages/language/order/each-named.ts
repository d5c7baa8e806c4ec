import { singular } from '../morphology.ts';
import { numberAt } from '../amounts.ts';
import { clarification } from '../clarify.ts';
import type { Meaning } from '@pxa/contract';
import type { Sentence } from '../sentence.ts';
import type { Token } from '../tokens.ts';

/** Words for what is made, in the plural. */
const plural = /^(vms|machines|containers|cts|lxcs|guests|servers|pools)$/;
const makes = /^(create|make|deploy|provision|build|spin|launch|add)$/;
const mostNamed = 12;

/** Orders that are said once for several new things: one sentence each, or what is to be asked. */
export type EachNamed = { readonly sentences: readonly Sentence[] } | { readonly asks: Meaning };

/**
 * "create 3 VMs web-a, web-b and web-c with 2 cores": what stands behind the names is said of each of them. Undefined
 * where nothing is made in the plural.
 */
export function eachNamed(s: Sentence): EachNamed | undefined {
  const noun = s.tokens.findIndex(({ word, quoted }) => !quoted && plural.test(word));
  if (noun < 1 || !s.tokens.slice(0, noun).some(({ word, quoted }) => !quoted && makes.test(word))) return undefined;
  const number = numberAt(s.tokens, noun - 1);
  const from = s.skip(noun + 1, new Set(['called', 'named', 'with', 'the', 'names', 'name']));
  const { names, end } = namesFrom(s, from);
  // "add the VMs web-01 and web-02 to pool prod" is about what there is.
  if (names.some(({ text }) => s.inventory.named(text).length > 0)) return undefined;
  if (number === undefined && names.length === 0) return undefined;
  const wanted = number?.number ?? names.length;
  if (wanted < 2 && names.length < 2) return undefined;
  if (names.length !== wanted) return { asks: clarifyNames(wanted, names) };
  const before = s.tokens.slice(0, number === undefined ? noun : noun - 1);
  const made = plain(singular(s.word(noun)));
  const sentences = names.map((name) => s.said([...before, made, plain('called'), name, ...s.tokens.slice(end)]));
  return { sentences };
}

/** Names in a row, parted by commas and "and". */
function namesFrom(s: Sentence, from: number): { names: Token[]; end: number } {
  const names: Token[] = [];
  let end = from;
  for (let at = from; names.length < mostNamed; at++) {
    while (/^(,|and|&)$/.test(s.word(at))) at++;
    const token = s.tokens[at];
    if (token === undefined || !isName(token)) break;
    names.push(token);
    end = at + 1;
  }
  return { names, end };
}

/** A word that can hardly be another: with a hyphen or a number in it, or in quotes. */
function isName({ text, quoted }: Token): boolean {
  return quoted || (/^[a-z][\w.-]*$/i.test(text) && /[-\d]/.test(text));
}

function clarifyNames(wanted: number, names: readonly Token[]): Meaning {
  const said = names.length === 0 ? 'no name was said' : `${names.length} were named`;
  return clarification(
    `${wanted} are to be made, and ${said}. Name each of them, such as “create 2 VMs web-01 and web-02 with 2 cores”.`,
  );
}

function plain(word: string): Token {
  return { text: word, word, stem: word, quoted: false };
}
