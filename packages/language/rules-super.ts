import { numberAt } from './amounts.ts';
import type { Edge, Fragment } from './fragment.ts';
import type { SenseOf } from './lexicon.ts';
import { entitiesAt } from './rules-names.ts';
import { measuresAt } from './rules.ts';
import type { Sentence } from './sentence.ts';

type Super = Extract<Fragment, { f: 'super' }>;

/** Words that may stand between the parts of a superlative. */
export const small = new Set(['the', 'of', 'a', 'in', 'term', 'terms', 'their', 'amount', 'number']);

/** `the most memory`, `busiest`, `top 3 by CPU`, `5 most recent`, `least full`, `most snapshots`, `last 5`. */
export function superEdges(s: Sentence, at: number): Edge[] {
  const edges: Edge[] = [];
  const counted = numberAt(s.tokens, s.word(at) === 'the' ? at + 1 : at);
  const starts: { at: number; n?: number }[] = [{ at }];
  if (counted && counted.number > 0 && counted.number <= 10_000) starts.push({ at: counted.end, n: counted.number });
  for (const start of starts) {
    const n = start.n === undefined ? {} : { n: start.n };
    edges.push(...mostEdges(s, at, start.at, n), ...gradeEdges(s, at, start.at, n));
  }
  // "uses the most memory", "using the least CPU": the verb says nothing more.
  for (const { what, end } of s.core(at, 'qualifier')) {
    if (what.which !== 'used') continue;
    edges.push(...usedMost(mostEdges(s, at, s.skip(end, small), {})));
  }
  // "writes the most", "uses CPU the least"
  for (const { part, end } of measuresAt(s, at)) {
    for (const { what, end: after } of s.core(s.skip(end, small), 'most')) {
      if (/^(most|least)$/.test(s.word(after - 1)))
        edges.push({ start: at, end: after, fragment: { f: 'super', dir: what.dir, measure: part }, cost: 1 });
    }
  }
  // "worn the most", "loaded least"
  for (const { what: senses, end } of s.sense(at, 'grade')) {
    const grades = senses.filter(({ degree }) => degree === 'base');
    for (const { what, end: after } of grades.length === 0 ? [] : s.core(s.skip(end, small), 'most')) {
      if (!/^(most|least)$/.test(s.word(after - 1))) continue;
      const dir = what.dir === 'desc' ? undefined : 'asc';
      edges.push({ start: at, end: after, fragment: { f: 'super', dir, grades }, cost: 0.9 });
    }
  }
  edges.push(...hoggingEdges(s, at), ...newestEdges(s, at), ...longestUp(s, at), ...firstOfSorted(s, at));
  return edges;
}

/** "who is eating all the memory?": the one that uses most of it. */
function hoggingEdges(s: Sentence, at: number): Edge[] {
  if (!/^(eat|eats|eating|hog|hogs|hogging|gobbling|gobbles|chewing|chews|burning|burns|stealing)$/.test(s.word(at)))
    return [];
  const next = s.skip(at + 1, new Set(['up', 'all', 'most', 'of', 'the', 'my', 'our', 'so', 'much']));
  return next === at + 1 && !/^(who|what|which)$/.test(s.word(0))
    ? []
    : usedMost(
        measuresAt(s, next).map(({ part, end }) => ({
          start: at,
          end,
          fragment: { f: 'super', dir: 'desc', measure: part },
          cost: 0.9,
        })),
      );
}

/** "uses the most disk": what is in use, where nothing else was said. */
function usedMost(edges: readonly Edge[]): Edge[] {
  return edges.flatMap((edge) => {
    const { fragment } = edge;
    if (fragment.f !== 'super' || fragment.measure === undefined) return [];
    const { measure } = fragment;
    return [{ ...edge, fragment: { ...fragment, measure: { ...measure, qualifier: measure.qualifier ?? 'used' } } }];
  });
}

