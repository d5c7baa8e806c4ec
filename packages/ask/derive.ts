import type { Dataset, Derived, Draft, Thresholds } from '@pxa/catalog';
import type { Query } from '@pxa/contract';
import type { Asked } from './ask.ts';
import type { Run } from './run.ts';

type Ask = (run: Run, query: Query, thresholds: Thresholds) => Promise<Asked>;

/** A question about a dataset whose rows follow from the answers to others. */
interface Deriving {
  readonly derived: Derived;
  readonly dataset: Dataset;
  readonly query: Query;
  readonly wanted: ReadonlySet<string>;
}

/** Asks what a dataset's rows follow from, side by side, and gives the rows. What one answer lacks is told with it. */
export async function derive(
  run: Run,
  { derived, dataset, query, wanted }: Deriving,
  thresholds: Thresholds,
  ask: Ask,
): Promise<Draft[]> {
  const reading = run.reading(dataset, query, wanted);
  const queries = await derived.queries(reading);
  const answers = await Promise.all(
    queries.map(async (each) => {
      const part = run.part();
      const { view } = await ask(part, each, thresholds);
      return { query: each, rows: view.rows, lacks: part.lacks.all() };
    }),
  );
  return derived.rows(answers, reading, thresholds);
}
