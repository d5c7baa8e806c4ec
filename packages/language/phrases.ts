import type { Dataset } from '@pxa/catalog';
import type { Filter } from '@pxa/contract';
import { addNounFilter, attachCondition, relatedDataset, relationTo } from './attach.ts';
import type { Edge, Fragment } from './fragment.ts';
import { Frame } from './frame.ts';
import type { Interpretation } from './interpretation.ts';
import { negated, only, type Sense, type SenseOf } from './lexicon.ts';
import { namesRows } from './rules.ts';
import type { Sentence } from './sentence.ts';

/** A phrase of the catalogue: what it is depends on what the dataset knows it as, and on where it stands. */
export function takePhrase(
  it: Interpretation,
  s: Sentence,
  edge: Edge,
  senses: readonly Sense[],
  says: string,
): boolean {
  const taken = phraseTaken(it, s, edge, senses, says);
  if (taken && it.nounEnd !== edge.end) it.conditionEnd = edge.end;
  return taken;
}

function phraseTaken(it: Interpretation, s: Sentence, edge: Edge, senses: readonly Sense[], says: string): boolean {
  const nouns = only(senses, 'noun');
  // "room for a VM with …": the VM is not among the rows.
  if (it.room && nouns.some(({ dataset }) => dataset.entity === 'guest')) return true;
  if (it.with !== undefined && intoRelation(it, nouns, senses, says, edge.start)) return true;
  if (asNoun(it, s, edge, nouns)) return true;
  // "not backed up this week" looks at the backups themselves; "not backed up" at what the jobs cover.
  if (it.timed && only(senses, 'relation').length > 0 && intoRelation(it, [], senses, says, edge.start)) return true;
  const conditions = only(senses, 'condition');
  const how = s.word(edge.start - 1) === 'how';
  const grade = only(senses, 'grade').find(({ dataset, degree }) => dataset === it.dataset && degree === 'base');
  if (how && grade) {
    it.focus.push(grade.grade.column);
    return true;
  }
  if (it.with !== undefined && withAttribute(it, only(senses, 'attribute'), says, edge.start)) return true;
  if (attachCondition(it, conditions, says, edge.start)) {
    // "largest VM by disk" is about VMs, though "VM" is a condition on disks, too.
    if (it.noun === undefined && it.frame === it.root && nouns.some(({ noun }) => noun.weak !== true))
      it.penalty += 1.5;
    return true;
  }
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

/** The word for the rows themselves; further ones are alternatives ("VMs and containers"). */
function asNoun(it: Interpretation, s: Sentence, edge: Edge, nouns: readonly SenseOf<'noun'>[]): boolean {
  const sense = nouns.find(({ dataset }) => dataset === it.dataset);
  if (sense === undefined || it.frame !== it.root) return false;
  const { noun } = sense;
  const where: Filter | undefined = noun.where;
  const plural = s.tokens[edge.end - 1]?.word !== s.tokens[edge.end - 1]?.stem;
  const neg = it.takeNeg();
  // "except VMs", "never VMs": of nothing that was said before.
  if (neg && it.noun === undefined) return false;
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
    if (noun.weak) it.penalty += it.aggregate === 'sum' ? 1.4 : 0.6;
    it.noun = { title: noun.title ?? it.dataset.title, plural, at: edge.start, weak: noun.weak === true };
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
    const verb = only(senses, 'relation').find((sense) => sense.dataset === frame.dataset);
    const relation = verb?.relation ?? relationTo(frame.dataset, nouns);
    if (relation === undefined) continue;
    const target = verb?.target ?? relatedDataset(frame.dataset, relation, nouns);
    const neg = it.takeNeg() !== (it.with?.neg === true);
    it.with = undefined;
    const child = new Frame(target, { parent: frame, relation, neg });
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
    const always = frame.dataset.identity.includes(column) || frame.dataset.columns[column]?.names === 'node';
    if (frame === it.root && it.with?.neg === false && !it.neg && always) {
      // "with name and node": every row has these, so they are to be shown.
      it.focus.push(column);
      return true;
    }
    const { has, lacks } = hasColumn(frame.dataset, column);
    const neg = it.takeNeg() !== (it.with?.neg === true);
    it.with = undefined;
    frame.add(neg ? lacks : has, column, says, at, it.takeOr());
    return true;
  }
  return false;
}

/** What it is to have what a column tells, and to lack it: a flag that is set, more than none, a value that is there. */
function hasColumn(dataset: Dataset, column: string): { has: Filter; lacks: Filter } {
  const { type, unit } = dataset.columns[column] ?? {};
  if (type === 'flag') {
    return {
      has: { op: 'compare', column, is: '=', value: true },
      lacks: { op: 'compare', column, is: '=', value: false },
    };
  }
  if (type === 'number' && /^(count|guests|nodes)$/.test(String(unit))) {
    return { has: { op: 'compare', column, is: '>', value: 0 }, lacks: { op: 'compare', column, is: '=', value: 0 } };
  }
  const has: Filter = { op: 'known', column };
  return { has, lacks: { op: 'not', of: has } };
}

/** `protection enabled`, `agent switched off`. */
export function takeFlag(
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
    if (new Set(senses.map(({ dataset }) => dataset)).size === 1) it.exclusive = true;
    it.focus.push(attribute.column);
    if (it.dataset.columns[attribute.column]?.type === 'number')
      it.measure ??= { senses: [attribute], qualifier: undefined };
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
