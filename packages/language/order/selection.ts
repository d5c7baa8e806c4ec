import type { Action, Dataset } from '@pxa/catalog';
import type { Filter, Query } from '@pxa/contract';
import { parts, same } from '../filters.ts';
import { joined } from '../frame.ts';
import { entitiesAt } from '../rules-names.ts';
import { finish, readingOf } from '../question.ts';
import type { Sentence } from '../sentence.ts';
import type { Candidate } from './problem.ts';
import type { Targets } from './targets.ts';

type On = NonNullable<Action['on']>;

/** How many places are tried that the words for a selection may end at. */
const mostEnds = 6;

/**
 * The rows that words choose: "every VM with tag web", "all stopped containers on pve2". They are read as a question
 * about the dataset; only a reading in which every word has a place counts.
 */
export function selectionsAt(
  s: Sentence,
  at: number,
  on: On,
  dataset: Dataset,
  mayEnd: (at: number) => boolean,
): Candidate<Targets>[] {
  if (!maySelect(s, at, dataset)) return [];
  const found: Candidate<Targets>[] = [];
  let tried = 0;
  for (let end = s.tokens.length; end > at && tried < mostEnds; end--) {
    if (end < s.tokens.length && !mayEnd(end)) continue;
    tried++;
    const candidate = selectionOf(s, at, end, on, dataset);
    if (candidate !== undefined) found.push(candidate);
  }
  return found;
}

const quantifier = /^(all|every|each|any|everything|both)$/;

/** Whether words begin as those for several rows do, and not with the name of one. */
function maySelect(s: Sentence, at: number, dataset: Dataset): boolean {
  if (at >= s.tokens.length || s.tokens[at]?.quoted) return false;
  const hasNoun = (place: number): boolean =>
    s.sense(place, 'noun').some(({ what }) => what.some((sense) => sense.dataset === dataset));
  if (quantifier.test(s.word(at))) return true;
  if (entitiesAt(s, at).some(({ kind }) => kind === dataset.entity) && !hasNoun(at)) return false;
  // An adjective or two may stand before the noun: "stopped VMs", "the two busiest containers".
  return [0, 1, 2, 3, 4].some((step) => hasNoun(at + step));
}

function selectionOf(s: Sentence, at: number, end: number, on: On, dataset: Dataset): Candidate<Targets> | undefined {
  const span = s.part(at, end);
  const it = readingOf(span, dataset);
  if (it === undefined || it.problems.length > 0 || it.guesses.length > 0 || it.aggregate !== undefined)
    return undefined;
  // "all nodes" are no guests, though guests are on them.
  if (it.own.length > 0 || it.group.length > 0 || it.kinds.length > 0) return undefined;
  const query = chosen(finish(span, it), on, dataset);
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
  return { end, value, cost: 0.4 };
}

/** The condition alone: what would be shown of the rows is not asked for. */
function chosen(query: Query, on: On, dataset: Dataset): Query {
  const usual = (dataset.unless ?? []).map(({ where }) => where);
  // Orders about templates choose among them, too.
  const where: Filter | undefined =
    on.templates === true
      ? joined(parts(query.where).filter((part) => !usual.some((each) => same(each, part))))
      : query.where;
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
