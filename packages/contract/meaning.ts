import { z } from 'zod';
import type { Clarification } from './answer.ts';
import type { Command } from './command.ts';
import { Query } from './query.ts';

/** An order that was planned, or that a part was asked for of: the next words may change it or complete it. */
export const OpenOrder = z.object({
  /** The id of an action of the catalogue. */
  action: z.string(),
  /** Row ids. */
  targets: z.array(z.string()).readonly(),
  selection: Query.optional(),
  input: z.record(z.string(), z.unknown()).readonly(),
  /** What was ordered to be done after it. */
  later: z
    .array(
      z.object({
        action: z.string(),
        targets: z.array(z.string()).readonly(),
        selection: Query.optional(),
        input: z.record(z.string(), z.unknown()).readonly(),
      }),
    )
    .readonly()
    .optional(),
  /** The name of the input that was asked for; `on` where it was asked what the order is about. */
  missing: z.string().optional(),
});
export type OpenOrder = z.infer<typeof OpenOrder>;

/** A question that says how many rows a query finds, such as “5 snapshots”, in the place of its `{count}`. */
export interface Counted {
  readonly query: Query;
  readonly one: string;
  readonly many: string;
  readonly question: string;
}

/** What words were understood to mean. `note` says in words what was taken for granted. */
export type Meaning =
  /** `guesses` are words that were taken for names of rows: where no row bears one, that is to be said. */
  | { kind: 'query'; query: Query; notes: string[]; guesses: { column: string; text: string }[] }
  | { kind: 'command'; command: Command; notes: string[] }
  /**
   * `order` is the order that a part is asked for of, by the name of the input, or `on` for what it acts on. Where `counts`
   * can be counted, its question is asked instead.
   */
  | { kind: 'clarification'; clarification: Clarification; order?: OpenOrder; counts?: Counted }
  | { kind: 'unavailable'; reason: string }
  | { kind: 'out_of_scope'; reason: string };
