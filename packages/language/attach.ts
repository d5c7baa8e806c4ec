import type { Dataset, EntityKind } from '@pxa/catalog';
import type { Filter } from '@pxa/contract';
import type { Fragment, Mention } from './fragment.ts';
import { Frame, joined } from './frame.ts';
import type { Interpretation } from './interpretation.ts';
import type { Entity } from './inventory.ts';
import { negated, type SenseOf } from './lexicon.ts';
import { columnFor } from './measure.ts';

export type Of<F extends Fragment['f']> = Extract<Fragment, { f: F }>;

/** Adds a condition to a frame, turned round where a "not" or "without" stands before it. */
export function addCondition(
  it: Interpretation,
  frame: Frame,
  filter: Filter,
  not: Filter,
  about: string,
  says: string,
  at: number,
): void {
  const neg = it.takeNeg() !== (it.with?.neg === true);
  it.with = undefined;
  const or = it.takeOr();
  // "not running or paused" is neither.
  const last = frame.parts.at(-1);
  const isNeither =
    or !== undefined && !neg && last?.about === about && last.filter.op === 'compare' && last.filter.is === '!=';
  if (isNeither) frame.add(not, about, says, at, undefined);
  else frame.add(neg ? not : filter, about, neg ? `not ${says}` : says, at, or);
}

/** A wording that is a condition (`running`, `locked`, `ha managed`): of the nearest rows that it can be said of. */
export function attachCondition(
  it: Interpretation,
  senses: readonly SenseOf<'condition'>[],
  says: string,
  at: number,
): boolean {
  for (const frame of it.frames()) {
    const sense = senses.find(({ dataset }) => dataset === frame.dataset);
    if (sense === undefined) continue;
    // "who has no backup?" is not about all that was done beside backups.
    if (frame.dataset.events && it.noun === undefined && (it.neg || it.with?.neg)) continue;
    if (sense.where && sense.not) addCondition(it, frame, sense.where, sense.not, aboutOf(sense.where), says, at);
    else it.hinted = true;
    it.focus.push(...(sense.where ? [] : sense.focus));
    return true;
  }
  return false;
}

function aboutOf(filter: Filter): string {
  return 'column' in filter ? filter.column : JSON.stringify(filter);
}

const kindOrder: readonly EntityKind[] = ['guest', 'node', 'storage', 'pool', 'user', 'vlan', 'bridge', 'tag'];

/** Names of things, as a condition on the column of the nearest rows that such things narrow. */
export function attachEntities(
  it: Interpretation,
  { mentions, kinds }: Of<'entity'>,
  says: string,
  at: number,
): boolean {
  const isAim = it.prep?.to === 'to' && it.prep.at === at - 1;
  const aimed = isAim ? it.frames().filter(({ dataset }) => dataset.towards !== undefined) : [];
  for (const frame of [...aimed, ...it.frames()]) {
    const scopes = { ...frame.dataset.scopes, ...(isAim && frame.dataset.towards) };
    const isPlace = it.prep?.to === 'on' && it.prep.at === at - 1;
    const fitting = kindsOf(mentions, kinds).filter(
      (each) => scopes[each] !== undefined && !(frame.dataset.entity === each && namesPart(mentions, each)),
    );
    // "on pve1" is the node, though a guest may be called so; without a word that tells, it may be either.
    // "replicated to pve2", "migrated to pve2": not where they are.
    if (isAim && fitting[0] === 'node' && frame.dataset.towards?.node === undefined) continue;
    const kind = isPlace ? (fitting.find((each) => each !== 'guest') ?? fitting[0]) : fitting[0];
    if (kind === undefined) continue;
    // "VMs without snapshots on pve1": where the VMs are.
    if (frame.neg && kind === 'node' && frame.parent?.dataset.scopes?.[kind] !== undefined) continue;
    const both = mentions.find(
      ({ entities }) => entities.some((each) => each.kind === 'guest') && entities.some((each) => each.kind === 'node'),
    );
    if (both && !isPlace && kinds === undefined) it.problems.push({ p: 'ambiguous', mention: both });
    const column = scopes[kind] ?? '';
    const values: string[] = [];
    for (const mention of mentions) {
      const bearing = mention.entities.filter((entity) => entity.kind === kind);
      if (kind === 'guest' && bearing.length > 1) it.problems.push({ p: 'ambiguous', mention });
      values.push(...bearing.slice(0, 1).map(({ key }) => key));
      it.named.push(mention.said);
    }
    // "tagged web and production" has both; "web-01 and web-02" are two guests.
    // "the web and cache guests" are those of both kinds.
    const isSaid = kinds !== undefined || it.noun !== undefined || it.with !== undefined;
    const hasAll = kind === 'tag' && isSaid && values.length > 1 && / and /i.test(says) && !/ or /i.test(says);
    const each = (value: string): Filter => ({ op: 'compare', column, is: '=', value });
    const filter: Filter = hasAll
      ? { op: 'and', of: values.map(each) }
      : values.length === 1
        ? { op: 'compare', column, is: '=', value: values[0] ?? '' }
        : { op: 'in', column, values };
    if (frame === it.root && frame.dataset.entity === kind) {
      it.own = values;
      it.aboutWhatIsThere ||=
        (kind === 'node' || kind === 'storage') &&
        it.prep?.to === 'on' &&
        it.prep.at === at - 1 &&
        it.noun === undefined &&
        it.focus.length === 0;
    }
    addCondition(it, frame, filter, negated(filter), column, says, at);
    return true;
  }
  return false;
}

