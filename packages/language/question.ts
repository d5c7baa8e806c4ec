import type { Dataset } from '@pxa/catalog';
import type { Filter, Measure, Query } from '@pxa/contract';
import { covers, spokenOf } from './cover.ts';
import { joined } from './frame.ts';
import { interpret } from './interpret.ts';
import { type Interpretation, queryOf } from './interpretation.ts';
import { columnOf } from './measure.ts';
import { entitiesAt, isOrdinary } from './rules-names.ts';
import type { Sentence } from './sentence.ts';

/** How many ways to cut a sentence into pieces are looked at for each dataset. */
const coversTried = 3;

/** The best reading of a sentence over all datasets that its words speak of. */
export function bestReading(s: Sentence, datasets: readonly Dataset[]): Interpretation | undefined {
  const { datasets: spoken, kinds } = spokenOf(s.pieces());
  // Guests are what is meant where only a place is named.
  const named = datasets.filter(
    ({ entity }) => entity !== undefined && (kinds.has(entity) || (entity === 'guest' && kinds.size > 0)),
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

/** What speaks for or against a dataset, beyond whether its words fit. */
function adjust(s: Sentence, it: Interpretation): void {
  const isHistory = it.dataset.id.endsWith('-history');
  const overTime = it.aggregate === 'max' || it.aggregate === 'min' || it.aggregate === 'avg';
  if (isHistory && it.window === undefined && !(overTime && it.named.length > 0) && it.noun === undefined)
    it.penalty += 2;
  if (!isHistory && overTime && it.own.length === 1) it.penalty += 2.5;
  const didWho =
    s.word(0) === 'who' &&
    /^(started|stopped|did|ran|created|deleted|removed|changed|made|migrated|moved|restarted|rebooted|shut|took|cloned|restored|killed|cancelled|last)$/.test(
      s.word(1),
    );
  if (didWho && it.dataset.scopes?.user === undefined && it.dataset.entity !== 'user') it.penalty += 3;
  if (it.counted !== undefined && !it.superlative) it.unattached(String(it.counted));
  // "how much free memory is there?" is about the hosts.
  if (it.measure !== undefined && it.dataset.entity === 'guest' && it.noun === undefined && it.own.length === 0)
    it.penalty += 0.6;
  // "memory allocated on pve-node03" was allocated to guests.
  if (it.measure?.given && it.dataset.entity === 'node') it.penalty += 2.5;
  // "what is not running?" is asked about guests, where nothing else is said.
  const bare = it.noun === undefined && it.own.length === 0 && it.focus.length === 0 && it.order.length === 0;
  if (bare && !it.hinted && it.dataset.entity !== 'guest' && it.dataset.gathers === undefined) it.penalty += 0.6;
  // "what is on pve-node03?": guests, where nothing else is said.
  const onlyScopes =
    it.noun === undefined && it.own.length === 0 && it.focus.length === 0 && it.order.length === 0 && !it.hinted;
  const scopes = new Set(Object.values(it.dataset.scopes ?? {}));
  if (onlyScopes && it.dataset.entity !== 'guest' && it.root.parts.every(({ about }) => scopes.has(about)))
    it.penalty += 1.5;
  // "is anything wrong?" is about everything.
  if (
    it.dataset.gathers &&
    it.noun === undefined &&
    s.tokens.some(({ word }) =>
      /^(anything|everything|something|all|cluster|system|infrastructure|environment)$/.test(word),
    )
  )
    it.penalty -= 1;
  // A figure that is asked for, but of nothing that the dataset measures.
  const sizeAsked = /^how many [a-z]*(b|gig|bytes?)( of)?$/.test(it.aggregateWord);
  const figure = it.measure ?? it.qualifier ?? it.focus[0];
  if (overTime && it.measure === undefined && it.order.length === 0) it.penalty += 6;
  else if (sizeAsked && figure === undefined) it.penalty += 6;
}

const beginsYesNo = /^(is|are|was|were|does|do|did|has|have|had|any)$/;
const leadIn =
  /^(and|so|please|hey|hi|ok|tell|me|if|whether|well|hello|pls|i|am|wondering|wonder|can|could|you|let|know|check|see)$/;

/** Whether a sentence asks for yes or no. */
function asksYesNo(s: Sentence): boolean {
  let at = 0;
  while (leadIn.test(s.word(at))) at++;
  if (/^(do|have)$/.test(s.word(at)) && s.word(at + 1) === 'not') return false;
  // "build-agent up?"
  const isName = entitiesAt(s, 0).some(({ kind }) => kind === 'guest' || kind === 'node') && !isOrdinary(s, 0);
  const last = s.phrases(s.tokens.length - 1).flatMap(({ senses }) => senses);
  const isState = last.some(({ t }) => t === 'condition') && !last.some(({ t }) => t === 'noun');
  if (at === 0 && s.tokens.length <= 4 && isName && isState) return true;
  return beginsYesNo.test(s.word(at)) || (at > 0 && /^(if|whether)$/.test(s.word(at - 1)));
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
  limitSuperlative(s, it);
  const query = { ...queryOf(it), title: titleOf(it) };
  const where = joined([...(query.where ? [query.where] : []), ...usual]);
  const base: Query = where === undefined ? query : { ...query, where };
  if (it.group.length > 0) return grouped(it, base);
  if (it.aggregate === 'share') return shareOf(it, base, usual);
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
  if (aggregate === undefined || aggregate === 'count' || measured === undefined)
    return { ...rest, measure: { of: 'count' } };
  return { ...rest, measure: { of: aggregate, column: measured } };
}

interface Split {
  readonly where: Filter | undefined;
  readonly test: Filter | undefined;
}

/** What a sentence is about, and what it says of that: "production VMs" and "are running". */
function split(it: Interpretation, usual: readonly Filter[]): Split {
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
  const subject = it.root.parts.filter(isSubject).map(({ filter }) => filter);
  const said = it.root.parts.filter((part) => !isSubject(part)).map(({ filter }) => filter);
  const related = it.root.filter(() => true);
  return { where: joined([...subject, ...usual]), test: joined([...said, ...(related ? [related] : [])]) };
}

/** "what percentage of the guests is running?" */
function shareOf(it: Interpretation, base: Query, usual: readonly Filter[]): Query {
  const { where, test } = split(it, usual);
  if (test === undefined) return { ...base, measure: { of: 'count' } };
  const { where: _where, ...rest } = base;
  return { ...rest, ...(where === undefined ? {} : { where }), measure: { of: 'share', test } };
}

/** A yes/no question: of named things or of all, whether the rest holds; otherwise whether there is any such row. */
function yesNo(s: Sentence, it: Interpretation, base: Query, usual: readonly Filter[]): Query {
  if (it.own.length > 0 || it.all || saysAllIsWell(s, it)) {
    const { where, test } = split(it, usual);
    if (test !== undefined) {
      const { where: _where, ...rest } = base;
      return { ...rest, ...(where === undefined ? {} : { where }), measure: { of: 'all', test } };
    }
  }
  return { ...base, measure: { of: 'any' } };
}

const well =
  /^(ok|okay|fine|healthy|good|alright|online|up|running|working|active|enabled|complete|successful|order|quorate|started|green)$/;

/** "is HA ok?", "are the nodes online?" are about all of them; "is there a stopped VM?" and "is replication failing?" about any. */
function saysAllIsWell(s: Sentence, it: Interpretation): boolean {
  const begins = s.tokens.findIndex(({ word }) => /^(is|are|was|were)$/.test(word));
  if (begins < 0 || begins > 2 || it.any || it.neg) return false;
  const some = s.tokens.some(
    ({ word }, at) => /^(there|any|some)$/.test(word) || (/^(a|an)$/.test(word) && at === begins + 1),
  );
  return !some && s.tokens.slice(begins + 1).some(({ word }) => well.test(word));
}

const existential = /^(there|any|some|have|has|exist|exists|got|left|a|an)$/;

/** Whether a yes/no question without a condition asks for anything but that there are such rows. */
export function asksNothing(s: Sentence, it: Interpretation): boolean {
  if (!asksYesNo(s) || it.aggregate !== undefined || it.superlative || it.own.length > 0) return false;
  if (it.root.parts.length > 0 || it.root.children.length > 0 || it.guesses.length > 0) return false;
  return !s.tokens.some(({ word }) => existential.test(word));
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
