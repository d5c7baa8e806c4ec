import { amountsAt } from './amounts.ts';
import { type Bound, boundsAt, ofWords, type Part } from './bounds.ts';
import type { Edge, Fragment, MeasureWords } from './fragment.ts';
import type { SenseOf } from './lexicon.ts';
import type { Sentence } from './sentence.ts';

const links = new Set([
  'of',
  'the',
  'their',
  'its',
  'that',
  'is',
  'are',
  'a',
  'an',
  'has',
  'been',
  'being',
  'in',
  'at',
  'currently',
  'which',
  'was',
  'stand',
  'stands',
  'still',
  'now',
]);
const beWords = new Set(['is', 'are', 'of', 'at', 'was', 'being', 'stands', 'currently', 'it', 'has', 'that']);

/** Quantities that begin at a place: `memory`, `free memory`, `memory in use`, `amount of RAM used`. */
export function measuresAt(s: Sentence, at: number): Part<MeasureWords>[] {
  const found: Part<MeasureWords>[] = [];
  const starts: { at: number; qualifier: MeasureWords['qualifier']; given?: true }[] = [{ at, qualifier: undefined }];
  for (const { what, end } of s.core(at, 'qualifier')) {
    // "share a disk" is a verb.
    if (what.which === 'share' && /^(a|an|one)$/.test(s.word(end))) continue;
    starts.push({ at: s.skip(end, ofWords), qualifier: what.which, ...(what.given ? { given: true } : {}) });
  }
  for (const start of starts) {
    for (const kind of ['quantity', 'attribute'] as const) {
      for (const { what, end } of s.sense(start.at, kind)) {
        const senses = what.filter((sense) => sense.t === 'quantity' || isNumber(sense));
        // "number of snapshots" counts them, and is no guest's number.
        const isCount = s.word(start.at) === 'number' && s.word(end) === 'of' && end === start.at + 1;
        if (senses.length === 0 || isCount) continue;
        found.push(
          ...qualified(
            s,
            {
              senses,
              qualifier: start.qualifier,
              ...(start.given ? { given: true as const } : {}),
              ...namesRows(s, start.at, end),
            },
            end,
          ),
        );
      }
    }
  }
  return found.sort((a, b) => b.end - a.end);
}

/** Whether words that name a measure or a column name rows as well. */
export function namesRows(s: Sentence, at: number, end: number): Pick<MeasureWords, 'names'> {
  // A measure with a firm word for rows in it ("running VMs") names rows as well.
  const found = s.sense(at, 'noun').flatMap(({ what, end: nounEnd }) => what.map(({ noun }) => ({ noun, nounEnd })));
  for (let place = at; place < end; place++) {
    const nouns = s.sense(place, 'noun').filter(({ end: nounEnd }) => nounEnd <= end);
    if (nouns.some(({ what }) => what.some(({ noun }) => noun.weak !== true))) return { names: 'rows' };
  }
  return found.some(({ nounEnd }) => nounEnd === end) ? { names: 'perhaps rows' } : {};
}

function isNumber({ dataset, column }: SenseOf<'attribute'>): boolean {
  return dataset.columns[column]?.type === 'number';
}

/** The quantity by itself, and with a qualifier that follows: `memory in use`, `disk usage percentage`. */
function qualified(s: Sentence, measure: MeasureWords, end: number): Part<MeasureWords>[] {
  const found: Part<MeasureWords>[] = [{ part: measure, end }];
  // "a core count of 4": the number of them is what they are measured by.
  if (s.word(end) === 'count' && measure.names === undefined) found.push({ part: measure, end: end + 1 });
  // "memory-heavy", "cpu bound"
  if (/^(heavy|hungry|bound)$/.test(s.word(end)))
    found.push({ part: { ...measure, qualifier: measure.qualifier ?? 'used' }, end: end + 1 });
  for (const { what, end: after } of s.core(s.skip(end, links), 'qualifier')) {
    const qualifier = what.which === 'used' && measure.qualifier !== undefined ? measure.qualifier : what.which;
    const given = what.given ? { given: true as const } : {};
    // "least free space in percent"
    const turned = qualifier === 'share' && measure.qualifier === 'free' ? { turned: true as const } : {};
    found.push({ part: { ...measure, qualifier, ...given, ...turned }, end: after });
    for (const more of s.core(after, 'qualifier')) {
      if (more.what.which === 'share') found.push({ part: { ...measure, qualifier: 'share' }, end: more.end });
    }
  }
  return found;
}

export function measureEdges(s: Sentence, at: number): Edge[] {
  return measuresAt(s, at).map(({ part, end }) => {
    const plural = s.tokens[end - 1]?.word !== s.tokens[end - 1]?.stem;
    const perhaps = part.names !== undefined && part.qualifier === undefined ? (plural ? 1.2 : 0.4) : 0;
    const doubt = part.names === 'rows' ? 1.6 : perhaps;
    return { start: at, end, fragment: { f: 'measure', measure: part }, cost: 0.95 + doubt };
  });
}

/** `more than 4 GB of memory`, `memory over 80%`, `at least 4 cores`, `8 GB RAM`, `over 70% full`, `more than 3 snapshots`. */
export function compareEdges(s: Sentence, at: number): Edge[] {
  return [...comparedFirst(s, at), ...measureFirst(s, at), ...comparedAround(s, at)];
}