/** Whether an API token was named, `root@pam!ci`, which is none of the users itself. */
function namesPart(mentions: readonly Mention[], kind: EntityKind): boolean {
  return kind === 'user' && mentions.some(({ said }) => said.includes('!'));
}

/** The kinds of things that every mention can be, the likeliest first. */
function kindsOf(mentions: readonly Mention[], wanted: readonly EntityKind[] | undefined): EntityKind[] {
  const can = (kind: EntityKind): boolean =>
    mentions.every(({ entities }) => entities.some((entity: Entity) => entity.kind === kind));
  return (wanted ?? kindOrder).filter(can);
}

/** Comparisons read from the other side. */
const turned = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '=': '=', '!=': '!=' } as const;

/** `more than 4 GB of memory`, `over 70% full`, `more than 3 snapshots`. */
export function attachCompare(it: Interpretation, fragment: Of<'compare'>, says: string, at: number): boolean {
  if (it.room) return attachRoom(it, fragment, says, at);
  const { amount, to, nouns, grades, measure } = fragment;
  // "is there 64 GB free anywhere?": more will do.
  const is = fragment.is === '=' && measure?.qualifier === 'free' && to === undefined ? '>=' : fragment.is;
  const given = (it.with !== undefined && !it.with.neg) || (it.or && it.lastGiven);
  it.lastGiven = given;
  // "5 guests" counts what is asked for, rather than saying of nodes that they have five.
  if (is === '=' && it.noun === undefined && (nouns !== undefined || measure?.names === 'rows')) it.penalty += 2;
  for (const frame of it.frames()) {
    const { dataset } = frame;
    const grade = grades?.find((sense) => sense.dataset === dataset)?.grade.column;
    const relation = nouns === undefined ? undefined : relationTo(dataset, nouns);
    if (relation !== undefined && nouns !== undefined) {
      const neg = it.takeNeg();
      it.with = undefined;
      const child = new Frame(relatedDataset(dataset, relation, nouns), {
        parent: frame,
        relation,
        neg,
        join: it.takeOr(),
        count: { is, number: amount.number },
      });
      addNounFilter(child, nouns, says, at);
      it.frame = child;
      return true;
    }
    if (nouns !== undefined) continue;
    const column =
      grade ?? columnFor(dataset, measure ?? { senses: [], qualifier: undefined }, amount, given || is === '=');
    if (column === undefined || !unitFits(dataset, column, amount.unit)) continue;
    // "less than 20% free" is more than 80% in use.
    // "64 GB free" is looked for on the hosts, where no guests are named.
    if (measure?.qualifier === 'free' && it.noun === undefined && dataset.entity === 'guest') it.penalty += 0.9;
    const isFree =
      amount.unit === 'fraction' &&
      measure?.qualifier === 'free' &&
      dataset.quantities?.some(({ share, free }) => share === column && free !== undefined && free !== share) === true;
    const lower: Filter = isFree
      ? { op: 'compare', column, is: turned[is], value: Number((1 - amount.number).toFixed(6)) }
      : { op: 'compare', column, is, value: amount.number };
    const both = to === undefined ? lower : joined([lower, { op: 'compare', column, is: '<=', value: to.number }]);
    const filter = both ?? lower;
    if (it.with?.neg === false) it.with = undefined;
    addCondition(it, frame, filter, negated(filter), `${column} ${is}`, says, at);
    return true;
  }
  return false;
}

