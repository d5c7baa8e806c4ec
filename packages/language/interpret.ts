import type { Dataset } from '@pxa/catalog';
import type { Filter } from '@pxa/contract';
import {
  addNounFilter,
  attachCompare,
  attachCondition,
  attachEntities,
  attachText,
  attachTime,
  relatedDataset,
  relationTo,
} from './attach.ts';
import type { Cover } from './cover.ts';
import type { Edge, Fragment, MeasureWords } from './fragment.ts';
import { Frame } from './frame.ts';
import { Interpretation } from './interpretation.ts';
import { negated, type Sense, type SenseOf } from './lexicon.ts';
import { columnOf, focusOf } from './measure.ts';
import { namesRows } from './rules.ts';
import type { Sentence } from './sentence.ts';

/** Reads the pieces of a sentence from left to right as a question about the rows of one dataset. */
export function interpret(s: Sentence, cover: Cover, dataset: Dataset): Interpretation {
  const it = new Interpretation(dataset);
  it.penalty = cover.cost;
  it.room = cover.edges.some(({ fragment }) => fragment.f === 'room');
  for (const edge of cover.edges) step(it, s, edge);
  if (it.aboutWhatIsThere) it.penalty += 2;
  if (it.noun === undefined && it.own.length === 0) it.penalty += it.hinted ? 1 : 1.5;
  else if (it.noun === undefined) it.penalty += 0.3;
  if (it.neg) it.unattached('not');
  if (it.with?.neg) it.unattached('without');
  it.penalty -= (dataset.weight ?? 0) * 0.02;
  return it;
}

function step(it: Interpretation, s: Sentence, edge: Edge): void {
  const { fragment, start, end } = edge;
  const says = s.surface(start, end);
  if (!attached(it, s, edge, fragment, says)) it.unattached(says);
}

/** Takes one piece; false where the dataset has no place for it. */
function attached(it: Interpretation, s: Sentence, edge: Edge, fragment: Fragment, says: string): boolean {
  const { start } = edge;
  switch (fragment.f) {
    case 'core':
      return takeCore(it, fragment.core, start, says);
    case 'phrase':
      return takePhrase(it, s, edge, fragment.senses, says);
    case 'entity':
      return attachEntities(it, fragment, says, start);
    case 'compare':
      return attachCompare(it, fragment, says, start);
    case 'text':
      return attachText(it, fragment, says, start);
    case 'window':
    case 'age':
    case 'due':
      return attachTime(it, fragment, says, start);
    case 'measure':
      return takeMeasure(it, fragment.measure);
    case 'super':
      return takeSuper(it, fragment);
    case 'flag':
      return takeFlag(it, fragment, says, start);
    case 'order':
      return takeOrder(it, fragment);
    case 'group':
      return takeGroup(it, fragment);
    case 'room':
      return (it.dataset.quantities ?? []).some(({ free }) => free !== undefined) && it.dataset.entity === 'node';
    case 'amount':
      // "the 3 VMs with the highest CPU usage": how many, where something orders them.
      if (fragment.amount.unit !== 'plain' || !Number.isInteger(fragment.amount.number)) return false;
      it.counted = fragment.amount.number;
      return true;
    case 'ordinal':
      return false;
    case 'unknown':
      it.problems.push({ p: 'unknown', word: says, at: start });
      return true;
    default:
      return fragment satisfies never;
  }
}

type CoreOf = Extract<Fragment, { f: 'core' }>['core'];

