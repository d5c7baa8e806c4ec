import type { Dataset } from '@pxa/catalog';
import type { Filter, Measure, Query } from '@pxa/contract';
import { covers, spokenOf } from './cover.ts';
import { adjust } from './adjust.ts';
import { joined } from './frame.ts';
import { interpret } from './interpret.ts';
import { type Interpretation, queryOf } from './interpretation.ts';
import { columnOf } from './measure.ts';
import type { Sentence } from './sentence.ts';
import { asksYesNo, saysAllIsWell, saysThereIs } from './yes-no.ts';

/** How many ways to cut a sentence into pieces are looked at for each dataset. */
const coversTried = 3;

/** The best reading of a sentence over all datasets that its words speak of. */
export function bestReading(s: Sentence, datasets: readonly Dataset[]): Interpretation | undefined {
  const { datasets: spoken, kinds } = spokenOf(s.pieces());
  const ids = new Set([...spoken].map(({ id }) => id));
  // Guests are what is meant where only a place or what they have is named: "on pve1", "without a backup".
  const isHad = ({ relations }: Dataset): boolean =>
    Object.values(relations ?? {}).some((relation) => ids.has(relation.dataset));
  const named = datasets.filter(
    (each) =>
      (each.entity !== undefined && kinds.has(each.entity)) ||
      (each.entity === 'guest' && (kinds.size > 0 || isHad(each))) ||
      (each.events && kinds.has('user')),
  );
  let best: Interpretation | undefined;
  for (const dataset of new Set([...spoken, ...named])) best = better(s, dataset, best);
  return best;
}

/** The best reading of a sentence as one about the rows of one dataset. */
export function readingOf(s: Sentence, dataset: Dataset): Interpretation | undefined {
  return better(s, dataset, undefined);
}

/** What is said for a dataset itself can make a reading better than its pieces by this much at the most. */
const mostInFavour = 1.5;

/** The better of the best reading so far and those of a dataset; readings that cannot be better are not made. */
function better(s: Sentence, dataset: Dataset, sofar: Interpretation | undefined): Interpretation | undefined {
  let best = sofar;
  for (const cover of covers(s.pieces(), dataset, coversTried)) {
    if (best !== undefined && cover.cost - mostInFavour >= best.penalty) break;
    const it = interpret(s, cover, dataset);
    adjust(s, it);
    if (best === undefined || it.penalty < best.penalty) best = it;
  }
  return best;
}

/** The query of a reading: what kind of answer is wanted, and what goes without saying. */
export function finish(s: Sentence, it: Interpretation): Query {
  const { dataset } = it;
  const usual = usualConditions(s, it);
  it.measured = measuredColumn(s, it);
  if (it.groupMeasure !== undefined && it.group.length === 0) {
    const focus = it.focus.splice(0);
    it.group.push(...(it.kinds.length > 0 ? new Set(it.kinds) : focus));
  }
  chooseNext(s, it);
  limitSuperlative(s, it);
  const query = { ...queryOf(it), title: titleOf(it) };
  const where = joined([...(query.where ? [query.where] : []), ...usual]);
  const base: Query = where === undefined ? query : { ...query, where };
  if (it.group.length > 0) return grouped(it, base);
  if (it.aggregate === 'share') return shareOf(s, it, base, usual);
  if (
    (asksYesNo(s) || (it.room && /^(can|could|would|will)$/.test(s.word(0)))) &&
    it.aggregate === undefined &&
    !it.superlative
  )
    return yesNo(s, it, base, usual);
  const measure = measureOf(s, it);
  if (measure === undefined) return base;
  if (!('of' in measure)) return { ...base, ...measure };
  const { focus: _focus, ...rest } = base;
  return {
    ...rest,
    measure,
    ...(measure.column === undefined ? {} : { focus: it.focus.length > 0 ? it.focus : [measure.column] }),
    dataset: dataset.id,
  };
}

/** The column that a named quantity stands for, by the kind of figure that is asked for. */
function measuredColumn(s: Sentence, it: Interpretation): string | undefined {
  const { aggregate, dataset } = it;
  const measure =
    it.measure ?? (aggregate === 'sum' && it.qualifier ? { senses: [], qualifier: it.qualifier } : undefined);
  // "how much is free on tank?": the adjective named what is added up.
  if (measure === undefined)
    return aggregate === 'sum' ? it.focus.find((column) => dataset.columns[column]?.unit === 'bytes') : undefined;
  if (aggregate === 'count') return columnOf(dataset, measure, 'count');
  if (aggregate !== 'sum') return columnOf(dataset, measure, 'value');
  const qualifier = measure.qualifier ?? it.qualifier ?? sumQualifier(s, it);
  return columnOf(dataset, { ...measure, qualifier }, 'sum') ?? columnOf(dataset, measure, 'sum');
}

