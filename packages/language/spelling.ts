import { calendarWords } from './calendar.ts';
import type { Core } from './core-words.ts';
import { editDistance, type Inventory } from './inventory.ts';
import type { Lexicon } from './lexicon.ts';
import { singular } from './morphology.ts';
import type { Token } from './tokens.ts';
import type { Trie } from './trie.ts';

export interface Correction {
  readonly said: string;
  readonly taken: string;
}

/** The words that a request may use without being a name. */
export function vocabulary(lexicon: Lexicon, core: Trie<Core>, orders: readonly string[] = []): ReadonlySet<string> {
  return new Set([...lexicon.trie.words(), ...core.words(), ...others, ...orders]);
}

// Words that the rules look for by themselves.
const others = [
  'today',
  'yesterday',
  'night',
  'hour',
  'day',
  'week',
  'month',
  'year',
  'minute',
  'second',
  'between',
  'longest',
  'shortest',
  'latest',
  'newest',
  'oldest',
  'recent',
  'recently',
  'earliest',
  'named',
  'called',
  'expired',
  'soon',
  'next',
  'coming',
  'enabled',
  'disabled',
  'half',
  'percent',
  ...'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen dozen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand half quarter couple whatever made done handed know heavily lightly compare dump'.split(
    ' ',
  ),
  ...'turn take make shut power switch set put move change boot stop start clone copy kill drop wipe grow give lock edit delete remove create instead resize restore revert migrate rename attach detach schedule balance suggest room fit enough'.split(
    ' ',
  ),
  ...calendarWords,
  'first',
  'third',
  'last',
  'previous',
  'past',
  'during',
  'within',
  'since',
  'morning',
  'evening',
  'weekend',
];

const mostCorrections = 3;

const courtesies = /^(thank|please|kindly|hello|greeting)$/;
const places = /^(on|of|in|at|for|from|to)$/;

/** Words of ours that were mistyped, put right; names never are: a name that does not exist is asked about. */
export function corrected(
  list: readonly Token[],
  words: ReadonlySet<string>,
  inventory: Inventory,
): { list: Token[]; corrections: Correction[] } {
  const corrections: Correction[] = [];
  const fixed = list.map((token, at) => {
    if (corrections.length >= mostCorrections || !mayBeMistyped(token, words, inventory)) return token;
    const taken = nearestWord(token.word, words);
    // "on tanks" has nothing to do with thanks.
    if (courtesies.test(taken ?? '') && places.test(list[at - 1]?.word ?? '')) return token;
    if (taken === undefined || inventory.nearest(token.word, 1).length > 0) return token;
    corrections.push({ said: token.text, taken });
    // What was in the plural stays so: "snapshtos of web-01" orders no snapshot.
    const isPlural = token.stem !== token.word && singular(taken) === taken;
    return { ...token, word: isPlural ? `${taken}s` : taken, stem: taken };
  });
  return { list: fixed, corrections };
}

function mayBeMistyped(token: Token, words: ReadonlySet<string>, inventory: Inventory): boolean {
  if (token.quoted || token.word.length < 5 || !/^[a-z]+$/.test(token.word)) return false;
  return !words.has(token.stem) && !words.has(token.word) && inventory.named(token.word).length === 0;
}

/**
 * Whether one word is another with a letter too many, one too few, or two swapped; the first letter is right. Of a long
 * word, a vowel may be another: "conteiner".
 */
function isSlip(word: string, other: string): boolean {
  if (word[0] !== other[0]) return false;
  if (word.length === other.length)
    return (
      editDistance(word, other, 1) === 1 &&
      ([...word].sort().join('') === [...other].sort().join('') || isOtherVowel(word, other))
    );
  return Math.abs(word.length - other.length) === 1 && editDistance(word, other, 1) === 1;
}

const vowel = /^[aeiou]$/;

function isOtherVowel(word: string, other: string): boolean {
  const at = [...word].findIndex((letter, index) => letter !== other[index]);
  return word.length >= 7 && vowel.test(word[at] ?? '') && vowel.test(other[at] ?? '');
}

function nearestWord(word: string, words: ReadonlySet<string>): string | undefined {
  const limit = 1;
  let best: string | undefined;
  let bestDistance = limit + 1;
  let tied = false;
  const stem = singular(word);
  for (const other of words) {
    // Another word of the language differs by a letter as well ("white", "soft"): only slips of the fingers are put right.
    // So is a participle ("downgraded").
    if (word === `${other}d` && other.endsWith('e')) continue;
    if (other.length < 4 || (!isSlip(word, other) && !isSlip(stem, other))) continue;
    const distance = Math.min(
      editDistance(word, other, limit),
      stem === word ? limit + 1 : editDistance(stem, other, limit),
    );
    // A letter is left out more often than put in: "storge" is storage, not store.
    const isFuller = best !== undefined && best.length < word.length && other.length > word.length;
    if (distance < bestDistance || (distance === bestDistance && isFuller))
      [best, bestDistance, tied] = [other, distance, false];
    else if (distance === bestDistance && distance <= limit && other.length >= (best?.length ?? 0))
      // The singular and the plural of one word are no two.
      tied ||= singular(other) !== singular(best ?? '');
  }
  return tied ? undefined : best;
}