function mostEdges(s: Sentence, start: number, at: number, n: { n?: number }): Edge[] {
  const edges: Edge[] = [];
  const add = (end: number, more: Omit<Super, 'f'>, cost: number): void => {
    edges.push({ start, end, fragment: { f: 'super', ...n, ...more }, cost });
  };
  for (const { what, end } of [...s.core(at, 'most'), ...withUtmost(s, at)]) {
    const { dir } = what;
    const sized = /^(biggest|largest|smallest|greatest|heaviest|lightest)$/.test(s.word(end - 1));
    const count = numberAt(s.tokens, end);
    const own = count ? { n: count.number } : {};
    const next = s.skip(count?.end ?? end, small);
    for (const { part, end: after } of measuresAt(s, next)) {
      // "the biggest VMs" are not the most.
      // "the most disks" counts them; "the most disk" does not.
      const isCounted = part.names !== undefined && part.qualifier === undefined && isPlural(s, after);
      const cost = part.names === 'rows' ? (sized ? 5 : 2.1) : isCounted && !sized ? 3.3 : 0.9;
      const counted = isPlural(s, after) && !sized ? { counted: true as const } : {};
      add(after, { dir, measure: part, sized, ...counted, ...own }, cost);
      // "biggest memory user", "biggest memory first"
      if (/^(users?|consumers?|hogs?|eaters?)$/.test(s.word(after)))
        add(after + 1, { dir, measure: { ...part, qualifier: 'used' }, ...own }, cost);
      if (s.word(after) === 'first')
        edges.push({ start, end: after + 1, fragment: { f: 'order', measure: part, dir }, cost: 0.8 });
    }
    for (const { what: senses, end: after } of s.sense(next, 'grade')) {
      const grades = senses.filter(({ degree }) => degree === 'base');
      if (grades.length > 0) add(after, { dir: dir === 'desc' ? undefined : 'asc', grades, ...own }, 0.9);
    }
    for (const { what: nouns, end: after } of s.sense(next, 'noun')) {
      // "most snapshots" counts them; "top 3 VMs" and "biggest backup" do not.
      if (/^(the|most|least|fewest)$/.test(s.word(at)) && /^(most|least|fewest)$/.test(s.word(end - 1)))
        add(after, { dir, nouns, ...own }, 1.4);
    }
    // "the most" of nothing says nothing; "top 5" and "biggest" go by what is usual.
    const vague = /^(most|least|fewest)$/.test(s.word(end - 1));
    add(count?.end ?? end, { dir, sized, ...own }, vague ? 3.5 : 1.3);
  }
  return edges;
}

function isPlural(s: Sentence, end: number): boolean {
  return s.tokens[end - 1]?.word !== s.tokens[end - 1]?.stem;
}

/** "VM with max memory", "the guest with the maximum uptime": the one that has the most. */
function withUtmost(s: Sentence, at: number): { what: { dir: 'asc' | 'desc' }; end: number }[] {
  const before = /^(the|a)$/.test(s.word(at - 1)) ? at - 2 : at - 1;
  if (!/^(with|has|have|having)$/.test(s.word(before))) return [];
  return s.core(at, 'aggregate').flatMap(({ what, end }) => {
    const dir = what.of === 'max' ? 'desc' : what.of === 'min' ? 'asc' : undefined;
    return dir === undefined ? [] : [{ what: { dir }, end }];
  });
}

function gradeEdges(s: Sentence, start: number, at: number, n: { n?: number }): Edge[] {
  const edges: Edge[] = [];
  for (const { what, end } of s.sense(at, 'grade')) {
    const wanted = comparesTwo(s) ? 'comparative' : 'superlative';
    const grades: SenseOf<'grade'>[] = what.filter(({ degree }) => degree === wanted);
    if (grades.length === 0) continue;
    const count = numberAt(s.tokens, end);
    edges.push({ start, end, fragment: { f: 'super', dir: undefined, grades, ...n }, cost: 0.95 });
    // "fullest first" orders, and leaves nothing out.
    if (s.word(end) === 'first')
      edges.push({ start, end: end + 1, fragment: { f: 'order', grades, dir: undefined }, cost: 0.8 });
    if (count)
      edges.push({
        start,
        end: count.end,
        fragment: { f: 'super', dir: undefined, grades, n: count.number },
        cost: 0.9,
      });
  }
  return edges;
}