/** "how much does it use?" and "how much has it?" are about different things; "total" means what there is. */
function sumQualifier(s: Sentence, it: Interpretation): 'used' | 'total' {
  const has = (words: RegExp): boolean => s.tokens.some(({ word }) => words.test(word));
  if (has(/^(use|uses|using|used|consume|consumes|consuming|take|takes|taking|eat|eats)$/)) return 'used';
  if (has(/^(have|has|given|assigned|allocated)$/)) return 'total';
  return it.aggregateWord === 'how much' ? 'used' : 'total';
}

function usualConditions(s: Sentence, it: Interpretation): Filter[] {
  if (it.own.length > 0) return [];
  const stems = new Set(s.tokens.map(({ stem }) => stem));
  return (it.dataset.unless ?? [])
    .filter(({ mentions }) => !mentions.some((word) => stems.has(word)))
    .map(({ where }) => where);
}

/** "which one runs next?", "which job is next?": the one whose time comes first. */
function chooseNext(s: Sentence, it: Interpretation): void {
  const isAsked = s.core(0, 'ask').length > 0 && /^(which|what)$/.test(s.word(0)) && it.own.length === 0;
  const isNext = /^(next|first|soonest)$/.test(s.word(s.tokens.length - 1));
  const [column] = it.focus.filter((each) => it.dataset.columns[each]?.unit === 'time');
  if (!isAsked || !isNext || column === undefined || it.order.length > 0) return;
  it.order.push({ column, dir: 'asc' });
  it.limit ??= 1;
}

function limitSuperlative(s: Sentence, it: Interpretation): void {
  if (!it.superlative) return;
  const { dataset } = it;
  if (it.order.length === 0) {
    // "top 3 VMs", "biggest backup": by what such rows are usually ordered by.
    const grade = dataset.grades?.[0];
    const size = (dataset.quantities ?? []).find(({ plain }) => dataset.columns[plain]?.unit === 'bytes')?.plain;
    const column = it.sized ? (size ?? grade?.column) : (grade?.column ?? size ?? dataset.time);
    if (column !== undefined) it.order.push({ column, dir: it.superDir ?? grade?.dir ?? 'desc' });
  }
  it.limit ??= it.counted;
  if (it.limit !== undefined) return;
  const before = s.word((it.noun?.at ?? 0) - 1);
  const partOf = /^(of|among|amongst)$/.test(before) || /^(of|among|amongst)$/.test(s.word((it.noun?.at ?? 0) - 2));
  if (it.noun?.plural !== true || partOf || it.noun.at < 0) it.limit = 1;
}

function grouped(it: Interpretation, base: Query): Query {
  const { focus: _focus, columns: _columns, ...rest } = base;
  const { aggregate, measured } = it;
  const utmost = utmostOf(it);
  if (utmost !== undefined) {
    const { order: _order, limit: _limit, ...all } = rest;
    return { ...all, measure: utmost };
  }
  // "memory used per node": what can be added up is.
  const column = aggregate === undefined && it.measure ? summable(it) : undefined;
  if (column !== undefined) return { ...rest, measure: { of: 'sum', column } };
  if (aggregate === undefined || aggregate === 'count' || measured === undefined) {
    // Groups are ordered by what is told of them: "the largest number of VMs per node".
    const [by] = it.superlative ? it.order : [];
    return { ...rest, ...(by ? { order: [{ column: 'count', dir: by.dir }] } : {}), measure: { of: 'count' } };
  }
  return { ...rest, measure: { of: aggregate, column: measured } };
}

/** "the newest backup of each guest": the greatest of what the adjective goes by, a group. */
function utmostOf({ superlative, groupMeasure, aggregate, order, limit }: Interpretation): Measure | undefined {
  const [by] = order;
  if (!superlative || groupMeasure !== undefined || aggregate !== undefined || limit !== 1) return undefined;
  return by && order.length === 1 ? { of: by.dir === 'desc' ? 'max' : 'min', column: by.column } : undefined;
}

function summable({ dataset, measure }: Interpretation): string | undefined {
  const column = measure && columnOf(dataset, measure, 'sum');
  const unit = column === undefined ? undefined : dataset.columns[column]?.unit;
  return unit === 'bytes' || unit === 'vcpus' ? column : undefined;
}

