import { singular } from '../morphology.ts';
import type { Sentence } from '../sentence.ts';
import type { Token } from '../tokens.ts';

/** Rows of words by the first of each, the longest first. */
type Rows<V> = ReadonlyMap<string, readonly { readonly words: readonly string[]; readonly value: V }[]>;

function rowsOf<V>(...groups: readonly (readonly [rows: string, value: V])[]): Rows<V> {
  const all = groups.flatMap(([rows, value]) => rows.split('|').map((row) => ({ words: row.split(' '), value })));
  const longestFirst = all.toSorted((a, b) => b.words.length - a.words.length);
  return Map.groupBy(longestFirst, ({ words }) => words[0] ?? '');
}

/** The row of words that stands at a place, and where it ends. */
function rowAt<V>(s: Sentence, at: number, rows: Rows<V>): { end: number; value: V } | undefined {
  const row = rows.get(s.word(at))?.find(({ words }) => words.every((word, index) => s.word(at + index) === word));
  return row && { end: at + row.words.length, value: row.value };
}

/** Words that may stand anywhere in an order and say nothing, with what it costs to take them so. */
const fillers = rowsOf(
  ['the|a|an', 0.05],
  [
    'please|pls|plz|kindly|my|our|your|this|that|now|immediately|asap|just|quickly|again|instead|then|right now|right away|straight away|at once|for me|for us|me|us|if possible|if you can|as soon as possible|thanks|thank you|ok|okay|too|also|there|here|already|each',
    0.2,
  ],
);

/** Words that join one thing that is said of an order to the next. */
const links = rowsOf([
  'and|,|with|plus|&|but|having|using|as well as|it should have|it should be|it should|it has|it needs|that has|which has|that have|which have|should have|has|have|both',
  true,
]);

/** What words are short for that are typed in a hurry. */
const short: Readonly<Partial<Record<string, string>>> = { snap: 'snapshot', snaps: 'snapshots', mem: 'memory' };

/** The sentence with the words parted that are written as one: `live-migrate`, `+20G`. Names stay as they are. */
export function parted(s: Sentence, isWord: (word: string) => boolean): Sentence {
  const parts = s.tokens.map((token, at) => {
    const { word, text, quoted } = token;
    const full = short[word];
    if (full !== undefined && !quoted && s.inventory.named(text).length === 0)
      return [{ ...token, word: full, stem: singular(full) }];
    if (quoted || !/^[a-z]+(-[a-z]+)+$|^\+\d/.test(word) || s.inventory.named(text).length > 0) return [token];
    if (word.startsWith('+')) return [...(s.word(at - 1) === 'by' ? [] : [plain('+')]), plain(text.slice(1))];
    const words = word.split('-');
    // "web-a" is a name, whatever its parts are.
    return words.every((each) => each.length > 1 && isWord(each)) ? words.map(plain) : [token];
  });
  const list = parts.flat();
  return list.length === s.tokens.length && list.every((token, at) => token === s.tokens[at]) ? s : s.said(list);
}

function plain(text: string): Token {
  const word = text.toLowerCase();
  return { text, word, stem: singular(word), quoted: false };
}

/** Polite words that may stand before an order. */
const polite = new Set(
  'please|can|could|would|will|you|kindly|i|want|to|like|need|let|us|go|ahead|and|now|just|pls|plz|hey|then|ok|okay|also|pxa|,|we|quickly|next|finally|first|so|well|immediately|hi|hello|be|nice|if|possible|so kind|have|mind|help|me|must|should|try|do|sure|yes|great|perfect|good|thanks|thank|actually|instead|another|thing|mean|meant|rather|sorry|oops|oh|wait'.split(
    '|',
  ),
);

/** Where the filler ends that stands at a place, and what it costs; undefined where there is none. */
export function fillerAt(s: Sentence, at: number): { end: number; cost: number } | undefined {
  const found = rowAt(s, at, fillers);
  return found && { end: found.end, cost: found.value };
}

/** Where the words end that join what is said before and after them; undefined where there are none. */
export function linkAt(s: Sentence, at: number): number | undefined {
  return rowAt(s, at, links)?.end;
}

/** Every place that inputs may begin at from a place on: there, and after words that join or say nothing. */
export function afterLinks(s: Sentence, at: number): number[] {
  const places = [at];
  for (let place = at; place < s.tokens.length; place = places[places.length - 1] ?? s.tokens.length) {
    const end = linkAt(s, place) ?? fillerAt(s, place)?.end;
    if (end === undefined) break;
    places.push(end);
  }
  return places;
}

/** Words that inputs begin with which stand in front of an order: "on pve2, create …". */
export const beginsFront = /^(on|in|at|for|with|using|from|under|to|within)$/;

/** Where the order itself begins, after polite words; every place that it may begin at. */
export function beginnings(s: Sentence, from: number): number[] {
  const places = [from];
  for (let at = from; isPolite(s, at); at++) places.push(at + 1);
  return places;
}

/** "no restart of web-01" is no order to restart it; "no, restart web-01" is. */
function isPolite(s: Sentence, at: number): boolean {
  return polite.has(s.word(at)) || (s.word(at) === 'no' && s.word(at + 1) === ',');
}

/** Whether a word joins, or says nothing. */
export function saysNothing(s: Sentence, at: number): boolean {
  return fillerAt(s, at) !== undefined || linkAt(s, at) !== undefined;
}
