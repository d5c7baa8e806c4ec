import { singular } from './morphology.ts';
import { table } from './table.ts';

/** One word of a request, with the forms that it is looked up by. */
export interface Token {
  /** As it was written. */
  readonly text: string;
  /** In lower case, without the punctuation around it. */
  readonly word: string;
  /** The singular of `word`; `word` itself where it is none. */
  readonly stem: string;
  /** Whether it stood in quotes: then it is a name or a text, never a word of ours. */
  readonly quoted: boolean;
  /** Whether a sentence ends with it, as its mark says. */
  readonly ends?: true;
  /** Whether it is the last word of a question, with its mark. */
  readonly asks?: true;
}

/** Longer requests are refused before they get here. */
export const mostTokens = 120;

const contractions = table<string>({
  "what's": 'what is',
  whats: 'what is',
  "who's": 'who is',
  "where's": 'where is',
  "how's": 'how is',
  "that's": 'that is',
  "there's": 'there is',
  "it's": 'it is',
  "let's": 'let us',
  "i'd": 'i would',
  "i'm": 'i am',
  "we're": 'we are',
  "we've": 'we have',
  "i've": 'i have',
  "they're": 'they are',
  "can't": 'can not',
  cannot: 'can not',
  "won't": 'will not',
  "isn't": 'is not',
  "aren't": 'are not',
  "wasn't": 'was not',
  "weren't": 'were not',
  "don't": 'do not',
  "doesn't": 'does not',
  "didn't": 'did not',
  "hasn't": 'has not',
  "haven't": 'have not',
  "hadn't": 'had not',
  whos: 'who is',
  hows: 'how is',
  wheres: 'where is',
  thats: 'that is',
  cant: 'can not',
  isnt: 'is not',
  arent: 'are not',
  wasnt: 'was not',
  wont: 'will not',
  dont: 'do not',
  doesnt: 'does not',
  didnt: 'did not',
  hasnt: 'has not',
  havent: 'have not',
  gimme: 'give me',
  lemme: 'let me',
  wanna: 'want to',
  hav: 'have',
  'w/o': 'without',
  'w/': 'with',
  thru: 'through',
  // Too short for the spelling to be sure of, and too common to be anything else.
  hwo: 'how',
  shwo: 'show',
  lsit: 'list',
  waht: 'what',
  wich: 'which',
  teh: 'the',
  adn: 'and',
});

const quotes: Readonly<Record<string, string>> = { '"': '"', '“': '”', '„': '“', '`': '`', '«': '»', '‘': '’' };

// Said before anything else, they say nothing.
const leads = /^(ok|okay|well|hey|hi|hello|alright|right|so|hm|hmm|pxa|and so)$/i;

const courtesy = /^(pls|plz|please|thx|thanks|,)$/;

/** Words of a request. Punctuation at the ends of words goes, except commas, which part the items of a list. */
export function tokens(text: string): Token[] {
  const found: Token[] = [];
  for (const piece of pieces(text)) {
    if (piece.quoted)
      found.push({ text: piece.text, word: piece.text.toLowerCase(), stem: piece.text.toLowerCase(), quoted: true });
    else for (const word of splitWord(piece.text)) found.push(plain(chatOf(word, found) ?? word));
    const end = !piece.quoted && /[.;!?][)\]"”’]*$/.test(piece.text) ? found.pop() : undefined;
    if (end) found.push({ ...end, ends: true });
    if (found.length > mostTokens) break;
  }
  // "in percent pls": said after everything else, they say nothing either.
  while (found.length > 1 && !found.at(-1)?.quoted && courtesy.test(found.at(-1)?.word ?? '')) found.pop();
  const last = found.pop();
  if (last) found.push(/\?\s*$/.test(text) ? { ...last, asks: true } : last);
  while (found.length > 1 && !found[0]?.quoted && (leads.test(found[0]?.word ?? '') || found[0]?.word === ','))
    found.shift();
  return found;
}

