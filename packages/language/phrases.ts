import type { Filter } from '@pxa/contract';
import { attachCondition } from './attach.ts';
import type { Edge, Fragment } from './fragment.ts';
import type { Interpretation } from './interpretation.ts';
import { negated, only, type Sense, type SenseOf } from './lexicon.ts';
import { isOnlyPossible } from './modality.ts';
import { namesRows } from './rules.ts';
import { describesRelated, goOnWith, intoRelation, withAttribute } from './relations.ts';
import { entitiesAt } from './rules-names.ts';
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
  // "which guests could I shut down?" does not ask for those that are shut down, nor for when that was done.
  if (taken && isState(it, senses) && isOnlyPossible(s, edge.start)) {
    it.problems.push({ p: 'possible', says });
    it.penalty += 3;
  }
  if (taken && it.nounEnd !== edge.end) it.conditionEnd = edge.end;
  return taken;
}

/** Whether a phrase is one of the states of a row, or of what was done. */
function isState({ dataset }: Interpretation, senses: readonly Sense[]): boolean {
  return senses.some(
    (sense) =>
      sense.dataset === dataset &&
      ((sense.t === 'condition' && sense.from === 'value') ||
        (sense.t === 'noun' && dataset.events && sense.noun.where)),
  );
}

function phraseTaken(it: Interpretation, s: Sentence, edge: Edge, senses: readonly Sense[], says: string): boolean {
  const nouns = only(senses, 'noun');
  // "room for a VM with …": the VM is not among the rows.
  if (it.room && nouns.some(({ dataset }) => dataset.entity === 'guest')) return true;
  goOnWith(it, senses, edge.start);
  if (it.with !== undefined && intoRelation(it, nouns, senses, says, edge.start)) return true;
  if (asNoun(it, s, edge, nouns)) return true;
  // "not backed up this week" looks at the backups themselves; "not backed up" at what the jobs cover.
  // "backed up to nfs" at those on that storage.
  const isStorage = entitiesAt(s, edge.end + 1).some(({ kind }) => kind === 'storage');
  const isAimed = isStorage && /^(to|on|onto)$/.test(s.word(edge.end));
  if (isStorage && s.word(edge.end) === 'to' && only(senses, 'relation').length === 0 && it.noun !== undefined)
    return false;
  if ((it.timed || isAimed) && only(senses, 'relation').length > 0 && intoRelation(it, [], senses, says, edge.start))
    return true;
  groupByEach(it, s, edge, nouns);
  const conditions = only(senses, 'condition');
  const how = s.word(edge.start - 1) === 'how';
  const grade = only(senses, 'grade').find(({ dataset, degree }) => dataset === it.dataset && degree === 'base');
  if (how && grade) {
    it.focus.push(grade.grade.column);
    return true;
  }
  const isRows = it.noun === undefined && it.frame === it.root && nouns.some(({ noun }) => noun.weak !== true);
  if (it.with !== undefined && withAttribute(it, only(senses, 'attribute'), says, edge.start)) {
    // "who has no backup?" is hardly about the disks that are left out of backups.
    if (isRows) it.penalty += 1.5;
    return true;
  }
  if (describesRelated(it, s, edge, conditions, says)) return true;
  // "not the containers", of nothing that was named, is not about disks that are not theirs.
  if (isRows && it.neg) return false;
  if (attachCondition(it, conditions, says, edge.start)) {
    // "largest VM by disk" is about VMs, though "VM" is a condition on disks, too.
    if (isRows) it.penalty += 1.5;
    if (isRows) addKinds(it, nouns);
    // "VMs ordered by their last backup" asks for VMs, though tasks are of VMs or containers.
    if (isRows && it.dataset.events) it.shown.push(edge);
    return true;
  }
  if (intoRelation(it, nouns, senses, says, edge.start)) {
    // "disks of VMs" leads to the VMs; "VMs" at the head of a sentence about disks hardly does.
    if (it.prep === undefined && it.noun === undefined) {
      it.penalty += 1.5;
      if (nouns.some(({ noun }) => noun.weak !== true)) it.led ??= edge;
    }
    return true;
  }
  // "why is web-01 slow?" is not about how long was worked on it.
  if (grade && it.dataset.events && it.noun === undefined && it.named.length > 0) return false;
  if (grade) {
    it.focus.push(grade.grade.column);
    return true;
  }
  if (!asFocus(it, senses, nouns)) return false;
  const isOfRows = nouns.length === 0 && namesRows(s, edge.start, edge.end).names === 'rows';
  if (isOfRows) it.penalty += 2;
  const isLed = isOfRows && it.root.children.length > 0;
  if (isLed || nouns.some(({ noun }) => noun.weak !== true)) it.shown.push(edge);
  return true;
}