function takeCore(it: Interpretation, core: CoreOf, at: number, says: string): boolean {
  switch (core.c) {
    case 'not':
      it.neg = !it.neg;
      it.negAt = at;
      return true;
    case 'except':
      it.neg = true;
      return true;
    case 'with':
      it.with = { neg: core.neg, at };
      return true;
    case 'or':
      it.or = true;
      it.joinedAt = at + 1;
      return true;
    case 'all':
      it.all = true;
      return true;
    case 'any':
      it.any = true;
      return true;
    case 'prep':
      it.prep = { to: core.to, at };
      return true;
    case 'aggregate':
      // "average number of vCPUs": the average is what is asked for.
      if (it.aggregate === undefined || it.aggregate === 'count') {
        it.aggregate = core.of;
        it.aggregateWord = says.toLowerCase();
      }
      return true;
    case 'most':
      it.superlative = true;
      return false;
    case 'qualifier':
      // "VMs in use", "their usage": by itself it says little; "free" and "allocated" say something.
      it.penalty += 0.6;
      it.qualifier = core.which;
      return core.which === 'used' || it.aggregate === 'sum';
    case 'compare':
    case 'older':
    case 'per':
    case 'sort':
    case 'direction':
    case 'text':
      return false;
    case 'and':
      it.joinedAt = at + 1;
      return true;
    case 'be':
    case 'ask':
    case 'filler':
    case 'polite':
    case 'pronoun':
    case 'only':
    case 'also':
      return true;
    default:
      return core satisfies never;
  }
}

/** A phrase of the catalogue: what it is depends on what the dataset knows it as, and on where it stands. */
function takePhrase(it: Interpretation, s: Sentence, edge: Edge, senses: readonly Sense[], says: string): boolean {
  const nouns = only(senses, 'noun');
  // "room for a VM with …": the VM is not among the rows.
  if (it.room && nouns.some(({ dataset }) => dataset.entity === 'guest')) return true;
  if (it.with !== undefined && intoRelation(it, nouns, senses, says, edge.start)) return true;
  if (asNoun(it, s, edge, nouns)) return true;
  const conditions = only(senses, 'condition');
  const how = s.word(edge.start - 1) === 'how';
  const grade = only(senses, 'grade').find(({ dataset, degree }) => dataset === it.dataset && degree === 'base');
  if (how && grade) {
    it.focus.push(grade.grade.column);
    return true;
  }
  if (it.with !== undefined && withAttribute(it, only(senses, 'attribute'), says, edge.start)) return true;
  if (attachCondition(it, conditions, says, edge.start)) return true;
  if (intoRelation(it, nouns, senses, says, edge.start)) {
    // "disks of VMs" leads to the VMs; "VMs" at the head of a sentence about disks hardly does.
    if (it.prep === undefined && it.noun === undefined) it.penalty += 1.5;
    return true;
  }
  if (grade) {
    it.focus.push(grade.grade.column);
    return true;
  }
  if (!asFocus(it, senses, nouns)) return false;
  if (nouns.length === 0 && namesRows(s, edge.start, edge.end).names === 'rows') it.penalty += 2;
  return true;
}

function only<T extends Sense['t']>(senses: readonly Sense[], kind: T): SenseOf<T>[] {
  // The kind was compared.
  return senses.filter((sense) => sense.t === kind) as SenseOf<T>[];
}

/** The word for the rows themselves; further ones are alternatives ("VMs and containers"). */
function asNoun(it: Interpretation, s: Sentence, edge: Edge, nouns: readonly SenseOf<'noun'>[]): boolean {
  const sense = nouns.find(({ dataset }) => dataset === it.dataset);
  if (sense === undefined || it.frame !== it.root) return false;
  const { noun } = sense;
  const where: Filter | undefined = noun.where;
  const plural = s.tokens[edge.end - 1]?.word !== s.tokens[edge.end - 1]?.stem;
  const neg = it.takeNeg();
  if (where !== undefined) {
    // "VMs and containers" are alternatives; "VMs that are Windows servers" are both.
    const joined = it.joinedAt === edge.start;
    it.root.add(
      neg ? negated(where) : where,
      joined || it.noun === undefined ? 'noun' : `noun ${edge.start}`,
      '',
      edge.start,
      undefined,
    );
  }
  if (it.noun === undefined) {
    if (noun.weak) it.penalty += 0.6;
    it.noun = { title: noun.title ?? it.dataset.title, plural, at: edge.start };
  }
  it.nounEnd = edge.end;
  return true;
}

