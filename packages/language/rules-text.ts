import type { Edge } from './fragment.ts';
import type { SenseOf } from './lexicon.ts';
import { entitiesAt } from './rules-names.ts';
import { namesRows } from './rules.ts';
import type { Sentence } from './sentence.ts';

/** `named web`, `whose name contains db`, `with a name beginning with "db"`, `that have debian in their name`. */
export function textEdges(s: Sentence, at: number): Edge[] {
  const edges: Edge[] = [];
  const add = (
    end: number,
    how: 'contains' | 'starts' | 'ends' | 'matches' | 'is',
    place: number,
    attributes: readonly SenseOf<'attribute'>[],
    cost: number,
  ): void => {
    const token = s.tokens[place];
    if (token === undefined || token.word === ',' || end < place + 1) return;
    const isGlob = /[*?]/.test(token.text) && how !== 'matches';
    edges.push({
      start: at,
      end,
      fragment: { f: 'text', attributes, how: isGlob ? 'matches' : how, text: token.text },
      cost,
    });
  };
  if (/^(named|called)$/.test(s.word(at))) {
    const like = s.core(at + 1, 'text');
    if (like.length === 0) add(at + 2, 'is', at + 1, [], 1);
    for (const { what, end } of like) add(end + 1, what.how, end, [], 0.9);
  }
  const nameAt = s.skip(
    at,
    new Set(['with', 'a', 'the', 'whose', 'where', 'their', 'its', 'having', 'that', 'have', 'has']),
  );
  for (const { what, end } of s.sense(nameAt, 'attribute')) {
    const texts = what.filter(({ dataset, column }) => dataset.columns[column]?.type !== 'number');
    // "when is nightly scheduled?" asks; "nightly" is not when.
    if (texts.length === 0 || /^(when|where|who)$/.test(s.word(nameAt))) continue;
    const alsoRows = namesRows(s, nameAt, end).names === 'rows' ? 1 : 0;
    const next = s.skip(end, new Set(['is', 'are', 'that', 'which', 'do', 'does', 'of', 'set', 'to', 'being']));
    for (const how of s.core(next, 'text')) {
      const value = s.skip(how.end, new Set(['the', 'word', 'text', 'string', 'letters', 'letter', 'a']));
      // "jobs that include stopped guests": the guests are not a text.
      const isRows =
        s.tokens[value]?.quoted === false && [value, value + 1].some((place) => s.sense(place, 'noun').length > 0);
      if (!isRows) add(value + 1, how.what.how, value, texts, 0.9 + alsoRows);
    }
    if (next === end && alsoRows === 0 && isPlainValue(s, nameAt, end, texts)) add(end + 1, 'is', end, texts, 1.5);
    const isAddress = /^[\da-f]+[.:][\da-f.:/]+$/.test(s.word(next)) && isFree(s, next);
    if (s.tokens[next]?.quoted || (isAddress && alsoRows === 0 && s.word(nameAt) !== 'who'))
      add(next + 1, 'is', next, texts, 0.95);
    else if (next > end && alsoRows === 0 && /^(=|is|are|to)$/.test(s.word(next - 1)) && isName(s, next))
      add(next + 1, 'is', next, texts, 1.3);
  }
  for (const how of s.core(at, 'text')) {
    // "containing web", "starting with db": of the name, where no column was said; "with" says too little by itself.
    const value = s.skip(how.end, new Set(['the', 'word', 'text', 'string', 'letters', 'letter']));
    const clear =
      how.what.how !== 'contains' ||
      /^(containing|contains|contain)$/.test(s.word(at)) ||
      s.tokens[value]?.quoted === true;
    if (clear) add(value + 1, how.what.how, value, [], s.tokens[value]?.quoted ? 1.1 : 1.4);
  }
  edges.push(...wordInName(s, at), ...valueBehind(s, at));
  return edges;
}

