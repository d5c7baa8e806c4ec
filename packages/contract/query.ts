import { z } from 'zod';

/**
 * A point in time, resolved by `ask` against the cluster's clock: so many seconds ago, or midnight so many days
 * back in the server's time zone plus so many seconds, or an absolute time; or the midnight that the last weekday (0 is
 * Sunday), month or date of a month began with, or the next where it is `coming`, `months` later.
 */
export const Instant = z.union([
  z.object({ ago: z.number() }),
  z.object({ midnight: z.int().min(0), plus: z.number().optional() }),
  z.object({ at: z.number() }),
  z.object({ weekday: z.int().min(0).max(6), coming: z.boolean().optional(), plus: z.number().optional() }),
  z.object({
    month: z.int().min(1).max(12),
    day: z.int().min(1).max(31).optional(),
    coming: z.boolean().optional(),
    months: z.int().optional(),
    plus: z.number().optional(),
  }),
]);
export type Instant = z.infer<typeof Instant>;

export const Literal = z.union([z.string(), z.number(), z.boolean(), Instant]);
export type Literal = z.infer<typeof Literal>;

export const Comparison = z.enum(['=', '!=', '<', '<=', '>', '>=']);
export type Comparison = z.infer<typeof Comparison>;

/**
 * A condition on the rows of a dataset. Columns are those of the dataset; `has` looks at the rows of a related
 * dataset (`guests` have `snapshots`), by the relation's name. A cell that is unknown satisfies no comparison;
 * such rows are left out and named in the answer.
 */
export type Filter =
  | { op: 'and'; of: Filter[] }
  | { op: 'or'; of: Filter[] }
  | { op: 'not'; of: Filter }
  | { op: 'compare'; column: string; is: Comparison; value: Literal }
  | { op: 'compare_columns'; column: string; is: Comparison; other: string; times?: number | undefined }
  | { op: 'in'; column: string; values: (string | number)[] }
  | { op: 'text'; column: string; how: 'contains' | 'starts' | 'ends' | 'matches'; text: string }
  | { op: 'known'; column: string }
  | { op: 'has'; relation: string; where?: Filter | undefined; count?: { is: Comparison; number: number } | undefined };

export const Filter: z.ZodType<Filter> = z.lazy(() =>
  z.discriminatedUnion('op', [
    z.object({ op: z.literal('and'), of: z.array(Filter) }),
    z.object({ op: z.literal('or'), of: z.array(Filter) }),
    z.object({ op: z.literal('not'), of: Filter }),
    z.object({ op: z.literal('compare'), column: z.string(), is: Comparison, value: Literal }),
    z.object({
      op: z.literal('compare_columns'),
      column: z.string(),
      is: Comparison,
      other: z.string(),
      times: z.number().optional(),
    }),
    z.object({ op: z.literal('in'), column: z.string(), values: z.array(z.union([z.string(), z.number()])) }),
    z.object({
      op: z.literal('text'),
      column: z.string(),
      how: z.enum(['contains', 'starts', 'ends', 'matches']),
      text: z.string(),
    }),
    z.object({ op: z.literal('known'), column: z.string() }),
    z.object({
      op: z.literal('has'),
      relation: z.string(),
      where: Filter.optional(),
      count: z.object({ is: Comparison, number: z.number() }).optional(),
    }),
  ]),
);

export const Order = z.object({ column: z.string(), dir: z.enum(['asc', 'desc']) });
export type Order = z.infer<typeof Order>;

/** What one figure is made of the rows: `any` gives 1 or 0 (a yes/no question), `all` whether every row meets `test`. */
export const Measure = z.object({
  of: z.enum(['count', 'sum', 'avg', 'min', 'max', 'any', 'all', 'share']),
  column: z.string().optional(),
  /** For `all` and `share`: the condition that rows are held against. */
  test: Filter.optional(),
});
export type Measure = z.infer<typeof Measure>;

/** The stretch of time that a question about history looks at. */
export const Window = z.object({ from: Instant, to: Instant.optional(), says: z.string().optional() });
export type Window = z.infer<typeof Window>;

/**
 * What is asked: rows of a dataset that meet `where`, in `order`, at most `limit`; or, with `group`, one row a group;
 * or, with `measure`, one figure. `columns` are those to show, `focus` those that the question is about.
 */
export const Query = z.object({
  dataset: z.string(),
  where: Filter.optional(),
  columns: z.array(z.string()).optional(),
  focus: z.array(z.string()).optional(),
  order: z.array(Order).optional(),
  limit: z.int().positive().optional(),
  group: z.array(z.string()).optional(),
  measure: Measure.optional(),
  window: Window.optional(),
  title: z.string().optional(),
});
export type Query = z.infer<typeof Query>;
