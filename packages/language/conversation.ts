import type { Dataset } from '@pxa/catalog';
import type { Filter, Meaning, Query } from '@pxa/contract';
import { aboutNamed, asksOfThem, unlessPlain } from './anaphora.ts';
import { clarification } from './clarify.ts';
import { columnsHeld, columnsIn, idIs, isNumeric, parts, same, turnable } from './filters.ts';
import {
  asksForFigure,
  asksForRows,
  choosesAmong,
  continues,
  isElsewhere,
  readAs,
  refersBack,
  refiners,
  refines,
} from './follow-up.ts';
import { joined } from './frame.ts';
import { negated } from './lexicon.ts';
import type { Interpretation } from './interpretation.ts';
import { bestReading, finish } from './question.ts';
import type { Conversation } from './said-before.ts';
import type { Sentence } from './sentence.ts';

const mostIds = 500;

/** What a follow-up means: the question before about something else, fewer of its rows, another order, or what "it" stands for. */
export function followUp(s: Sentence, conversation: Conversation, datasets: readonly Dataset[]): Meaning | undefined {
  const { query } = conversation;
  const dataset = datasets.find(({ id }) => id === query?.dataset);
  if (query === undefined || dataset === undefined) return undefined;
  const ordinal = ordinalRow(s, conversation);
  if (ordinal === 'none') return clarification(`There are only ${conversation.ids?.length ?? 0} rows in that answer.`);
  if (ordinal !== undefined) return asked({ dataset: dataset.id, where: idIs([ordinal]), title: dataset.title });
  const opposite = complement(s, query, dataset);
  if (opposite !== undefined) return asked(opposite);
  if (asksForRows(s)) return asked(withoutMeasure(query));
  const figure = query.limit === undefined ? asksForFigure(s) : undefined;
  if (figure !== undefined) return asked(figureOf(query, figure, dataset));
  if (asksOfThem(s) && !refersBack(s, datasets)) return aboutNamed(s, conversation, dataset, datasets);
  // "and its snapshots?" is about what "it" stands for.
  const isTheirs = continues(s) && s.tokens.some(({ word }) => /^(its|their|it|them|they)$/.test(word));
  if (continues(s) && !isTheirs) return anotherSubject(s, query, dataset, datasets);
  // "only the containers", after a pool: those of its guests.
  if (refiners.test(s.word(0)))
    return refined(s, query, conversation, dataset) ?? aboutThem(s, query, conversation, dataset, datasets);
  if (query.limit === undefined && isElsewhere(s, datasets)) return anotherSubject(s, query, dataset, datasets);
  if (refersBack(s, datasets) || choosesAmong(s, dataset, datasets))
    return aboutThem(s, query, conversation, dataset, datasets) ?? unlessPlain(s, conversation, dataset, datasets);
  if (refines(s, dataset, datasets)) return refined(s, query, conversation, dataset);
  const where = /^(more|less|over|under|above|below|at|fewer|exactly)$/.test(s.word(0))
    ? anotherNumber(s, query)
    : undefined;
  return where === undefined ? undefined : asked({ ...query, where });
}

function asked(query: Query): Meaning {
  return { kind: 'query', query, notes: [], guesses: [] };
}

function ordinalRow(s: Sentence, { ids }: Conversation): string | undefined {
  const found = s
    .pieces()
    .flat()
    .find(({ fragment }) => fragment.f === 'ordinal');
  if (found?.fragment.f !== 'ordinal' || ids === undefined) return undefined;
  const rest = s.tokens.filter((_, at) => (at < found.start || at >= found.end) && s.cores(at).length === 0);
  if (rest.length > 0) return undefined;
  const { n } = found.fragment;
  return (n < 0 ? ids[ids.length - 1] : ids[n - 1]) ?? 'none';
}

/** "more than 4 then": another number in the place of the one that was compared with. */
function anotherNumber(s: Sentence, query: Query): Filter | undefined {
  const bare = s
    .pieces()
    .flat()
    .map(({ fragment }) => fragment)
    .find((fragment) => fragment.f === 'compare' && fragment.measure === undefined && fragment.nouns === undefined);
  if (bare?.f !== 'compare' || query.where === undefined) return undefined;
  const old = parts(query.where).findLast((part) => part.op === 'compare' && typeof part.value === 'number');
  if (old?.op !== 'compare') return undefined;
  const { is, amount } = bare;
  return joined(parts(query.where).map((part) => (part === old ? { ...old, is, value: amount.number } : part)));
}

