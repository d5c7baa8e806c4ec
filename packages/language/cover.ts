import type { Dataset } from '@pxa/catalog';
import { amountsAt } from './amounts.ts';
import type { Core } from './core-words.ts';
import type { Edge, Fragment } from './fragment.ts';
import type { Sense } from './lexicon.ts';
import { misnamedEdges } from './rules-misnamed.ts';
import { entityEdges, shapedEdges } from './rules-names.ts';
import { beganEdges } from './rules-began.ts';
import { equalsEdges, flagEdges, guessEdges, textEdges, unitEdges } from './rules-text.ts';
import { groupEdges, orderEdges, ordinalEdges, roomEdges, sinceWhenEdges } from './rules-order.ts';
import { superEdges } from './rules-super.ts';
import { ageEdges, dueEdges, windowEdges } from './rules-time.ts';
import { compareEdges, measureEdges } from './rules.ts';
import { stateVerbEdges } from './rules-verbs.ts';
import type { Sentence } from './sentence.ts';

const costs: Partial<Record<Core['c'], number>> = {
  filler: 0.25,
  polite: 0.2,
  ask: 0.25,
  be: 0.25,
  prep: 0.25,
  and: 0.3,
  all: 0.3,
  any: 0.3,
};
const neutral = new Set<Core['c']>(['filler', 'polite', 'ask', 'be', 'pronoun']);
// Words that mean something only as a part of a larger piece.
const parts = new Set<Core['c']>(['compare', 'most', 'older', 'per', 'sort', 'direction', 'text']);
const unknownCost = 10;

const rules = [
  entityEdges,
  misnamedEdges,
  shapedEdges,
  textEdges,
  flagEdges,
  equalsEdges,
  guessEdges,
  unitEdges,
  compareEdges,
  measureEdges,
  superEdges,
  orderEdges,
  groupEdges,
  ordinalEdges,
  roomEdges,
  sinceWhenEdges,
  windowEdges,
  ageEdges,
  dueEdges,
  beganEdges,
  stateVerbEdges,
];

/** Every piece that a sentence can be cut into, by where it begins. */
export function piecesOf(s: Sentence): Edge[][] {
  return s.tokens.map((_, at) => edgesAt(s, at));
}

function edgesAt(s: Sentence, at: number): Edge[] {
  const edges: Edge[] = [...coreEdges(s, at), ...sinceFor(s, at)];
  for (const { senses, end } of s.phrases(at)) {
    if (end === at + 1 && s.word(at) === 'number' && s.word(end) === 'of') continue;
    // "on" may be said of a firewall, but is mostly where something is.
    const isPrep = end === at + 1 && s.core(at, 'prep').some((found) => found.end === end);
    const cost = isPrep ? 1.8 : 1 - 0.02 * (end - at);
    edges.push({ start: at, end, fragment: { f: 'phrase', senses }, cost });
  }
  for (const rule of rules) edges.push(...rule(s, at));
  for (const { amount, end } of amountsAt(s.tokens, at)) {
    edges.push({
      start: at,
      end,
      fragment: { f: 'amount', amount },
      cost: amount.unit === 'plain' && s.sense(end, 'noun').length > 0 ? 1.2 : 3,
    });
  }
  edges.push({ start: at, end: at + 1, fragment: { f: 'unknown' }, cost: unknownCost });
  return edges.filter(({ end }) => end <= s.tokens.length);
}

/** "on" and "off" at the end of "which VMs are off?" and "is the firewall of web-01 on?"; not of "which node is web-01 on?" */
function endsAsState(s: Sentence, at: number): boolean {
  if (!/^(on|off)$/.test(s.word(at))) return false;
  return /^(is|are|was|were|switched|turned|powered)$/.test(s.word(at - 1)) || /^(is|are)$/.test(s.word(0));
}

/** "up since more than 60 days": before a stretch of time, "since" is "for". */
function sinceFor(s: Sentence, at: number): Edge[] {
  if (s.word(at) !== 'since' || s.core(at + 1, 'compare').length === 0) return [];
  return [{ start: at, end: at + 1, fragment: { f: 'core', core: { c: 'prep', to: 'for' } }, cost: 0.3 }];
}