/** `users in group ops`, `disks of model X`: rows are in one of many, and of one kind; names that are known are neither. */
function valueBehind(s: Sentence, at: number): Edge[] {
  if (!/^(in|of)$/.test(s.word(at))) return [];
  const place = s.skip(at + 1, new Set(['the']));
  return s.sense(place, 'attribute').flatMap(({ what, end }) => {
    if (end + 1 !== s.tokens.length || !(isName(s, end) || isTitled(s, end))) return [];
    const isKind = s.word(at) === 'of' && namesRows(s, place, end).names === undefined;
    const fitting = what.filter(({ dataset, column }) => {
      const { type, names } = dataset.columns[column] ?? {};
      return (
        names === undefined && !dataset.identity.includes(column) && (type === 'list' || (isKind && type === 'text'))
      );
    });
    if (fitting.length === 0) return [];
    const text = s.tokens[end]?.text ?? '';
    return [
      { start: at, end: end + 1, fragment: { f: 'text', attributes: fitting, how: 'contains', text }, cost: 1.3 },
    ];
  });
}

/** "cpu type host", "the group admins": the last word is the value of the column that is named before it. */
function isPlainValue(s: Sentence, start: number, end: number, texts: readonly SenseOf<'attribute'>[]): boolean {
  if (end !== s.tokens.length - 1 || !/^[a-z][\w-]*$/.test(s.word(end)) || entitiesAt(s, end).length > 0) return false;
  if (texts.every(({ dataset, column }) => dataset.columns[column]?.type === 'flag')) return false;
  if (end > start + 1) return true;
  const isColumn = s.phrases(end).some(({ senses }) => senses.some(({ t }) => t !== 'condition'));
  return s.word(start - 1) === 'the' && !isColumn && s.cores(end).length === 0;
}

/**
 * A word that nothing is known of, next to the word for rows whose names are not known beforehand: `nightly backup job`,
 * `scrub of rpool`, `ubuntu ISO`. The rows decide; where none is called so, that is asked about.
 */
export function guessEdges(s: Sentence, at: number): Edge[] {
  const token = s.tokens[at];
  if (
    token === undefined ||
    !(isName(s, at) || isTitled(s, at)) ||
    !/^[\w][\w.:/-]{2,}$/.test(token.word) ||
    /^\d+$/.test(token.word)
  )
    return [];
  if (/^(same|different|similar|identical|other)$/.test(token.word)) return [];
  const before = s.tokens[at - 1];
  const named = before !== undefined && /^(of|for|called|named|is|did|does)$/.test(before.word);
  const beside =
    s.sense(at + 1, 'noun').length > 0 || (at > 0 && s.sense(at - 1, 'noun').some(({ end }) => end === at));
  if (!named && !beside) return [];
  // What nearly is the name of a guest or node was meant to be it.
  if (s.inventory.isMistyped(token.word)) return [];
  return [
    {
      start: at,
      end: at + 1,
      fragment: { f: 'text', attributes: [], how: 'contains', text: token.text, guess: true },
      cost: 4,
    },
  ];
}

/** "members of group admins": behind "of group", a word is the name of one, whatever else it means. */
function isTitled(s: Sentence, at: number): boolean {
  if (at + 1 !== s.tokens.length || s.cores(at).length > 0 || entitiesAt(s, at).length > 0) return false;
  const isPlural = s.tokens[at - 1]?.word !== s.tokens[at - 1]?.stem;
  const isKind = s.sense(at - 1, 'noun').some(({ end }) => end === at);
  const before = s.word(at - 2) === 'the' ? s.word(at - 3) : s.word(at - 2);
  return isKind && !isPlural && /^(of|in|for)$/.test(before);
}

/** Whether a word is neither one of ours nor a name of the cluster's. */
function isFree(s: Sentence, at: number): boolean {
  return (
    s.tokens[at] !== undefined &&
    s.phrases(at).length === 0 &&
    s.cores(at).length === 0 &&
    entitiesAt(s, at).length === 0
  );
}

/** Whether it may be a name that is not known; what it is must not be told by its form. */
function isName(s: Sentence, at: number): boolean {
  return isFree(s, at) && s.shaped(at).length === 0;
}