/** "and which do not?", "and with?": the other way round. */
function complement(s: Sentence, query: Query, dataset: Dataset): Query | undefined {
  const isBare = s.tokens.every((_, at) => s.cores(at).length > 0 || s.core(at - 1, 'not').length > 0);
  const turns = s.tokens.some(({ word }) => /^(not|no|with|without)$/.test(word));
  if (!isBare || !turns || s.tokens.length > 5) return undefined;
  const { test } = query.measure ?? {};
  if (test !== undefined) {
    const { measure: _measure, ...rest } = query;
    return { ...rest, where: joined([...parts(query.where), negated(test)]) ?? negated(test) };
  }
  const where = parts(query.where);
  // What goes without saying (no templates) stays.
  const usual = (dataset.unless ?? []).map((each) => each.where);
  const last = where.findLast((part) => turnable(part) && !usual.some((each) => same(each, part)));
  if (last === undefined) return undefined;
  return { ...query, where: joined(where.map((part) => (part === last ? negated(part) : part))) ?? negated(last) };
}

/** "what is the number?", "what is the total?": of the rows before, or of the figures that were shown. */
function figureOf(query: Query, of: 'count' | 'sum', dataset: Dataset): Query {
  const { limit: _limit, order: _order, ...rest } = withoutMeasure(query);
  return { ...rest, measure: measureAgain(of, { of: 'count' }, query, dataset) };
}

function withoutMeasure(query: Query): Query {
  const { measure: _measure, ...rest } = query;
  return rest;
}

/** "and the containers?", "and pve-node02?": the question before, with what is said now in the place of what it takes. */
function anotherSubject(
  s: Sentence,
  query: Query,
  dataset: Dataset,
  datasets: readonly Dataset[],
): Meaning | undefined {
  const it = readAs(s, dataset);
  if (it === undefined) return undefined;
  if (it.noun === undefined && it.root.parts.length === 0 && it.focus.length === 0 && it.order.length === 0) {
    return undefined;
  }
  const own = bestReading(s, datasets);
  if (
    own !== undefined &&
    own.noun !== undefined &&
    own.dataset !== dataset &&
    own.problems.length === 0 &&
    own.penalty < it.penalty - 1
  )
    return undefined;
  const where = replaced(query.where, it);
  const { where: _where, ...rest } = query;
  return asked({
    ...rest,
    ...(where === undefined ? {} : { where }),
    ...(it.focus.length > 0 ? { focus: it.focus } : {}),
    ...(it.order.length > 0 ? { order: it.order } : {}),
    ...(it.limit === undefined ? {} : { limit: it.limit }),
    title:
      it.noun === undefined && it.own.length === 0 && query.title !== undefined
        ? narrowed(query.title, it, true)
        : (finish(s, it).title ?? ''),
  });
}

/** The parts of a condition, those about what is now said anew left out. */
function replaced(where: Filter | undefined, it: Interpretation): Filter | undefined {
  const now = it.root.parts.map(({ filter }) => filter);
  const columns = new Set(now.flatMap(columnsIn));
  const kinds = new Set(['id', 'vmid', 'name']);
  const names = [...columns].some((column) => kinds.has(column));
  const kept = parts(where).filter(
    (part) => !columnsIn(part).some((column) => columns.has(column) || (names && kinds.has(column))),
  );
  const related = it.root.filter(() => true);
  return joined([...kept, ...now, ...(related ? [related] : [])]);
}

/** "which of them …?", "its disks": the rows of the answer before, read afresh. */
function aboutThem(
  s: Sentence,
  query: Query,
  { ids = [] }: Conversation,
  dataset: Dataset,
  datasets: readonly Dataset[],
): Meaning | undefined {
  const own = readAs(s, dataset);
  const best = nearestTo(s, query, dataset, datasets);
  const isOther = best !== undefined && best.problems.length === 0 && best.dataset !== dataset;
  const isNearer = isOther && (best.noun !== undefined || own === undefined || best.penalty < own.penalty - 1.2);
  const other = isNearer ? best : undefined;
  if (other !== undefined && other.own.length === 0) {
    const column = dataset.entity === undefined ? undefined : other.dataset.scopes?.[dataset.entity];
    if (column !== undefined && ids.length > 0) {
      const found = finish(s, other);
      const values = ids.map((id) => (dataset.entity === 'guest' ? id : id.slice(id.indexOf('/') + 1)));
      const scope: Filter = { op: 'in', column, values };
      return asked({ ...found, where: joined([scope, ...parts(found.where)]) ?? scope });
    }
    const same = sameScope(query, dataset, other.dataset);
    if (column === undefined && same !== undefined) {
      const found = finish(s, other);
      return asked({ ...found, where: joined([same, ...parts(found.where)]) ?? same });
    }
  }
  if (own === undefined || own.own.length > 0) return undefined;
  const found = finish(s, own);
  const restricted = restrictedTo(query, ids);
  const where = joined([
    ...parts(restricted),
    ...parts(found.where).filter((part) => !parts(restricted).some((each) => same(each, part))),
  ]);
  return asked({ ...found, ...(where === undefined ? {} : { where }) });
}