/** `more memory than 16 GB`: the measure stands inside the comparison. */
function comparedAround(s: Sentence, at: number): Edge[] {
  const word = s.word(at);
  const is = /^(more|higher|larger|bigger|greater)$/.test(word)
    ? '>'
    : /^(less|fewer|lower|smaller)$/.test(word)
      ? '<'
      : undefined;
  if (is === undefined) return [];
  return measuresAt(s, at + 1).flatMap(({ part: measure, end }) =>
    s.word(end) !== 'than'
      ? []
      : amountsAt(s.tokens, end + 1).map(({ amount, end: after }): Edge => ({
          start: at,
          end: after,
          fragment: { f: 'compare', measure, is, amount },
          cost: 0.9,
        })),
  );
}

function comparedFirst(s: Sentence, at: number): Edge[] {
  const edges: Edge[] = [];
  const starts: { at: number; qualifier: MeasureWords['qualifier'] }[] = [{ at, qualifier: undefined }];
  for (const { what, end } of s.core(at, 'qualifier')) starts.push({ at: end, qualifier: what.which });
  for (const start of starts) {
    const exact: Part<Bound>[] = amountsAt(s.tokens, start.at).map(({ amount, end }) => ({
      part: { is: '=', amount },
      end,
    }));
    const bounds = [...boundsAt(s, start.at), ...exact];
    for (const { part: bound, end } of bounds) {
      edges.push(...boundOf(s, at, end, bound, start.qualifier, exact.length > 0));
    }
  }
  return edges;
}

function boundOf(
  s: Sentence,
  start: number,
  end: number,
  bound: Bound,
  qualifier: MeasureWords['qualifier'],
  isExact: boolean,
): Edge[] {
  const edges: Edge[] = [];
  const add = (after: number, more: Partial<Extract<Fragment, { f: 'compare' }>>, cost: number): void => {
    edges.push({ start, end: after, fragment: { f: 'compare', ...bound, ...more }, cost });
  };
  const next = s.skip(end, ofWords);
  for (const { part, end: after } of measuresAt(s, next)) {
    // "16 cores or more"
    const open = isExact && bound.is === '=' && s.word(after) === 'or' ? s.word(after + 1) : '';
    const is = /^(more|above|higher|greater|over)$/.test(open)
      ? '>='
      : /^(less|fewer|below|lower|under)$/.test(open)
        ? '<='
        : undefined;
    if (is)
      edges.push({
        start,
        end: after + 2,
        fragment: { f: 'compare', ...bound, is, measure: { ...part, qualifier: part.qualifier ?? qualifier } },
        cost: 0.85,
      });
    const doubt = isExact && bound.is === '=' && part.names === 'rows' ? 1.5 : 0;
    add(after, { measure: { ...part, qualifier: part.qualifier ?? qualifier } }, 0.9 + doubt);
  }
  for (const { what, end: after } of s.core(next, 'qualifier')) {
    // "more than 100 GB free", "80% used": of whatever the rows measure.
    add(after, { measure: { senses: [], qualifier: what.which } }, 1.1);
  }
  // "104 last" is no measure: what is graded by a number has a unit.
  const isBare = bound.is === '=' && bound.amount.unit === 'plain';
  for (const { what, end: after } of isBare ? [] : s.sense(end, 'grade')) {
    const grades = what.filter(({ degree }) => degree === 'base');
    if (grades.length > 0) add(after, { grades }, 1);
  }
  if (bound.amount.unit === 'plain') {
    for (const { what, end: after } of s.sense(end, 'noun')) add(after, { nouns: what }, isExact ? 1.6 : 1.05);
  }
  // "onboot = 1" says of what the 1 is; it is not one of whatever is counted first.
  if (s.word(start) === '=') return edges;
  if (!isExact || bound.is !== '=') add(end, qualifier ? { measure: { senses: [], qualifier } } : {}, 1.5);
  // "within 2 minutes" is not of what is two minutes old.
  else if (!/^(plain|seconds)$/.test(bound.amount.unit))
    add(end, qualifier ? { measure: { senses: [], qualifier } } : {}, 1.7);
  return edges;
}

function measureFirst(s: Sentence, at: number): Edge[] {
  const edges: Edge[] = [];
  for (const { part: measure, end } of measuresAt(s, at)) {
    // "storages over 90 percent": a word for rows, in the plural, is hardly the measure.
    const isPlural = s.tokens[end - 1]?.word !== s.tokens[end - 1]?.stem;
    const doubt = measure.names !== undefined && measure.qualifier === undefined ? (isPlural ? 1.4 : 0.8) : 0;
    // "with a disk bigger than 300 GB": one of several, not all together.
    const isOne = /^(a|an|any)$/.test(s.word(at - 1)) && measure.names !== undefined;
    const next = s.skip(end, beWords);
    for (const { part: bound, end: after } of boundsAt(s, next)) {
      const one = isOne && bound.amount.unit === 'bytes' ? 2 : 0;
      edges.push({ start: at, end: after, fragment: { f: 'compare', measure, ...bound }, cost: 0.9 + doubt + one });
      for (const { what, end: more } of s.core(after, 'qualifier')) {
        const with_ = { ...measure, qualifier: measure.qualifier ?? what.which };
        edges.push({ start: at, end: more, fragment: { f: 'compare', measure: with_, ...bound }, cost: 0.9 + doubt });
      }
    }
    for (const { amount, end: after } of amountsAt(s.tokens, next)) {
      edges.push({ start: at, end: after, fragment: { f: 'compare', measure, is: '=', amount }, cost: 1 });
    }
  }
  return edges;
}
