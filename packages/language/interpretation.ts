import type { Dataset } from '@pxa/catalog';
import type { Measure, Order, Query, Window } from '@pxa/contract';
import type { MeasureWords, Mention } from './fragment.ts';
import { Frame } from './frame.ts';
import type { SenseOf } from './lexicon.ts';

/** Something in the sentence that could not be made sense of. */
export type Problem =
  | { p: 'unknown'; word: string; at: number }
  | { p: 'unattached' | 'possible' | 'lost'; says: string }
  | { p: 'ambiguous'; mention: Mention };

/** What a sentence is taken to say of one dataset, while it is read from left to right. */
export class Interpretation {
  readonly dataset: Dataset;
  readonly root: Frame;
  frame: Frame;
  penalty = 0;
  readonly problems: Problem[] = [];
  /** Words that were taken for names of rows. */
  readonly guesses: { column: string; text: string; at: number }[] = [];
  /** The noun that named the rows, where one did. */
  noun: { title: string; plural: boolean; at: number; weak?: boolean } | undefined;
  nounEnd = -1;
  aggregate: Measure['of'] | undefined;
  aggregateWord = '';
  measure: MeasureWords | undefined;
  measured: string | undefined;
  qualifier: MeasureWords['qualifier'];
  counted: number | undefined;
  /** Where the next word stands after an "and" or "or". */
  joinedAt = -1;
  /** "what is on pve1": not the node is asked about. */
  aboutWhatIsThere = false;
  readonly focus: string[] = [];
  readonly order: Order[] = [];
  limit: number | undefined;
  superlative = false;
  /** Where words for the rows of other datasets stood that became columns to show. */
  readonly shown: { readonly start: number; readonly end: number }[] = [];
  /** An adjective of related rows that are still to be named: "of stopped VMs". */
  described: { readonly senses: readonly SenseOf<'condition'>[]; readonly says: string } | undefined;
  /** The word at the head of the sentence that leads to related rows: "VMs" in a reading about nodes. */
  led: { readonly start: number; readonly end: number } | undefined;
  /** Which way a superlative without a measure goes, and whether it spoke of size ("biggest"). */
  superDir: 'asc' | 'desc' | undefined;
  sized = false;
  /** Whether it is asked where something fits: amounts are then what must be free. */
  room = false;
  /** Whether words were said that only this dataset has. */
  hinted = false;
  /** Whether a column was named that no other dataset has ("retention"). */
  exclusive = false;
  /** Where the last condition ended: an adjective right before a noun is said of that noun. */
  conditionEnd = -1;
  /** Whether the sentence speaks of a stretch of time or an age. */
  timed = false;
  /** "free memory of each node": a figure a row, not one of all. */
  perRow = false;
  /** Whether the last comparison was with what was given ("with 8 GB or …"). */
  lastGiven = false;
  readonly group: string[] = [];
  /** The columns that hold what the nouns of other things name: "which node has the most VMs" groups by them. */
  readonly kinds: string[] = [];
  groupMeasure: 'count' | undefined;
  window: Window | undefined;
  all = false;
  any = false;
  /** Words said of things that were named: "web-01". */
  readonly named: string[] = [];
  /** The row ids or names that the sentence names, of the dataset's own rows. */
  own: readonly string[] = [];
  neg = false;
  negAt = -1;
  /** Whether something is left out: "except VMs". */
  excepts = false;
  or = false;
  with: { neg: boolean; at: number } | undefined;
  /** Which of the related rows is spoken of: "whose newest backup". */
  utmost: 'asc' | 'desc' | undefined;
  /** Where the last "without" stood. */
  lackedAt = -1;
  /** The last "with" or "without" that found its thing: "without a snapshot or a backup" goes on with it. */
  had: { neg: boolean } | undefined;
  prep: { to: string; at: number } | undefined;

  constructor(dataset: Dataset) {
    this.dataset = dataset;
    this.root = new Frame(dataset);
    this.frame = this.root;
  }

  unattached(says: string): void {
    this.problems.push({ p: 'unattached', says });
    this.penalty += 12;
  }

  /** The frames from the innermost outwards: a condition belongs to the nearest rows that it can be said of. */
  *frames(): Generator<Frame> {
    for (let frame: Frame | undefined = this.frame; frame !== undefined; frame = frame.parent) yield frame;
  }

  /** Whether a "not" stands before this; it holds for one condition. */
  takeNeg(): boolean {
    const { neg } = this;
    this.neg = false;
    return neg;
  }

  takeOr(): 'or' | undefined {
    const { or } = this;
    this.or = false;
    return or ? 'or' : undefined;
  }
}

/** The query that an interpretation has come to, without what depends on the kind of question. */
export function queryOf(it: Interpretation): Query {
  const where = it.root.filter();
  return {
    dataset: it.dataset.id,
    ...(where === undefined ? {} : { where }),
    ...(it.window === undefined ? {} : { window: it.window }),
    ...(it.group.length === 0 ? {} : { group: it.group }),
    ...(it.focus.length === 0 ? {} : { focus: [...new Set(it.focus)] }),
    ...(it.order.length === 0 ? {} : { order: it.order }),
    ...(it.limit === undefined ? {} : { limit: it.limit }),
  };
}