interface Split {
  readonly where: Filter | undefined;
  readonly test: Filter | undefined;
}

/** What a sentence is about, and what it says of that: "production VMs" and "are running". */
function split(it: Interpretation, usual: readonly Filter[], s: Sentence): Split {
  const scopes = new Set(Object.values(it.dataset.scopes ?? {}));
  const own = it.dataset.scopes?.[it.dataset.entity ?? 'guest'];
  const isSubject = ({ at, about }: { at: number; about: string }): boolean =>
    it.own.length > 0
      ? about === own || about === 'noun'
      : about === it.dataset.named ||
        at <= (it.noun?.at ?? -1) ||
        about === 'noun' ||
        scopes.has(about) ||
        about.endsWith(' time');
  // "are all VMs running and on pve1?" asks for the place, too.
  const joinsPlace = ({ at, about }: { at: number; about: string }): boolean =>
    it.own.length === 0 && scopes.has(about) && at > (it.noun?.at ?? -1) && s.word(at - 2) === 'and';
  const subject = it.root.parts.filter((part) => isSubject(part) && !joinsPlace(part)).map(({ filter }) => filter);
  const said = it.root.parts.filter((part) => !isSubject(part) || joinsPlace(part)).map(({ filter }) => filter);
  const related = it.root.filter(() => true);
  return { where: joined([...subject, ...usual]), test: joined([...said, ...(related ? [related] : [])]) };
}

/** "what percentage of the guests is running?" */
function shareOf(s: Sentence, it: Interpretation, base: Query, usual: readonly Filter[]): Query {
  const { where, test } = split(it, usual, s);
  if (test === undefined) return { ...base, measure: { of: 'count' } };
  const { where: _where, ...rest } = base;
  return { ...rest, ...(where === undefined ? {} : { where }), measure: { of: 'share', test } };
}

/** A yes/no question: of named things or of all, whether the rest holds; otherwise whether there is any such row. */
function yesNo(s: Sentence, it: Interpretation, base: Query, usual: readonly Filter[]): Query {
  if (it.own.length > 0 || it.all || saysAllIsWell(s, it)) {
    const { where, test } = split(it, usual, s);
    if (test !== undefined) {
      const { where: _where, ...rest } = base;
      return { ...rest, ...(where === undefined ? {} : { where }), measure: { of: 'all', test } };
    }
    // "is web-01 slow?", "bridge of web-01?": nothing was said that could be so or not; what tells is shown.
    if (it.own.length > 0 && it.focus.length > 0 && !saysThereIs(s)) return base;
  }
  return { ...base, measure: { of: 'any' } };
}

function measureOf(s: Sentence, it: Interpretation): Measure | Pick<Query, 'order' | 'limit'> | undefined {
  const { aggregate, measured } = it;
  if (aggregate === undefined || (it.perRow && aggregate === 'sum')) return undefined;
  if (aggregate === 'count' || (aggregate === 'sum' && measured === undefined)) {
    const unit = measured === undefined ? undefined : it.dataset.columns[measured]?.unit;
    if (measured !== undefined && unit !== undefined && unit !== 'text' && it.order.length === 0)
      return { of: 'sum', column: measured };
    return { of: 'count' };
  }
  if (measured === undefined) return it.order.length > 0 ? undefined : { of: 'count' };
  const isWhich =
    s.tokens.slice(0, 3).some(({ word }) => /^(which|what|who)$/.test(word)) &&
    it.noun !== undefined &&
    it.noun.at <= 3;
  if ((aggregate === 'max' || aggregate === 'min') && isWhich && it.window === undefined) {
    return { order: [{ column: measured, dir: aggregate === 'max' ? 'desc' : 'asc' }], limit: 1 };
  }
  return { of: aggregate, column: measured };
}

/** `Running VMs on pve-node02`: what was said, in the order of a heading. */
function titleOf(it: Interpretation): string {
  const noun = it.noun?.title ?? it.dataset.title;
  const at = it.noun?.at ?? -1;
  const said = it.root.parts.filter(({ says }) => says !== '');
  const before = said.filter((part) => part.at < at).map(({ says }) => says);
  const after = said.filter((part) => part.at >= at).map(({ says }) => says);
  const isOwn = it.own.length > 0 && it.noun === undefined;
  const words = isOwn
    ? [it.named.join(', ')]
    : [...before, before.length > 0 ? lowerFirst(noun) : noun, ...(after.length > 0 ? [`(${after.join(', ')})`] : [])];
  const text = words.join(' ').trim();
  return isOwn ? text : text.charAt(0).toUpperCase() + text.slice(1);
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
