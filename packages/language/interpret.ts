import type { Dataset } from '@pxa/catalog';
import type { Filter } from '@pxa/contract';
import { attachCompare, attachEntities, attachText, relationTo } from './attach.ts';
import { attachTime } from './attach-time.ts';
import type { Cover } from './cover.ts';
import type { Edge, Fragment } from './fragment.ts';
import { Interpretation } from './interpretation.ts';
import { takeGroup, takeMeasure, takeOrder, takeSuper } from './ordering.ts';
import { takeFlag, takePhrase } from './phrases.ts';
import type { Sentence } from './sentence.ts';

/** Reads the pieces of a sentence from left to right as a question about the rows of one dataset. */
export function interpret(s: Sentence, cover: Cover, dataset: Dataset): Interpretation {
  const it = new Interpretation(dataset);
  it.penalty = cover.cost;
  it.room = cover.edges.some(({ fragment }) => fragment.f === 'room');
  it.timed = cover.edges.some(({ fragment }) => fragment.f === 'window' || fragment.f === 'age');
  for (const edge of cover.edges) step(it, s, edge);
  if (it.aboutWhatIsThere) it.penalty += 2;
  if (it.noun === undefined && it.own.length === 0) it.penalty += it.hinted ? 1 : 1.5;
  else if (it.noun === undefined) it.penalty += 0.3;
  // Without a word for the rows there is nothing that it could be the name of; "retention of X" may do.
  if (it.noun === undefined && !it.hinted && !it.exclusive) {
    // Without a word for the rows there is nothing that it could be the name of.
    for (const { text, at } of it.guesses.splice(0)) {
      it.problems.push({ p: 'unknown', word: text, at });
      it.penalty += 6;
    }
  }
  loseHead(it, s);
  noneCanBe(it);
  if (it.groupMeasure && it.kinds.length === 0 && it.focus.length === 0 && it.group.length === 0) it.unattached('most');
  // "the 3 biggest VMs of each node": some of each group is none of what can be asked for.
  const isSome = it.superlative && it.groupMeasure === undefined && it.aggregate === undefined;
  if (isSome && it.group.length > 0 && (it.limit ?? it.counted ?? 1) > 1) it.unattached('some of each');
  if (it.utmost) it.unattached(it.utmost === 'desc' ? 'newest' : 'oldest');
  const isFigure = it.aggregate === 'avg' || it.aggregate === 'max' || it.aggregate === 'min';
  if (isFigure && it.measure === undefined && it.order.length === 0) it.unattached(it.aggregateWord);
  if (it.aggregate === 'count' && (it.limit ?? 1) > 1 && it.order.length === 0 && it.group.length === 0)
    it.unattached(it.aggregateWord);
  if (it.described) it.unattached(it.described.says);
  if (it.or) it.unattached('or');
  if (it.neg) it.unattached('not');
  if (it.with?.neg) it.unattached('without');
  it.penalty -= (dataset.weight ?? 0) * 0.02;
  return it;
}

/** "could pve1 take the guests of pve2?": nothing is in two places; what asks for that asks something else. */
function noneCanBe(it: Interpretation): void {
  const held = new Map<string, unknown>();
  for (const { filter, says } of it.root.parts) {
    if (filter.op !== 'compare' || filter.is !== '=' || typeof filter.value !== 'string') continue;
    const isPlace = Object.values(it.dataset.scopes ?? {}).includes(filter.column);
    if (!isPlace || it.dataset.columns[filter.column]?.type === 'list') continue;
    if (held.has(filter.column) && held.get(filter.column) !== filter.value) it.unattached(says);
    held.set(filter.column, filter.value);
  }
}

/** What it costs to take the noun that an adjective stands before for something other than the rows: "hot VMs" are VMs. */
const describedCost = 12;

/** What it costs to read the word for the rows that a sentence asks for as a mere column of other rows. */
const lostHeadCost = 5;

/**
 * "guests with no backups configured" asks for guests: a reading about disks that shows whose they are answers another
 * question. "the node of web-01" and "which role has anna?" ask for a column of what they name, and "which VMs were
 * migrated?" for the migrations.
 */
function loseHead(it: Interpretation, s: Sentence): void {
  // "is there a snapshot of every VM?" asks of each VM.
  const each = it.shown.find(({ start }) => /^(every|each)$/.test(s.word(start - 1)));
  if (each !== undefined && it.group.length === 0 && /^(is|are|has|have|does|do|was|were)$/.test(s.word(0)))
    it.unattached(s.surface(each.start - 1, each.end));
  const head = it.led ?? it.shown[0];
  if (head === undefined || it.own.length > 0 || (it.named.length > 0 && it.led === undefined)) return;
  if (it.group.length > 0 || it.groupMeasure !== undefined) return;
  // "nodes without HA guests" does not ask for HA guests.
  const between = s.tokens.slice(head.end, it.noun === undefined || it.noun.at < 0 ? undefined : it.noun.at);
  const isOrdered = between.some(({ word }) => /^(ordered|sorted|ranked|order|sort)$/.test(word));
  const isBeyond = it.noun !== undefined && it.noun.at > head.start && (isOrdered || it.lackedAt > head.start);
  if (it.noun !== undefined && it.noun.at >= 0 && !isBeyond) return;
  // "did someone delete a VM?"
  const isEvent = ({ filter, at }: { filter: Filter; at: number }): boolean =>
    (/^(did|has|have|was|were)$/.test(s.word(0)) || at > head.start) &&
    filter.op === 'compare' &&
    filter.is === '=' &&
    !Object.values(it.dataset.scopes ?? {}).includes(filter.column);
  if (it.dataset.events === true && !isOrdered && it.root.parts.some(isEvent)) return;
  const isRows = s.sense(head.start, 'noun').some(({ end }) => end === head.end);
  it.problems.push({ p: isRows ? 'lost' : 'unattached', says: s.surface(head.start, head.end) });
  it.penalty += lostHeadCost;
}