/** What rows were asked of, said of rows of another kind: after the snapshots of web-01, "its backups" are those of web-01. */
function sameScope(query: Query, dataset: Dataset, other: Dataset): Filter | undefined {
  for (const [kind, theirs] of Object.entries(other.scopes ?? {})) {
    const column = Object.entries(dataset.scopes ?? {}).find(([each]) => each === kind)?.[1];
    const part = parts(query.where).find((each) => column !== undefined && columnsHeld(each).includes(column));
    if (part?.op === 'compare' || part?.op === 'in') return { ...part, column: theirs };
  }
  return undefined;
}

/** The best reading of words about what belongs to rows: of "its disks", after a guest, those that guests have. */
function nearestTo(
  s: Sentence,
  query: Query,
  dataset: Dataset,
  datasets: readonly Dataset[],
): Interpretation | undefined {
  const { entity } = dataset;
  const belongs = (each: Dataset): boolean =>
    entity === undefined ? sameScope(query, dataset, each) !== undefined : each.scopes?.[entity] !== undefined;
  const best = bestReading(s, datasets);
  if (best === undefined || best.dataset === dataset || belongs(best.dataset)) return best;
  const [theirs] = datasets
    .filter((each) => each !== dataset && belongs(each))
    .flatMap((each) => readAs(s, each) ?? [])
    .filter(({ noun }) => noun !== undefined)
    .sort((a, b) => a.penalty - b.penalty);
  return theirs ?? best;
}

/** "in total?" after a question about a quantity adds that up. */
function measureAgain(
  aggregate: Interpretation['aggregate'],
  now: NonNullable<Query['measure']>,
  query: Query,
  dataset: Dataset,
): NonNullable<Query['measure']> {
  const column = query.focus?.find(
    (each) => dataset.columns[each]?.type === 'number' && dataset.columns[each]?.unit !== 'fraction',
  );
  return aggregate === 'sum' && now.of === 'count' && column !== undefined ? { of: 'sum', column } : now;
}

/** The rows of a question: its condition where that says it all, else their ids. */
function restrictedTo(query: Query, ids: readonly string[]): Filter | undefined {
  const whole = query.limit === undefined && query.measure?.test === undefined;
  if (whole || ids.length === 0 || ids.length > mostIds) return query.where;
  return idIs(ids);
}

/** "only the running ones", "sort by name", "how many?": the question before, with something added. */
function refined(s: Sentence, query: Query, { ids = [] }: Conversation, dataset: Dataset): Meaning | undefined {
  const it = readAs(s, dataset);
  if (it === undefined) return undefined;
  const now = finish(s, it);
  // Another number of rows is chosen from all of them, not from those that were shown.
  const before = now.limit !== undefined && query.limit !== undefined ? query.where : restrictedTo(query, ids);
  const added = parts(now.where).filter((part) => !parts(before).some((each) => same(each, part)));
  // "more than 4 then": the same column compared anew takes the place of what was compared.
  const compared = new Set(added.flatMap((part) => (isNumeric(part) ? [part.column] : [])));
  const held = new Set(added.flatMap(columnsHeld));
  const kept = parts(before).filter(
    (part) => !(isNumeric(part) && compared.has(part.column)) && !columnsHeld(part).some((column) => held.has(column)),
  );
  const where = joined([...kept, ...added]);
  const { where: _where, limit: _limit, measure: _measure, ...rest } = query;
  return asked({
    ...rest,
    ...(query.title === undefined ? {} : { title: narrowed(query.title, it, kept.length < parts(before).length) }),
    ...(where === undefined ? {} : { where }),
    // "top 10 instead" keeps what it was ordered by.
    ...(now.order === undefined || (it.measure === undefined && it.superlative && query.order)
      ? {}
      : { order: now.order }),
    ...(now.limit === undefined ? {} : { limit: now.limit }),
    ...(now.measure === undefined ? {} : { measure: measureAgain(it.aggregate, now.measure, query, dataset) }),
    ...(now.focus === undefined ? {} : { focus: now.focus }),
    ...(now.group === undefined ? {} : { group: now.group }),
  });
}

/** `Guests (not backed up, pve-node02)`: a heading, with what narrows it now. */
function narrowed(title: string, it: Interpretation, isReplaced: boolean): string {
  const said = it.root.parts.flatMap(({ says }) => (says === '' ? [] : [says]));
  if (said.length === 0) return title;
  const [, noun = title, before] = /^(.*?) \((.*)\)$/.exec(title) ?? [];
  return `${noun} (${[...(before === undefined || isReplaced ? [] : [before]), ...said].join(', ')})`;
}
