import type { Dataset, Draft, Thresholds } from '@pxa/catalog';
import type { Finding, Query, View } from '@pxa/contract';
import { derive } from './derive.ts';
import { columnsOf } from './filter.ts';
import { gather } from './gather.ts';
import { findingsOf, rulesFor } from './findings.ts';
import { type Run, speaksOfDays } from './run.ts';
import { Selection } from './select.ts';
import { figureOf, groupsOf, shownColumns, sorted, valueOf, viewColumns, viewRows } from './shape.ts';

export interface Asked {
  readonly view: View;
  readonly findings: Finding[];
}

/**
 * Answers a query from live reads: the rows that meet it, each cell with where it was read. What could not be had is
 * named in `run.lacks`. It has no way to write.
 */
export async function ask(run: Run, query: Query, thresholds: Thresholds): Promise<Asked> {
  const dataset = run.dataset(query.dataset);
  const gathered = dataset.gathers ? await gather(run, dataset, thresholds, ask) : undefined;
  if (speaksOfDays(query)) await run.learnZone();
  const asked = [query.where, query.measure?.test].flatMap((filter) => (filter ? columnsOf(filter) : []));
  const columns = shownColumns(dataset, query, asked);
  const wanted = new Set([...columns, ...asked, ...(query.group ?? [])]);
  const lacking = run.lacks.all().length;
  const derived =
    dataset.derives && (await derive(run, { derived: dataset.derives, dataset, query, wanted }, thresholds, ask));
  const selection = new Selection(run, dataset, query, wanted, derived ?? gathered?.rows);
  const rows = await selection.rows();
  // Rows that could not be had may be the ones that were asked about.
  const isWhole = run.lacks.all().length === lacking;
  if (query.group !== undefined) return { view: await grouped(dataset, query, rows, selection), findings: [] };
  const answer = await plain(run, dataset, query, { rows, isWhole }, selection, columns, thresholds);
  const advice = (await dataset.advice?.(run.reading(dataset, query, wanted), thresholds)) ?? [];
  const advised = advice.map((each): Finding => ({ ...each, evidence: [...each.evidence] }));
  return { ...answer, findings: [...(gathered?.findings ?? []), ...advised, ...answer.findings] };
}

async function plain(
  run: Run,
  dataset: Dataset,
  query: Query,
  { rows: found, isWhole }: { rows: readonly Draft[]; isWhole: boolean },
  selection: Selection,
  columns: readonly string[],
  thresholds: Thresholds,
): Promise<Asked> {
  await selection.readColumns(found, [
    ...(query.order ?? []).map(({ column }) => column),
    ...(dataset.order ?? []).map(({ column }) => column),
    ...(query.measure?.column ? [query.measure.column] : []),
  ]);
  if (query.measure?.test) await selection.prepare(found, query.measure.test);
  const ordered = sorted(dataset, found, query.order);
  const rows = query.limit === undefined ? ordered : ordered.slice(0, query.limit);
  const rules = rulesFor(dataset, new Set(columns), focusOf(query));
  await selection.readColumns(rows, [...columns, ...rules.flatMap(({ needs }) => needs)]);
  const view: View = {
    dataset: dataset.id,
    title: query.title ?? dataset.title,
    columns: viewColumns(dataset, columns),
    rows: viewRows(dataset, rows, columns),
  };
  if (query.measure !== undefined) {
    const figure = figureOf(dataset, rows, query.measure, selection.judge);
    const isKnown = isWhole || (rows.length > 0 && !(query.measure.of === 'any' && figure.number === 0));
    view.value = valueOf(dataset, query.measure, isKnown ? figure.number : null);
    if (figure.skipped > 0)
      run.lacks.add(`${figure.skipped} of ${rows.length}`, 'their value is not known, so they are not counted in');
  }
  const isFigure = query.measure !== undefined && query.measure.of !== 'any' && query.measure.of !== 'all';
  if (!isFigure && dataset.summary !== undefined && rows.length > 0) {
    view.summary = dataset.summary(rows.map((row) => (column) => selection.value(row, column)));
  }
  return { view, findings: findingsOf(dataset, rules, rows, thresholds, run.now) };
}

/** The columns that a question is about, rather than those that its answer happens to show. */
function focusOf(query: Query): Set<string> {
  const ordered = (query.order ?? []).map(({ column }) => column);
  return new Set([...(query.focus ?? []), ...ordered, ...(query.where ? columnsOf(query.where) : [])]);
}

/** One row a group: what it is grouped by, and how many rows it has or the figure that was asked for. */
async function grouped(dataset: Dataset, query: Query, rows: readonly Draft[], selection: Selection): Promise<View> {
  const by = query.group ?? [];
  const measure = query.measure ?? { of: 'count' as const };
  await selection.readColumns(rows, [
    ...by,
    ...(measure.column ? [measure.column] : []),
    ...(measure.test ? columnsOf(measure.test) : []),
  ]);
  const unit = valueOf(dataset, measure, 0).unit as View['columns'][number]['unit'];
  const figureKey = measure.of === 'count' ? 'count' : measure.of;
  const groups = groupsOf(dataset, rows, by).map((group) => {
    const figure = figureOf(dataset, group.rows, measure, selection.judge);
    const cells = Object.fromEntries(by.map((column, index) => [column, group.keys[index]?.value ?? null]));
    const evidence = Object.fromEntries(
      by.map((column, index) => [column, group.keys[index]?.at ?? 'unknown: no key']),
    );
    return {
      id: group.id,
      cells: { ...cells, [figureKey]: figure.number },
      evidence: { ...evidence, [figureKey]: figure.evidence },
    };
  });
  const dir = query.order?.[0]?.dir;
  if (dir !== undefined) {
    const sign = dir === 'asc' ? 1 : -1;
    groups.sort((a, b) => sign * (Number(a.cells[figureKey] ?? 0) - Number(b.cells[figureKey] ?? 0)));
  }
  const label =
    measure.of === 'count' ? dataset.title.toUpperCase() : `${measure.of} ${measure.column ?? ''}`.trim().toUpperCase();
  return {
    dataset: dataset.id,
    title: query.title ?? dataset.title,
    columns: [...viewColumns(dataset, by), { key: figureKey, label, unit }],
    rows: query.limit === undefined ? groups : groups.slice(0, query.limit),
  };
}