function isNoun(s: Sentence, start: number, end: number): boolean {
  return s.sense(start, 'noun').some((found) => found.end === end && found.what.some(({ noun }) => noun.weak !== true));
}

function step(it: Interpretation, s: Sentence, edge: Edge): void {
  const { fragment, start, end } = edge;
  const says = s.surface(start, end);
  const wasSaid = it.conditionEnd === start;
  const isDescribed = wasSaid && it.noun === undefined && isNoun(s, start, end);
  if (!attached(it, s, edge, fragment, says)) it.unattached(says);
  // "failed container tasks" are tasks.
  const isBeforeRows = s.sense(end, 'noun').some(({ what }) => what.some(({ dataset }) => dataset === it.dataset));
  if (isDescribed && it.noun === undefined && !isBeforeRows) it.penalty += describedCost;
  // "tasks of stopped guests": what was done says nothing of how the guests are.
  if (wasSaid && !isBeforeRows && it.dataset.events && it.shown.at(-1) === edge) it.penalty += describedCost;
}

/** Takes one piece; false where the dataset has no place for it. */
function attached(it: Interpretation, s: Sentence, edge: Edge, fragment: Fragment, says: string): boolean {
  const { start } = edge;
  switch (fragment.f) {
    case 'core':
      // "with their IPs": to be shown, not looked for.
      if (fragment.core.c === 'with' && !fragment.core.neg && /^(their|its)$/.test(s.word(edge.end))) return true;
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
    case 'began':
      return attachTime(it, fragment, says, start);
    case 'measure':
      // "the 3 biggest VMs" are no number of VMs.
      if (
        fragment.measure.names === 'rows' &&
        it.noun === undefined &&
        (it.superlative || it.root.children.length > 0 || /^(which|what)$/.test(s.word(edge.start - 1)))
      )
        it.shown.push(edge);
      return takeMeasure(it, fragment.measure);
    case 'super':
      // "most used storage": the storage is not what something else has most of.
      if (fragment.measure?.names === 'rows' && it.noun === undefined) it.shown.push(edge);
      return takeOfRelated(it, s, edge, fragment) || takeSuper(it, fragment);
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

/** "whose newest backup is older than a day": of the backups of each, not of the rows. */
function takeOfRelated(
  it: Interpretation,
  s: Sentence,
  edge: Edge,
  fragment: Extract<Fragment, { f: 'super' }>,
): boolean {
  const before = s.surface(Math.max(0, edge.start - 2), edge.start + 1);
  const isHad = it.with?.neg === false || /\bwhose\b/i.test(before);
  if (!isHad || it.noun === undefined || it.frame !== it.root) return false;
  const nouns = s.sense(edge.end, 'noun').flatMap(({ what }) => what);
  const isOwn = nouns.some(({ dataset }) => dataset === it.dataset);
  if (isOwn || relationTo(it.dataset, nouns) === undefined) return false;
  const grade = fragment.grades?.find(({ dataset }) => nouns.some((noun) => noun.dataset === dataset))?.grade;
  const isBare = fragment.measure === undefined && fragment.nouns === undefined && fragment.due === undefined;
  if (!isBare || (fragment.grades !== undefined && grade === undefined)) return false;
  it.utmost = grade?.dir ?? fragment.dir ?? 'desc';
  it.with ??= { neg: false, at: edge.start };
  return true;
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
      it.excepts = true;
      return true;
    case 'with':
      it.with = { neg: core.neg, at };
      if (core.neg) it.lackedAt = at;
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
      // Where its last word stands: "stored on".
      it.prep = { to: core.to, at: at + says.split(' ').length - 1 };
      return true;
    case 'aggregate':
      return takeAggregate(it, core.of, at, says);
    case 'most':
      it.superlative = true;
      return false;
    case 'qualifier':
      return takeQualifier(it, core);
    case 'compare':
    case 'older':
    case 'per':
    case 'sort':
    case 'direction':
    case 'text':
      return false;
    case 'and':
      it.joinedAt = at + 1;
      // "all nodes but pve1"
      if (says === 'but' && it.all && it.noun !== undefined) it.neg = true;
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

/** What kind of figure is asked for. */
function takeAggregate(
  it: Interpretation,
  of: NonNullable<Interpretation['aggregate']>,
  at: number,
  says: string,
): boolean {
  // "VMs by number of snapshots": no column tells it.
  if (of === 'count' && it.prep?.to === 'by' && it.prep.at === at - 1) return false;
  // "average number of vCPUs": the average is what is asked for.
  if (it.aggregate === undefined || it.aggregate === 'count') {
    it.aggregate = of;
    it.aggregateWord = says.toLowerCase();
  }
  return true;
}

/** "used", "free", "allocated" apart from what they are said of: of a quantity that was named before, where one was. */
function takeQualifier(it: Interpretation, core: Extract<CoreOf, { c: 'qualifier' }>): boolean {
  // "VMs in use", "their usage": by itself it says little; "free" and "allocated" say something.
  it.qualifier = core.which;
  // "how many vCPUs have we handed out": said of a quantity that was named before.
  if (it.measure && it.measure.qualifier === undefined) {
    it.measure = { ...it.measure, qualifier: core.which, ...(core.given ? { given: true as const } : {}) };
    return true;
  }
  it.penalty += 0.6;
  if (core.given && it.root.parts.length + it.root.children.length > 0) return true;
  return core.which === 'used' || it.aggregate === 'sum';
}