/** `with snapshots`, `without a backup`, `disks of running VMs`: what follows is said of the related rows. */
function intoRelation(
  it: Interpretation,
  nouns: readonly SenseOf<'noun'>[],
  senses: readonly Sense[],
  says: string,
  at: number,
): boolean {
  for (const frame of it.frames()) {
    const named = only(senses, 'relation').find(({ dataset }) => dataset === frame.dataset)?.relation;
    const relation = named ?? relationTo(frame.dataset, nouns);
    if (relation === undefined) continue;
    const target = frame.dataset.relations?.[relation]?.dataset;
    const dataset = nouns.find((sense) => sense.dataset.id === target)?.dataset;
    if (dataset === undefined) continue;
    const neg = it.takeNeg() !== (it.with?.neg === true);
    it.with = undefined;
    const child = new Frame(relatedDataset(frame.dataset, relation, nouns), { parent: frame, relation, neg });
    addNounFilter(child, nouns, says, at);
    it.frame = child;
    return true;
  }
  return false;
}

/** `with protection`, `without a description`: a flag that is set, or a value that is there. */
function withAttribute(
  it: Interpretation,
  attributes: readonly SenseOf<'attribute'>[],
  says: string,
  at: number,
): boolean {
  for (const frame of it.frames()) {
    const column = attributes.find(({ dataset }) => dataset === frame.dataset)?.column;
    if (column === undefined) continue;
    const isFlag = frame.dataset.columns[column]?.type === 'flag';
    const has: Filter = isFlag ? { op: 'compare', column, is: '=', value: true } : { op: 'known', column };
    const lacks: Filter = isFlag ? { op: 'compare', column, is: '=', value: false } : { op: 'not', of: has };
    const neg = it.takeNeg() !== (it.with?.neg === true);
    it.with = undefined;
    frame.add(neg ? lacks : has, column, says, at, it.takeOr());
    return true;
  }
  return false;
}

/** `protection enabled`, `agent switched off`. */
function takeFlag(
  it: Interpretation,
  { attributes, on }: Extract<Fragment, { f: 'flag' }>,
  says: string,
  at: number,
): boolean {
  for (const frame of it.frames()) {
    const column = attributes.find(({ dataset }) => dataset === frame.dataset)?.column;
    if (column === undefined) continue;
    const neg = it.takeNeg() !== (it.with?.neg === true);
    it.with = undefined;
    frame.add({ op: 'compare', column, is: '=', value: on !== neg }, column, says, at, it.takeOr());
    return true;
  }
  return false;
}

/** What a question is about: a column by its name, or the one that names things of another kind ("which node is it on?"). */
function asFocus(it: Interpretation, senses: readonly Sense[], nouns: readonly SenseOf<'noun'>[]): boolean {
  for (const { dataset } of nouns) {
    const column = dataset.entity === undefined ? undefined : it.dataset.scopes?.[dataset.entity];
    if (column !== undefined && dataset !== it.dataset) it.kinds.push(column);
  }
  const attribute = only(senses, 'attribute').find(({ dataset }) => dataset === it.dataset);
  if (attribute) {
    it.focus.push(attribute.column);
    it.penalty += nouns.some(({ noun }) => noun.weak !== true)
      ? it.noun === undefined
        ? 3
        : 2
      : nouns.length > 0
        ? 0.8
        : 0;
    return true;
  }
  for (const { dataset } of nouns) {
    const column = dataset.entity === undefined ? undefined : it.dataset.scopes?.[dataset.entity];
    if (column === undefined || dataset === it.dataset) continue;
    it.focus.push(column);
    it.penalty += it.noun === undefined ? 3 : 1.6;
    return true;
  }
  return false;
}

function takeMeasure(it: Interpretation, measure: MeasureWords): boolean {
  const focus = focusOf(it.dataset, measure);
  if (focus === undefined) return false;
  if (it.with?.neg === false) it.with = undefined;
  it.focus.push(...focus);
  it.measure ??= measure;
  return true;
}