/** `first 3 VMs ordered by CPU`: so many, from the top of the order that is given. */
function firstOfSorted(s: Sentence, at: number): Edge[] {
  const count = s.word(at) === 'first' ? numberAt(s.tokens, at + 1) : undefined;
  const isSorted = s.tokens.some((_, place) => place > at && s.core(place, 'sort').length > 0);
  if (count === undefined || !isSorted) return [];
  return [{ start: at, end: count.end, fragment: { f: 'super', dir: undefined, n: count.number }, cost: 0.9 }];
}

/** "which is bigger, local or nas?": of two, the comparative is the superlative. */
function comparesTwo(s: Sentence): boolean {
  return (
    /^(which|what|who)$/.test(s.word(0)) &&
    s.tokens.some((_, at) => s.word(at) === 'or' && entitiesAt(s, at + 1).length > 0)
  );
}

/** `latest`, `newest`, `most recent`, `last 5`, `first 3`, `oldest`: by the time of the rows. */
function newestEdges(s: Sentence, at: number): Edge[] {
  const edges: Edge[] = [];
  const add = (end: number, dir: 'asc' | 'desc', n: number | undefined, cost: number): void => {
    edges.push({
      start: at,
      end,
      fragment: { f: 'super', dir, newest: true, ...(n === undefined ? {} : { n }) },
      cost,
    });
  };
  const counted = isVmid(s, at) ? undefined : numberAt(s.tokens, at);
  const from = counted ? counted.end : at;
  const n = counted?.number;
  const words: readonly [RegExp, 'asc' | 'desc', number][] = [
    [/^(latest|newest|last|recent)$/, 'desc', 1],
    [/^(oldest|earliest)$/, 'asc', 1],
  ];
  for (const [word, dir] of words) {
    if (word.test(s.word(from))) {
      const after = numberAt(s.tokens, from + 1);
      add(from + 1, dir, n, 0.9);
      if (after) add(after.end, dir, after.number, 0.85);
    }
    if (/^(most|least)$/.test(s.word(from)) && /^(recent|recently)$/.test(s.word(from + 1))) {
      add(from + 2, s.word(from) === 'most' ? 'desc' : 'asc', n, 0.9);
      const after = numberAt(s.tokens, from + 2);
      if (after) add(after.end, 'desc', after.number, 0.9);
    }
  }
  return edges;
}

/** "who changed 104 last?": the number of a guest is not how many are wanted. */
function isVmid(s: Sentence, at: number): boolean {
  return /^\d{3,9}$/.test(s.word(at)) && s.inventory.vmid(Number(s.word(at))) !== undefined;
}

export const uptimes = /^(up|running|online|on|alive|awake)$/;

/** `up the longest`, `been running for the shortest time`. */
function longestUp(s: Sentence, at: number): Edge[] {
  const from = s.word(at) === 'been' ? at + 1 : at;
  if (!uptimes.test(s.word(from))) return [];
  let place = from + 1;
  while (/^(for|the|since)$/.test(s.word(place))) place++;
  const longest = /^(longest|shortest|most|least|longer)$/.exec(s.word(place));
  if (!longest) return [];
  const end = /^(time|period|recently)$/.test(s.word(place + 1)) ? place + 2 : place + 1;
  const senses = s.uptimeSenses();
  const dir = /^(longest|most|longer)$/.test(longest[0]) ? 'desc' : 'asc';
  return senses.length === 0
    ? []
    : [{ start: at, end, fragment: { f: 'super', dir, measure: { senses, qualifier: undefined } }, cost: 0.9 }];
}
