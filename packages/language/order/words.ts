import type { Sentence } from '../sentence.ts';

/** Words that may stand anywhere in an order and say nothing, with what it costs to take them so. */
const fillers: ReadonlyMap<string, number> = new Map([
  ...['the', 'a', 'an'].map((word): [string, number] => [word, 0.05]),
  ...'please|pls|plz|kindly|my|our|your|this|that|now|immediately|asap|just|quickly|again|instead|then|right now|right away|straight away|at once|for me|for us|if possible|if you can|as soon as possible|thanks|thank you|ok|okay|too|also|there|here|already'
    .split('|')
    .map((word): [string, number] => [word, 0.2]),
]);

/** Words that join one thing that is said of an order to the next. */
const links = new Set(
  'and|,|with|plus|&|but|having|using|as well as|it should have|it should be|it should|it has|it needs|that has|which has|that have|which have|should have|has|have|both'.split(
    '|',
  ),
);

/** Polite words that may stand before an order. */
const polite = new Set(
  'please|can|could|would|will|you|kindly|i|want|to|like|need|let|us|go|ahead|and|now|just|pls|plz|hey|then|ok|okay|also|pxa|,|we|quickly|next|finally|first|so|well|immediately|hi|hello|be|nice|if|possible|so kind|have|mind|help|me|must|should|try|do|sure|yes|great|perfect|good|thanks|thank|actually|instead|another|thing'.split(
    '|',
  ),
);

const longest = 4;

/** Where the filler ends that stands at a place, and what it costs; undefined where there is none. */
export function fillerAt(s: Sentence, at: number): { end: number; cost: number } | undefined {
  for (let length = longest; length > 0; length--) {
    const cost = fillers.get(wordsAt(s, at, length));
    if (cost !== undefined) return { end: at + length, cost };
  }
  return undefined;
}

/** Where the words end that join what is said before and after them; undefined where there are none. */
export function linkAt(s: Sentence, at: number): number | undefined {
  for (let length = longest; length > 0; length--) if (links.has(wordsAt(s, at, length))) return at + length;
  return undefined;
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

/** Where the order itself begins, after polite words; every place that it may begin at. */
export function beginnings(s: Sentence, from: number): number[] {
  const places = [from];
  for (let at = from; polite.has(s.word(at)); at++) places.push(at + 1);
  return places;
}

/** Whether a word joins, or says nothing. */
export function saysNothing(s: Sentence, at: number): boolean {
  return fillerAt(s, at) !== undefined || linkAt(s, at) !== undefined;
}

function wordsAt(s: Sentence, at: number, length: number): string {
  if (length === 1) return s.word(at);
  const words: string[] = [];
  for (let place = at; place < at + length; place++) {
    const word = s.word(place);
    if (word === '') return '';
    words.push(word);
  }
  return words.join(' ');
}