function takeSuper(it: Interpretation, fragment: Extract<Fragment, { f: 'super' }>): boolean {
  const { dir, n, measure, grades, nouns, newest } = fragment;
  const { dataset } = it;
  it.superlative = true;
  if (n !== undefined) it.limit = n;
  if (it.with?.neg === false) it.with = undefined;
  if (nouns !== undefined) {
    if (!nouns.some((sense) => sense.dataset === dataset)) return false;
    const own = nouns.find((sense) => sense.dataset === dataset);
    if (own?.noun.where) it.root.add(own.noun.where, 'noun', '', -1, undefined);
    it.groupMeasure = 'count';
    it.order.push({ column: 'count', dir: dir ?? 'desc' });
    it.noun ??= { title: own?.noun.title ?? dataset.title, plural: false, at: -1 };
    return true;
  }
  if (newest) {
    if (dataset.time === undefined) return false;
    it.order.push({ column: dataset.time, dir: dir ?? 'desc' });
    return true;
  }
  const grade = grades?.find((sense) => sense.dataset === dataset)?.grade;
  if (grade !== undefined) {
    // "least full" turns the adjective round.
    const asSaid = dir === undefined ? grade.dir : grade.dir === 'asc' ? 'desc' : 'asc';
    it.order.push({ column: grade.column, dir: asSaid });
    return true;
  }
  if (measure !== undefined) {
    const column = columnOf(dataset, measure, 'order');
    if (column === undefined) return false;
    it.order.push({ column, dir: dir ?? 'desc' });
    return true;
  }
  // "top 3 VMs": by what, is said elsewhere or taken from the dataset.
  it.superDir = dir;
  it.sized = fragment.sized === true;
  return grades === undefined;
}

function takeOrder(
  it: Interpretation,
  { measure, grades, attributes, dir }: Extract<Fragment, { f: 'order' }>,
): boolean {
  const column =
    (measure ? columnOf(it.dataset, measure, 'order') : undefined) ??
    attributes?.find(({ dataset }) => dataset === it.dataset)?.column ??
    grades?.find(({ dataset }) => dataset === it.dataset)?.grade.column;
  if (column === undefined) return false;
  const isNumber = it.dataset.columns[column]?.type === 'number' && column !== 'vmid';
  if (it.superlative && it.order.length === 0) it.order.push({ column, dir: dir ?? (isNumber ? 'desc' : 'asc') });
  // "biggest VM by memory": what comes after "by" overrules the adjective.
  else if (it.superlative && it.order[0]) it.order[0] = { column, dir: dir ?? it.order[0].dir };
  else it.order.push({ column, dir: dir ?? (isNumber ? 'desc' : 'asc') });
  return true;
}

function takeGroup(it: Interpretation, { senses, sure }: Extract<Fragment, { f: 'group' }>): boolean {
  const column = groupColumn(it.dataset, senses);
  if (column === undefined) {
    // "average memory per VM": a row is a VM already, and the word says which rows.
    const own = only(senses, 'noun').find(({ dataset }) => dataset === it.dataset)?.noun;
    if (own === undefined) return false;
    if (own.where && it.noun === undefined) it.root.add(own.where, 'noun', '', -1, undefined);
    it.noun ??= { title: own.title ?? it.dataset.title, plural: false, at: -1 };
    return true;
  }
  if (sure || it.aggregate !== undefined) it.group.push(column);
  else it.order.push({ column, dir: 'asc' });
  return true;
}

/** The column that "per node", "which node has the most VMs" group by. */
export function groupColumn(dataset: Dataset, senses: readonly Sense[]): string | undefined {
  for (const sense of only(senses, 'noun')) {
    if (sense.dataset === dataset || sense.dataset.entity === undefined) continue;
    const column = dataset.scopes?.[sense.dataset.entity];
    if (column !== undefined) return column;
  }
  return only(senses, 'attribute').find((sense) => sense.dataset === dataset)?.column;
}