/** "how many disks does each VM have": a figure for each of them. */
function groupByEach(it: Interpretation, s: Sentence, edge: Edge, nouns: readonly SenseOf<'noun'>[]): void {
  if (it.aggregate === undefined || it.noun === undefined || !/^(each|every)$/.test(s.word(edge.start - 1))) return;
  for (const { dataset } of nouns) {
    const column = dataset.entity && it.dataset.scopes?.[dataset.entity];
    if (column !== undefined && it.group.length === 0) it.group.push(column);
  }
}

/** The word for the rows themselves; further ones are alternatives ("VMs and containers"). */
function asNoun(it: Interpretation, s: Sentence, edge: Edge, nouns: readonly SenseOf<'noun'>[]): boolean {
  const sense = nouns.find(({ dataset }) => dataset === it.dataset);
  if (sense === undefined || it.frame !== it.root) return false;
  const { noun } = sense;
  const where: Filter | undefined = noun.where;
  const plural = s.tokens[edge.end - 1]?.word !== s.tokens[edge.end - 1]?.stem;
  const neg = it.takeNeg();
  // "never VMs": of nothing that was said before; "everything except VMs" is of all that there is.
  if (neg && it.noun === undefined && (where === undefined || !(it.all || it.excepts))) return false;
  if (where !== undefined) {
    // "VMs and containers" are alternatives; "VMs that are Windows servers" are both.
    const joined = it.joinedAt === edge.start;
    it.root.add(
      neg ? negated(where) : where,
      joined || it.noun === undefined ? 'noun' : `noun ${edge.start}`,
      '',
      edge.start,
      it.takeOr(),
    );
  }
  if (it.noun === undefined) {
    if (noun.weak) it.penalty += it.aggregate === 'sum' ? 1.4 : 0.6;
    if (noun.weak && isCutOff(it, s, edge)) it.penalty += 3;
    const title = neg ? it.dataset.title : (noun.title ?? it.dataset.title);
    it.noun = { title, plural, at: edge.start, weak: noun.weak === true };
  } else if (where !== undefined && !neg && it.joinedAt === edge.start && noun.title !== undefined)
    it.noun = {
      ...it.noun,
      title: `${it.noun.title} and ${noun.title.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())}`,
    };
  it.nounEnd = edge.end;
  return true;
}

/** Whether a word for rows was cut off a longer one of other rows: the "jobs" of "backup jobs" are no tasks. */
function isCutOff({ dataset }: Interpretation, s: Sentence, edge: Edge): boolean {
  return [1, 2].some((back) =>
    s
      .sense(edge.start - back, 'noun')
      .some(
        ({ what, end }) => end === edge.end && what.every((other) => other.dataset !== dataset && !other.noun.weak),
      ),
  );
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

/** The columns that hold what nouns of other things name: what rows may be counted for. */
function addKinds(it: Interpretation, nouns: readonly SenseOf<'noun'>[]): void {
  for (const { dataset } of nouns) {
    const column = dataset.entity === undefined ? undefined : it.dataset.scopes?.[dataset.entity];
    if (column !== undefined && dataset !== it.dataset) it.kinds.push(column);
  }
}

/** What a question is about: a column by its name, or the one that names things of another kind ("which node is it on?"). */
function asFocus(it: Interpretation, senses: readonly Sense[], nouns: readonly SenseOf<'noun'>[]): boolean {
  addKinds(it, nouns);
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