/** `6 GB of RAM`, of what must fit: so much must be free, or there where nothing tells what is free. */
function attachRoom(it: Interpretation, { amount, measure }: Of<'compare'>, says: string, at: number): boolean {
  const { dataset, root } = it;
  const words = measure ?? { senses: [], qualifier: undefined };
  const column =
    // Cores are shared: a guest fits where there are as many, busy or not.
    (amount.unit === 'plain' ? undefined : columnFor(dataset, { ...words, qualifier: 'free' }, amount, false)) ??
    columnFor(dataset, { ...words, qualifier: 'total' }, amount, true);
  if (column === undefined || !unitFits(dataset, column, amount.unit)) return false;
  it.with = undefined;
  root.add({ op: 'compare', column, is: '>=', value: amount.number }, column, says, at, undefined);
  return true;
}

function unitFits(dataset: Dataset, column: string, unit: string): boolean {
  const own = dataset.columns[column]?.unit;
  if (unit === 'fraction') return own === 'fraction';
  if (unit === 'bytes') return own === 'bytes';
  return own !== 'bytes';
}

/** The relation by which a dataset's rows have rows that one of the nouns names. */
export function relationTo(dataset: Dataset, nouns: readonly SenseOf<'noun'>[]): string | undefined {
  for (const [name, relation] of Object.entries(dataset.relations ?? {})) {
    if (nouns.some((sense) => sense.dataset.id === relation.dataset)) return name;
  }
  return undefined;
}

export function relatedDataset(dataset: Dataset, relation: string, nouns: readonly SenseOf<'noun'>[]): Dataset {
  const id = dataset.relations?.[relation]?.dataset;
  const found = nouns.find((sense) => sense.dataset.id === id)?.dataset;
  if (found === undefined) throw new Error(`${dataset.id}.${relation} leads to no dataset that was named`);
  return found;
}

export function addNounFilter(frame: Frame, nouns: readonly SenseOf<'noun'>[], says: string, at: number): void {
  const noun = nouns.find(({ dataset }) => dataset === frame.dataset)?.noun;
  if (noun?.where) frame.add(noun.where, aboutOf(noun.where), says, at, undefined);
}

/** `with a name beginning with "db"`, `named web`. */
export function attachText(it: Interpretation, fragment: Of<'text'>, says: string, at: number): boolean {
  const { attributes, how, text, guess } = fragment;
  if (guess) return attachGuess(it, text, says, at);
  for (const frame of it.frames()) {
    const own = attributes.find(({ dataset }) => dataset === frame.dataset)?.column;
    const column = own ?? (attributes.length === 0 ? frame.dataset.named : undefined);
    if (column === undefined) continue;
    const filter: Filter =
      how === 'is' ? { op: 'compare', column, is: '=', value: text } : { op: 'text', column, how, text };
    // "members of X" may be members of anything, where nothing says of what.
    const isRows = how === 'is' && /^\w+s\b/.test(says);
    if (isRows && it.noun === undefined && it.own.length === 0 && frame === it.root) it.penalty += 3;
    if (it.with?.neg === false) it.with = undefined;
    addCondition(it, frame, filter, negated(filter), `${column} ${how}`, says, at);
    return true;
  }
  return false;
}

/** The kinds of things whose names are all known: what is called nothing of these is asked about, never looked for. */
const inventoried = new Set<EntityKind>(['guest', 'node', 'storage', 'pool', 'tag']);

/** A word that may name one of the rows (a backup job, a ZFS pool, an image), of which only the rows can tell. */
function attachGuess(it: Interpretation, text: string, says: string, at: number): boolean {
  const { named, entity } = it.dataset;
  if (named === undefined || named.startsWith('guest') || (entity !== undefined && inventoried.has(entity)))
    return false;
  // "snapshots of X": X is a guest, and there is none of that name.
  if (it.prep?.at === at - 1 && it.dataset.scopes?.guest !== undefined) return false;
  it.guesses.push({ column: named, text, at });
  const filter: Filter = { op: 'text', column: named, how: 'contains', text };
  addCondition(it, it.root, filter, negated(filter), `${named} guess`, says, at);
  return true;
}