/** Words of the language itself; of those that say nothing, one is enough. */
function coreEdges(s: Sentence, at: number): Edge[] {
  const edges: Edge[] = [];
  for (const { senses, end } of s.cores(at)) {
    let said = false;
    for (const core of senses) {
      if (parts.has(core.c)) continue;
      // "with the same IP address": a word that says much.
      if (s.word(end - 1) === 'same' && s.phrases(end).length > 0) continue;
      // "which VMs are off?": at the end it is a state, not where something is.
      if (core.c === 'prep' && end === s.tokens.length && endsAsState(s, at)) continue;
      if (neutral.has(core.c)) {
        if (said) continue;
        said = true;
      }
      // "size of the newest backup": where rows have a column of the name, it is that.
      const isColumn =
        s.word(at) === 'size' && core.c === 'qualifier' && s.sense(at, 'attribute').some((found) => found.end === end);
      const cost = (costs[core.c] ?? 0.5) + (isColumn ? 0.8 : 0);
      edges.push({ start: at, end, fragment: { f: 'core', core }, cost });
    }
  }
  return edges;
}

/** The datasets that pieces speak of, and the kinds of the things that they name. */
export function spokenOf(pieces: readonly (readonly Edge[])[]): { datasets: Set<Dataset>; kinds: Set<string> } {
  const datasets = new Set<Dataset>();
  const kinds = new Set<string>();
  for (const { fragment } of pieces.flat()) {
    for (const { dataset } of sensesOf(fragment) ?? []) datasets.add(dataset);
    if (fragment.f !== 'entity') continue;
    for (const { entities } of fragment.mentions) for (const { kind } of entities) kinds.add(kind);
  }
  return { datasets, kinds };
}

/** The senses of a piece that has words of the catalogue in it; undefined where it has none. */
function sensesOf(fragment: Fragment): readonly Sense[] | undefined {
  if (fragment.f === 'phrase' || fragment.f === 'group' || fragment.f === 'due' || fragment.f === 'began')
    return fragment.senses;
  const senses: Sense[] = [];
  if ('measure' in fragment) senses.push(...(fragment.measure?.senses ?? []));
  if ('grades' in fragment) senses.push(...(fragment.grades ?? []));
  if ('nouns' in fragment) senses.push(...(fragment.nouns ?? []));
  if ('attributes' in fragment) senses.push(...(fragment.attributes ?? []));
  if ('due' in fragment) senses.push(...(fragment.due ?? []));
  return senses.length > 0 ? senses : undefined;
}

export interface Cover {
  readonly edges: readonly Edge[];
  readonly cost: number;
}

interface Path {
  readonly cost: number;
  readonly edge: Edge | undefined;
  readonly before: Path | undefined;
}

/** The likeliest ways to cut a sentence into pieces that one dataset, or one related to it, may have a use for. */
export function covers(pieces: readonly (readonly Edge[])[], dataset: Dataset, most: number): Cover[] {
  const related = new Set(Object.values(dataset.relations ?? {}).map((relation) => relation.dataset));
  // What it costs to take a piece as being about this dataset; one that only a related dataset knows is less likely.
  const costOf = (edge: Edge): number | undefined => {
    const senses = sensesOf(edge.fragment);
    if (senses === undefined || senses.some((sense) => sense.dataset === dataset)) return edge.cost;
    if (!senses.some((sense) => isUseful(sense, related, dataset))) return undefined;
    // A condition on the rows of another dataset is less likely than the words that its wording is made of.
    const isCondition = senses.every(({ t }) => t === 'condition');
    return edge.cost + 0.8 + (isCondition ? 0.4 * (edge.end - edge.start - 1) : 0);
  };
  const best: Path[][] = Array.from({ length: pieces.length + 1 }, () => []);
  best[0] = [{ cost: 0, edge: undefined, before: undefined }];
  pieces.forEach((edges, at) => {
    const here = best[at] ?? [];
    if (here.length === 0) return;
    for (const edge of edges) {
      const list = best[edge.end];
      const cost = costOf(edge);
      if (list === undefined || cost === undefined) continue;
      for (const before of here) keep(list, { cost: before.cost + cost, edge, before }, most);
    }
  });
  return (best[pieces.length] ?? []).map((last) => ({ cost: last.cost, edges: pathOf(last) }));
}

function isUseful(sense: Sense, related: ReadonlySet<string>, dataset: Dataset): boolean {
  if (related.has(sense.dataset.id)) return true;
  const { entity } = sense.dataset;
  return sense.t === 'noun' && entity !== undefined && dataset.scopes?.[entity] !== undefined;
}

function keep(list: Path[], next: Path, most: number): void {
  if (list.length >= most && next.cost >= (list[list.length - 1]?.cost ?? 0)) return;
  const place = list.findIndex(({ cost }) => next.cost < cost);
  list.splice(place < 0 ? list.length : place, 0, next);
  if (list.length > most) list.pop();
}

function pathOf(last: Path): Edge[] {
  const edges: Edge[] = [];
  for (let at: Path | undefined = last; at?.edge; at = at.before) edges.push(at.edge);
  return edges.reverse();
}
