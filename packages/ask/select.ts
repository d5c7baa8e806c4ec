import type { Cell, Dataset, Draft, Relation } from '@pxa/catalog';
import { isUnknown } from '@pxa/catalog';
import type { Filter, Query } from '@pxa/contract';
import { columnsOf, type Judge, judgeOf, relationsOf } from './filter.ts';
import { cellOf, readerOf, sourcesOf } from './row-reader.ts';
import type { Run } from './run.ts';

/**
 * The rows of a dataset that meet a condition. What the list tells is looked at first; further reads are made only for
 * the rows that are then left. Rows that cannot be judged are left out, and named in `run.lacks` by reason.
 */
export class Selection {
  readonly #run: Run;
  readonly #dataset: Dataset;
  readonly #query: Query;
  readonly #wanted: ReadonlySet<string>;
  readonly #related = new Map<string, Map<string, Draft[]>>();

  readonly #rows: Draft[] | undefined;

  /** `rows` are those to choose from, where they are there already. */
  constructor(run: Run, dataset: Dataset, query: Query, wanted: ReadonlySet<string>, rows?: Draft[]) {
    this.#rows = rows;
    this.#run = run;
    this.#dataset = dataset;
    this.#query = query;
    this.#wanted = wanted;
  }

  async rows(): Promise<Draft[]> {
    let rows = this.#rows ?? (await this.#run.load(this.#dataset, this.#query, this.#wanted));
    for (const stage of stages(this.#dataset, this.#query.where)) {
      await this.prepare(rows, stage);
      rows = this.#keep(rows, stage);
    }
    return rows;
  }

  /** Reads what columns need, for these rows. */
  async readColumns(rows: readonly Draft[], columns: Iterable<string>): Promise<void> {
    const reading = this.#run.reading(this.#dataset, this.#query, this.#wanted);
    for (const source of sourcesOf(this.#dataset, columns)) {
      const reader = this.#dataset.details?.[source];
      if (reader === undefined) throw new Error(`${this.#dataset.id} has no source ${source}`);
      const missing = rows.filter((row) => row.recs[source] === undefined);
      await reading.each(missing, async (row) => {
        row.recs[source] = await reader(reading, row);
        row.kept = undefined;
      });
    }
  }

  /** A value of a row whose columns have been read. */
  value(row: Draft, column: string): Cell['value'] {
    return readerOf(this.#dataset, column).value(row);
  }

  readonly judge: Judge = {
    instant: (instant) => this.#run.instant(instant),
    relatedDataset: (dataset, relation) => this.#run.dataset(relationOf(dataset, relation).dataset),
    related: (dataset, row, relation) => {
      const { ours } = relationOf(dataset, relation);
      const key = cellOf(dataset, row, ours).value;
      return this.#related.get(`${dataset.id}.${relation}`)?.get(String(key)) ?? [];
    },
  };

  /** Reads what a condition looks at, for these rows: their columns, and the rows related to them. */
  async prepare(rows: readonly Draft[], filter: Filter): Promise<void> {
    await this.readColumns(rows, columnsOf(filter));
    for (const { relation, where } of relationsOf(filter)) await this.#readRelated(rows, relation, where);
  }

  /** Reads the related rows of these rows, and of no others. */
  async #readRelated(rows: readonly Draft[], name: string, where: Filter | undefined): Promise<void> {
    const kept = `${this.#dataset.id}.${name}`;
    const relation = relationOf(this.#dataset, name);
    const other = this.#run.dataset(relation.dataset);
    await this.readColumns(rows, [relation.ours]);
    const keys = rows.map((row) => cellOf(this.#dataset, row, relation.ours).value).filter((key) => key !== null);
    const narrowed: Filter = { op: 'in', column: relation.theirs, values: keys.map(String) };
    const query: Query = { dataset: other.id, where: narrowed };
    const columns = new Set([relation.theirs, ...(where ? columnsOf(where) : [])]);
    const selection = new Selection(this.#run, other, query, columns);
    const found = await this.#run.load(other, query, columns);
    await selection.readColumns(found, columns);
    const byKey = new Map<string, Draft[]>();
    for (const row of found) {
      const { value } = cellOf(other, row, relation.theirs);
      for (const key of Array.isArray(value) ? value : [value]) {
        const list = byKey.get(String(key));
        if (list) list.push(row);
        else byKey.set(String(key), [row]);
      }
    }
    this.#related.set(kept, byKey);
  }

  #keep(rows: readonly Draft[], filter: Filter): Draft[] {
    const judge = judgeOf(this.#dataset, filter, this.judge);
    const unsure = new Map<string, number>();
    const kept = rows.filter((row) => {
      const truth = judge(row);
      if (truth === undefined) {
        const why = reasonOf(this.#dataset, row, filter);
        unsure.set(why, (unsure.get(why) ?? 0) + 1);
      }
      return truth === true;
    });
    for (const [why, count] of unsure) {
      this.#run.lacks.add(`${count} of ${rows.length} ${this.#dataset.title.toLowerCase()} could not be judged`, why);
    }
    return kept;
  }
}

function relationOf(dataset: Dataset, name: string): Relation {
  const relation = dataset.relations?.[name];
  if (relation === undefined) throw new Error(`${dataset.id} has no relation ${name}`);
  return relation;
}

/** A condition's parts, those that cost nothing first, then those that need a read a row, then related rows. */
function stages(dataset: Dataset, where: Filter | undefined): Filter[] {
  if (where === undefined) return [];
  const parts = where.op === 'and' ? where.of : [where];
  const cost = (part: Filter): number => {
    const related = relationsOf(part).length > 0 ? 100 : 0;
    return related + sourcesOf(dataset, columnsOf(part)).size;
  };
  return parts
    .map((part) => ({ part, cost: cost(part) }))
    .sort((a, b) => a.cost - b.cost)
    .map(({ part }) => part);
}

function reasonOf(dataset: Dataset, row: Draft, filter: Filter): string {
  for (const column of columnsOf(filter)) {
    const cell = cellOf(dataset, row, column);
    if (cell.value === null) return cell.at.replace(/^unknown: /, '');
  }
  const base = row.recs['base'];
  return base && isUnknown(base) ? base.unknown : 'what it depends on is not known';
}