/** `with "debian" in the name`, `debian in their name` */
function wordInName(s: Sentence, at: number): Edge[] {
  const from = s.skip(at, new Set(['with', 'have', 'has', 'having', 'containing', 'the', 'word']));
  const token = s.tokens[from];
  const isOurs = token?.quoted === false && (s.cores(from).length > 0 || s.sense(from, 'noun').length > 0);
  if (token === undefined || s.word(from + 1) !== 'in' || isOurs) return [];
  const place = s.skip(from + 2, new Set(['their', 'its', 'the', 'his']));
  if (place === from + 2) return [];
  return s.sense(place, 'attribute').map(({ what, end }) => ({
    start: at,
    end,
    fragment: { f: 'text', attributes: what, how: 'contains', text: token.text },
    cost: 0.9,
  }));
}

const switchedOn = /^(on|enabled|active|activated|set|true|yes)$/;
const switchedOff = /^(off|disabled|inactive|deactivated|unset|false)$/;
const between = new Set([
  'is',
  'are',
  'be',
  'being',
  'switched',
  'turned',
  'set',
  'to',
  'currently',
  'has',
  'been',
  '=',
]);

/** `protection enabled`, `agent switched on`, `disabled firewall`. */
export function flagEdges(s: Sentence, at: number): Edge[] {
  const edges: Edge[] = [];
  // `onboot=1`, as it stands in the configuration.
  const isSet = (place: number): boolean => switchedOn.test(s.word(place)) || isWritten(s, place, '1');
  const isUnset = (place: number): boolean => switchedOff.test(s.word(place)) || isWritten(s, place, '0');
  const flags = (place: number): { what: SenseOf<'attribute'>[]; end: number }[] =>
    s
      .sense(place, 'attribute')
      .map(({ what, end }) => ({
        what: what.filter(({ dataset, column }) => dataset.columns[column]?.type === 'flag'),
        end,
      }))
      .filter(({ what }) => what.length > 0);
  for (const { what, end } of flags(at)) {
    const place = s.skip(end, between);
    const on = isSet(place);
    if (on || isUnset(place))
      edges.push({ start: at, end: place + 1, fragment: { f: 'flag', attributes: what, on }, cost: 0.8 });
  }
  const on = switchedOn.test(s.word(at));
  if (on || switchedOff.test(s.word(at))) {
    for (const { what, end } of flags(at + 1))
      edges.push({ start: at, end, fragment: { f: 'flag', attributes: what, on }, cost: 0.85 });
  }
  return edges;
}

function isWritten(s: Sentence, at: number, number: string): boolean {
  return s.word(at) === number && s.word(at - 1) === '=';
}

/** `status=running`, `name=web-01`: the equals sign says nothing that the value does not. */
export function equalsEdges(s: Sentence, at: number): Edge[] {
  if (s.word(at + 1) !== '=') return [];
  const columns = s.sense(at, 'attribute').flatMap(({ what, end }) => (end === at + 1 ? what : []));
  const entities = columns.length > 0 ? entitiesAt(s, at + 2) : [];
  if (entities.length > 0) {
    const mentions = [{ said: s.tokens[at + 2]?.text ?? '', entities }];
    return [{ start: at, end: at + 3, fragment: { f: 'entity', mentions }, cost: 0.8 }];
  }
  return s.sense(at + 2, 'condition').flatMap(({ what, end }) => {
    const senses = what.filter(({ dataset, where }) =>
      columns.some((each) => each.dataset === dataset && where?.op === 'compare' && where.column === each.column),
    );
    return senses.length > 0 ? [{ start: at, end, fragment: { f: 'phrase', senses }, cost: 0.8 }] : [];
  });
}

const units = /^(days?|hours?|minutes?|seconds?|weeks?|gb|gib|mb|mib|tb|tib|bytes?|gigabytes?|megabytes?|percent|%)$/;

/** `in days`, `in GB` at the end: the answer shows fitting units by itself. */
export function unitEdges(s: Sentence, at: number): Edge[] {
  if (s.word(at) !== 'in' || !units.test(s.word(at + 1)) || at + 2 !== s.tokens.length) return [];
  return [{ start: at, end: at + 2, fragment: { f: 'core', core: { c: 'filler' } }, cost: 0.2 }];
}
