import type { Dataset } from '@pxa/catalog';
import type { Filter } from '@pxa/contract';
import { addNounFilter, relatedDataset, relationTo } from './attach.ts';
import type { Edge } from './fragment.ts';
import { Frame } from './frame.ts';
import type { Interpretation } from './interpretation.ts';
import { only, type Sense, type SenseOf } from './lexicon.ts';
import type { Sentence } from './sentence.ts';

/** "without a snapshot or a backup" has neither, "with a pool or tags" either: the "with" goes on after the "or". */
export function goOnWith(it: Interpretation, senses: readonly Sense[], at: number): void {
  const isNor = it.neg && at - it.negAt <= 2 && it.had?.neg === true;
  const isJoined = it.or || isNor || (it.joinedAt >= 0 && at - it.joinedAt <= 1);
  const isThing = senses.some(({ t }) => t === 'noun' || t === 'relation' || t === 'attribute');
  if (it.had === undefined || it.with !== undefined || !isJoined || !isThing) return;
  if (!it.had.neg && !it.or) return;
  it.with = { neg: it.had.neg, at };
  if (isNor) it.neg = false;
  if (it.had.neg) it.or = false;
}

/** `with snapshots`, `without a backup`, `disks of running VMs`: what follows is said of the related rows. */
export function intoRelation(
  it: Interpretation,
  nouns: readonly SenseOf<'noun'>[],
  senses: readonly Sense[],
  says: string,
  at: number,
): boolean {
  for (const frame of it.frames()) {
    const verb = only(senses, 'relation').find((sense) => sense.dataset === frame.dataset);
    const relation = verb?.relation ?? relationTo(frame.dataset, nouns);
    if (relation === undefined) continue;
    const target = verb?.target ?? relatedDataset(frame.dataset, relation, nouns);
    const neg = it.takeNeg() !== (it.with?.neg === true);
    it.had = it.with;
    it.with = undefined;
    const child = new Frame(target, { parent: frame, relation, neg, join: it.takeOr() });
    const { described } = it;
    it.described = undefined;
    for (const sense of described?.senses ?? [])
      if (sense.dataset === target && sense.where) child.add(sense.where, says, described?.says ?? '', at, undefined);
    addNounFilter(child, nouns, says, at);
    it.frame = child;
    return true;
  }
  return false;
}

/** `backups of stopped VMs`, `nodes with stopped VMs`: an adjective of the related rows, which are named right behind it. */
export function describesRelated(
  it: Interpretation,
  s: Sentence,
  edge: Edge,
  conditions: readonly SenseOf<'condition'>[],
  says: string,
): boolean {
  if (it.noun === undefined || (it.with === undefined && it.prep?.at !== edge.start - 1)) return false;
  const nouns = s.sense(edge.end, 'noun').flatMap(({ what }) => what);
  const relation = relationTo(it.frame.dataset, nouns);
  if (relation === undefined || nouns.some(({ dataset }) => dataset === it.dataset)) return false;
  const target = relatedDataset(it.frame.dataset, relation, nouns);
  const senses = conditions.filter(({ dataset, where }) => dataset === target && where !== undefined);
  if (senses.length === 0) return false;
  it.described = { senses: senses.slice(0, 1), says };
  return true;
}

/** `with protection`, `without a description`: a flag that is set, or a value that is there. */
export function withAttribute(
  it: Interpretation,
  attributes: readonly SenseOf<'attribute'>[],
  says: string,
  at: number,
): boolean {
  for (const frame of it.frames()) {
    const column = attributes.find(({ dataset }) => dataset === frame.dataset)?.column;
    if (column === undefined) continue;
    const always = frame.dataset.identity.includes(column) || frame.dataset.columns[column]?.names === 'node';
    if (frame === it.root && it.with?.neg === false && !it.neg && always) {
      // "with name and node": every row has these, so they are to be shown.
      it.focus.push(column);
      return true;
    }
    const { has, lacks } = presence(frame.dataset, column);
    const neg = it.takeNeg() !== (it.with?.neg === true);
    it.had = it.with;
    it.with = undefined;
    frame.add(neg ? lacks : has, column, neg ? `no ${says}` : says, at, it.takeOr());
    return true;
  }
  return false;
}

/** What "with" and "without" say of a column: a flag is set, a number of guests is not zero, another value is there. */
function presence({ columns }: Dataset, column: string): { has: Filter; lacks: Filter } {
  const compare = (is: '=' | '>', value: number | boolean): Filter => ({ op: 'compare', column, is, value });
  if (columns[column]?.type === 'flag') return { has: compare('=', true), lacks: compare('=', false) };
  if (/^(guests|nodes|count)$/.test(columns[column]?.unit ?? ''))
    return { has: compare('>', 0), lacks: compare('=', 0) };
  return { has: { op: 'known', column }, lacks: { op: 'not', of: { op: 'known', column } } };
}