/** "which guests r using …", "can u …": "are" and "you", as they are typed in a hurry; elsewhere they may be names. */
function chatOf(word: string, before: readonly Token[]): string | undefined {
  const last = before.at(-1);
  if (last === undefined || last.quoted) return undefined;
  if (word === 'r') return /^(what|where|who|how|they|we|you|\w+s)$/.test(last.word) ? 'are' : undefined;
  return word === 'u' && /^(can|could|will|would|do|did|if|are|have)$/.test(last.word) ? 'you' : undefined;
}

function plain(text: string): Token {
  const word = text.toLowerCase();
  return { text, word, stem: singular(word), quoted: false };
}

function pieces(text: string): { text: string; quoted: boolean }[] {
  const found: { text: string; quoted: boolean }[] = [];
  let word = '';
  const flush = (): void => {
    if (word) found.push({ text: word, quoted: false });
    word = '';
  };
  for (let i = 0; i < text.length; i++) {
    const letter = text[i] ?? '';
    const close = quotes[letter] ?? (letter === "'" && word === '' ? "'" : undefined);
    const end = close === undefined || word !== '' ? -1 : text.indexOf(close, i + 1);
    if (end > i + 1) {
      found.push({ text: text.slice(i + 1, end), quoted: true });
      i = end;
    } else if (/\s/.test(letter)) {
      flush();
    } else {
      word += letter;
    }
  }
  flush();
  return found;
}

/** One written word as the words that it stands for: `what's`, `mem>80%`, `4-core`, `web-01,` */
function splitWord(written: string): string[] {
  // A task's id ends in a colon.
  if (/^UPID:\S+:$/i.test(written)) return [written];
  const text = written
    .replace(/[’]/g, "'")
    .replace(/\((\w{1,6})\)(?=\w)/g, '$1')
    .replace(/^[([{<¿¡]+(?=\w)/, '')
    .replace(/[)\]}!?…:;.]+$/, '');
  if (text === '') return [];
  // A task's id ends in a colon.
  if (/^UPID:.*:$/.test(written)) return [written];
  if (text.includes(',') && !/^\d{1,3}(,\d{3})+(\.\d+)?$/.test(text) && !/^\d+,\d+\S*$/.test(text)) {
    return text
      .split(/(,)/)
      .flatMap((part) => (part === ',' || part === '' ? [part] : splitWord(part)))
      .filter(Boolean);
  }
  if (text === '@') return ['on'];
  const lower = text.toLowerCase();
  const expanded = contractions[lower];
  if (expanded !== undefined) return expanded.split(' ');
  const possessive = /^(.+)'s?$/.exec(text);
  if (possessive?.[1]) return [...splitWord(possessive[1])];
  const compared = /^(.*?)(>=|<=|=>|=<|!=|≥|≤|>|<|==)(.*)$/.exec(text);
  if (compared && !text.includes('</')) {
    return [compared[1], compared[2], compared[3]].flatMap((part) =>
      part ? (/^[<>=!≥≤]+$/.test(part) ? [part] : splitWord(part)) : [],
    );
  }
  // `tag=web`, `onboot=1`, as configurations are written.
  const set = /^([a-z]\w*)=([^=]+)$/i.exec(text);
  if (set?.[1] && set[2]) return [set[1], '=', ...splitWord(set[2])];
  // `cpu-intensive`
  const demanding = /^([a-z]+)-(intensive|hungry|heavy|bound|demanding|hogging)$/.exec(lower);
  if (demanding?.[1] && demanding[2]) return [demanding[1], demanding[2]];
  const hyphened =
    /^(\d+(?:\.\d+)?)-?(cores?|v?cpus?|days?|weeks?|hours?|months?|years?|minutes?|gb|gib|mb|tb|g)$/.exec(lower);
  if (hyphened?.[1] && hyphened[2] && lower.includes('-')) return [hyphened[1], hyphened[2]];
  return [text];
}
