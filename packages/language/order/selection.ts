import type { Dataset } from '@pxa/catalog';
import type { Filter, Query } from '@pxa/contract';
import { parts, same } from '../filters.ts';
import { joined } from '../frame.ts';
import { entitiesAt } from '../rules-names.ts';
import { finish, readingOf } from '../question.ts';
import type { Interpretation } from '../interpretation.ts';
import type { Sentence } from '../sentence.ts';
import type { Candidate } from './problem.ts';
import type { Targets } from './acted-on.ts';

/** How many places are tried that the words for a selection may end at. */
const mostEnds = 6;

/** Where the words for a selection may end, and where an input of the order may begin instead. */
interface Ends {
  readonly mayEnd: (at: number) => boolean;
  readonly isInput: (at: number) => boolean;
}

/**
 * The rows that words choose: "every VM with tag web", "all stopped containers on pve2". They are read as a question
 * about the dataset; only a reading in which every word has a place counts.
 */
export function selectionsAt(
  s: Sentence,
  at: number,
  dataset: Dataset,
  { mayEnd, isInput }: Ends,
): Candidate<Targets>[] {
  if (!maySelect(s, at, dataset)) return [];
  const found: Candidate<Targets>[] = [];
  let tried = 0;
  for (let end = s.tokens.length; end > at && tried < mostEnds; end--) {
    if (end < s.tokens.length && !mayEnd(end)) continue;
    tried++;
    const candidate = selectionOf(s, at, end, dataset);
    const inputs = Array.from({ length: end - at - 1 }, (_, index) => at + 1 + index).filter(isInput);
    if (candidate !== undefined) found.push({ ...candidate, cost: candidate.cost + 0.1 * inputs.length });
  }
  return found;
}

const indefinite = /^(a|an|another|new)$/;
const open = /^(one|some|any|few|several|either|most|random)$/;
const pointing = /^(this|that|these|those|them|their|its)$/;
const quantifier = /^(all|every|each|everything|both)$/;

/** Whether words begin as those for several rows do, and not with the name of one. */
function maySelect(s: Sentence, at: number, dataset: Dataset): boolean {
  if (at >= s.tokens.length || s.tokens[at]?.quoted) return false;
  // "a new container" is none that there is.
  if (indefinite.test(s.word(at)) || indefinite.test(s.word(at - 1))) return false;
  // "one of the VMs" leaves open which.
  if ([at - 2, at - 1, at].some((place) => open.test(s.word(place)))) return false;
  // "those VMs" are the ones that were said before.
  if (pointing.test(s.word(at)) || pointing.test(s.word(at - 1))) return false;
  const hasNoun = (place: number): boolean =>
    s.sense(place, 'noun').some(({ what }) => what.some((sense) => sense.dataset === dataset));
  if (quantifier.test(s.word(at))) return true;
  if (entitiesAt(s, at).some(({ kind }) => kind === dataset.entity) && !hasNoun(at)) return false;
  // An adjective or two may stand before the noun: "stopped VMs", "the two busiest containers".
  return [0, 1, 2, 3, 4].some((step) => hasNoun(at + step));
}

function selectionOf(s: Sentence, at: number, end: number, dataset: Dataset): Candidate<Targets> | undefined {
  const span = s.part(at, end);
  const it = readingOf(span, dataset);
  if (it === undefined || it.problems.length > 0 || it.guesses.length > 0 || it.aggregate !== undefined)
    return undefined;
  if (it.group.length > 0 || asksToo(it) || !isAbout(span, it, dataset)) return undefined;
  const query = chosen(finish(span, it));
  const usual = (dataset.unless ?? []).map(({ where }) => where);
  const narrows = it.root.parts.some(({ about }) => about !== 'noun') || it.root.children.length > 0;
  const says = span.surface(0, span.tokens.length);
  const value: Targets = { ids: [], says, selection: query };
  if (!narrows && query.limit === undefined) {
    // "VM" alone, without "every" or the plural, names nothing.
    const named = it.all || it.noun?.plural === true;
    if (!named) return undefined;
    return { end, value, cost: 0.4, problem: { p: 'everything', what: typeSaid(query, usual) } };
  }
  // "all the things on pve1" says of nothing what it is: templates are things, too.
  if (it.noun === undefined) {
    const where = joined(parts(query.where).filter((part) => !usual.some((each) => same(each, part))));
    const { where: _where, ...rest } = query;
    const among = where === undefined ? rest : { ...rest, where };
    return { end, value, cost: 0.4, problem: { p: 'everything', what: query.dataset, among } };
  }
  const isOne = !it.all && it.noun?.plural === false && query.limit === undefined;
  const note = `“${says}” was taken for every one that it fits.`;
  return { end, value: isOne ? { ...value, notes: [note] } : value, cost: 0.4 };
}

/** Whether words name a column without choosing rows by it: "old VMs". They would be dropped. */
function asksToo(it: Interpretation): boolean {
  const ordered = new Set(it.order.map(({ column }) => column));
  return it.focus.some((column) => !ordered.has(column)) || (it.measure !== undefined && it.order.length === 0);
}

/**
 * Whether the words are about rows of the dataset themselves: "all nodes" are no guests, though guests are on them, and
 * "all snapshots" are none, though guests have them.
 */
function isAbout(span: Sentence, it: Interpretation, dataset: Dataset): boolean {
  if (it.kinds.length > 0) return false;
  if (it.noun === undefined) return it.all && it.root.children.length === 0 && it.own.length === 0;
  const others = span.tokens
    .slice(0, it.noun.at)
    .flatMap((_, at) => span.sense(at, 'noun').flatMap(({ what }) => what))
    .filter((sense) => sense.noun.weak !== true);
  return others.every((sense) => sense.dataset === dataset);
}

/** The condition alone: what would be shown of the rows is not asked for. */
function chosen(query: Query): Query {
  const { where } = query;
  return {
    dataset: query.dataset,
    ...(where === undefined ? {} : { where }),
    ...(query.window === undefined ? {} : { window: query.window }),
    ...(query.order === undefined ? {} : { order: query.order }),
    ...(query.limit === undefined ? {} : { limit: query.limit }),
    ...(query.title === undefined ? {} : { title: query.title }),
  };
}

function typeSaid(query: Query, usual: readonly Filter[]): string {
  const rest = parts(query.where).filter((part) => !usual.some((each) => same(each, part)));
  const [only] = rest;
  if (rest.length === 1 && only?.op === 'compare' && only.column === 'type' && only.is === '=')
    return String(only.value);
  return query.dataset;
}
