import { amountsAt } from './amounts.ts';
import type { Edge } from './fragment.ts';
import { entityEdges, flagEdges, textEdges } from './rules-names.ts';
import { groupEdges, orderEdges, ordinalEdges, superEdges } from './rules-order.ts';
import { ageEdges, dueEdges, windowEdges } from './rules-time.ts';
import { compareEdges, measureEdges } from './rules.ts';
import type { Sentence } from './sentence.ts';

const costs: Readonly<Record<string, number>> = {
  filler: 0.25,
  polite: 0.2,
  ask: 0.25,
  be: 0.25,
  prep: 0.25,
  and: 0.3,
  all: 0.3,
  any: 0.3,
};
const unknownCost = 10;

/** Every piece that a sentence can be cut into. */
function edgesAt(s: Sentence, at: number): Edge[] {
  const edges: Edge[] = [];
  for (const { senses, end } of s.phrases(at)) {
    edges.push({ start: at, end, fragment: { f: 'phrase', senses }, cost: 1 - 0.02 * (end - at) });
  }
  for (const { senses, end } of s.cores(at)) {
    for (const core of senses) {
      edges.push({ start: at, end, fragment: { f: 'core', core }, cost: costs[core.c] ?? 0.5 });
    }
  }
  for (const rule of rules) edges.push(...rule(s, at));
  for (const { amount, end } of amountsAt(s.tokens, at)) {
    edges.push({ start: at, end, fragment: { f: 'amount', amount }, cost: 3 });
  }
  edges.push({ start: at, end: at + 1, fragment: { f: 'unknown' }, cost: unknownCost });
  return edges.filter(({ end }) => end <= s.tokens.length);
}

const rules = [
  entityEdges,
  textEdges,
  flagEdges,
  compareEdges,
  measureEdges,
  superEdges,
  orderEdges,
  groupEdges,
  ordinalEdges,
  windowEdges,
  ageEdges,
  dueEdges,
];

export interface Cover {
  readonly edges: readonly Edge[];
  readonly cost: number;
}

interface Partial {
  readonly cost: number;
  readonly edge: Edge | undefined;
  readonly before: Partial | undefined;
}

/** The likeliest ways to cut a sentence into pieces, the best first. */
export function covers(s: Sentence, most: number): Cover[] {
  const best: Partial[][] = Array.from({ length: s.tokens.length + 1 }, () => []);
  best[0] = [{ cost: 0, edge: undefined, before: undefined }];
  for (let at = 0; at < s.tokens.length; at++) {
    const here = best[at] ?? [];
    if (here.length === 0) continue;
    for (const edge of edgesAt(s, at)) {
      for (const before of here) keep(best[edge.end], { cost: before.cost + edge.cost, edge, before }, most);
    }
  }
  return (best[s.tokens.length] ?? []).map((last) => ({ cost: last.cost, edges: pathOf(last) }));
}

function keep(list: Partial[] | undefined, next: Partial, most: number): void {
  if (list === undefined) return;
  if (list.length >= most && next.cost >= (list[list.length - 1]?.cost ?? 0)) return;
  const place = list.findIndex(({ cost }) => next.cost < cost);
  list.splice(place < 0 ? list.length : place, 0, next);
  if (list.length > most) list.pop();
}

function pathOf(last: Partial): Edge[] {
  const edges: Edge[] = [];
  for (let at: Partial | undefined = last; at?.edge; at = at.before) edges.push(at.edge);
  return edges.reverse();
}
