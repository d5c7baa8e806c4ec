import type { Action } from './action.ts';
import type { Filter, Query, Row, Severity, Unit } from '@pxa/contract';
import type { Cell, Draft } from './cell.ts';
import type { ColumnDef, EntityKind } from './columns.ts';
import type { DetailReader, Reading, RowsReader } from './reading.ts';

/** A word for the rows of a dataset, singular, alternatives parted by `|`; `where` is what the word itself says. */
export interface Noun {
  readonly words: string;
  readonly where?: Filter;
  /** What rows so named are called in titles: `VMs`. */
  readonly title?: string;
  /** Words that only mean this dataset when something else in the sentence fits it too ("server", "disk"). */
  readonly weak?: boolean;
}

/**
 * A thing that is measured, and the columns that tell it: how much is used, given, free, and as a share. `plain` is
 * what is meant without a word for any of these.
 */
export interface Quantity {
  readonly words: string;
  readonly plain: string;
  readonly used?: string;
  readonly total?: string;
  readonly share?: string;
  readonly free?: string;
}

/** An adjective that orders rows: "busy" by `cpu`, most first. Comparatives and superlatives are derived from it. */
export interface Grade {
  readonly words: string;
  readonly column: string;
  readonly dir: 'asc' | 'desc';
  /** Where the adjective by itself is a condition ("busy VMs", "full storages"). */
  readonly where?: Filter;
}

/**
 * A wording that is a condition. "not" before it gives `not`, or the opposite of `where`. Without `where` it only says
 * that this dataset is meant ("doing on resources", "suggest").
 */
export interface Phrase {
  readonly say: string;
  readonly where?: Filter;
  readonly not?: Filter;
  /** Columns that the wording is about. */
  readonly focus?: readonly string[];
}

/** The rows of another dataset that belong to a row: those whose `theirs` equals this row's `ours`. */
export interface Relation {
  readonly dataset: string;
  readonly ours: string;
  readonly theirs: string;
  /** Further words for it, beside the other dataset's nouns. */
  readonly words?: string;
}

/** What makes a finding of a row; `needs` are the columns whose cells are its evidence. */
export interface FindingRule {
  readonly code: string;
  readonly severity: Severity;
  readonly needs: readonly string[];
  /**
   * When it is looked for: when its columns are shown (the default), only when the question is about one of them
   * (`focused`), or always, reading what it needs.
   */
  readonly when?: 'shown' | 'focused' | 'always';
  readonly check: (
    value: (column: string) => Cell['value'],
    thresholds: Thresholds,
    row: Draft,
    now: number,
  ) => FoundIt | undefined;
}

export interface FoundIt {
  readonly text: string;
  readonly next_step?: string;
  readonly severity?: Severity;
  /** The row id that it is about, where that is not the row itself. */
  readonly about?: string;
}

/** Where findings begin; shares are fractions of 1. */
export interface Thresholds {
  readonly memory: number;
  readonly cpu: number;
  readonly storage: number;
  readonly fragmentation: number;
  readonly wearoutLeftPercent: number;
  readonly certificateDays: number;
  readonly snapshotDays: number;
  readonly scrubDays: number;
}

export const defaultThresholds: Thresholds = {
  memory: 0.85,
  cpu: 0.9,
  storage: 0.9,
  fragmentation: 0.3,
  wearoutLeftPercent: 10,
  certificateDays: 30,
  snapshotDays: 30,
  scrubDays: 35,
};

/** A table that can be asked about: where its rows come from, what its columns are, and the words for it all. */
export interface Dataset {
  readonly id: string;
  readonly title: string;
  /** What its rows are counted in: `guests`, `nodes`, `count`. */
  readonly counted: Unit;
  readonly nouns: readonly Noun[];
  /** The kind of thing that a row is, where names of such things are known. */
  readonly entity?: EntityKind;
  readonly rows: RowsReader;
  readonly details?: Record<string, DetailReader>;
  readonly columns: Record<string, ColumnDef>;
  /** What tells one row from another to a person. */
  readonly identity: readonly string[];
  /** Shown where the question names no column. */
  readonly shown: readonly string[];
  /** The column that holds what a row is named by, and the one that rows are named by number. */
  readonly named?: string;
  /** What a column's values look like, where that tells them from all other words: `102-0`, `/dev/sda`. */
  readonly form?: { readonly column: string; readonly pattern: RegExp };
  /** Which column a thing of each kind narrows: `{ node: 'node', guest: 'guest' }`. */
  readonly scopes?: Partial<Record<EntityKind, string>>;
  /** Which column a thing narrows after "to": `replicated to pve2` by the target, where "on pve2" is the source. */
  readonly towards?: Partial<Record<EntityKind, string>>;
  readonly quantities?: readonly Quantity[];
  readonly grades?: readonly Grade[];
  readonly phrases?: readonly Phrase[];
  readonly relations?: Record<string, Relation>;
  /** The column that ages and windows of time are about ("older than 30 days", "this week"). */
  readonly time?: string;
  /** The column that says when something ends ("expires within 30 days"), and its verbs. */
  readonly due?: { readonly column: string; readonly verbs: string };
  /** The columns that say when something began, and the verbs for it: "restarted in the last week", "created yesterday". */
  readonly began?: readonly { readonly column: string; readonly verbs: string }[];
  /** Its rows are what was done, asked for by verbs: "which VMs were migrated?" asks for migrations. */
  readonly events?: true;
  /** Taken for granted unless the question says otherwise: templates are left out of guests, say. */
  readonly unless?: readonly { readonly mentions: readonly string[]; readonly where: Filter }[];
  readonly order?: readonly { readonly column: string; readonly dir: 'asc' | 'desc' }[];
  readonly summary?: (rows: readonly SummaryRow[]) => string;
  readonly findings?: readonly FindingRule[];
  /** Instead of rows of its own: one row for each of these questions, with what they find. */
  readonly gathers?: readonly Gathered[];
  /** Instead of rows of its own: what is judged from the answers to other questions. */
  readonly derives?: Derived;
  /** What to do about its rows, where that takes more than one of them to tell. */
  readonly advice?: (reading: Reading, thresholds: Thresholds) => Promise<readonly Advice[]>;
  /** Among datasets that fit a sentence equally well, the greater wins. */
  readonly weight?: number;
}

/** Something to do that was computed from several rows. */
export interface Advice extends FoundIt {
  readonly severity: Severity;
  readonly code: string;
  readonly about: string;
  readonly evidence: readonly string[];
}

/** A part of a check of everything: what it is called, and the question whose findings it has. */
export interface Gathered {
  readonly area: string;
  readonly query: Query;
}

/** Rows that are judged from the answers to other questions, which are asked side by side and share their reads. */
export interface Derived {
  /** What has to be asked, as far as the question needs it. */
  readonly queries: (reading: Reading) => Promise<readonly Query[]>;
  /** The rows that follow; the answers stand in the order of the queries. */
  readonly rows: (answers: readonly Answered[], reading: Reading, thresholds: Thresholds) => Draft[];
}

/** What one of those questions came to: its rows, and what of them could not be had. */
export interface Answered {
  readonly query: Query;
  readonly rows: readonly Row[];
  readonly lacks: readonly { readonly about: string; readonly why: string; readonly of?: string | undefined }[];
}

/** A row's values, for a summary line. */
export type SummaryRow = (column: string) => Cell['value'];

/** A sentence and the query that it must mean, as `queryText` writes it; run as a test. */
export interface Example {
  readonly say: string;
  readonly means: string;
}

/** One folder of the catalogue. */
export interface Capability {
  readonly id: string;
  readonly title: string;
  readonly datasets: readonly Dataset[];
  readonly examples: readonly Example[];
  readonly actions?: readonly Action[];
}

/** Declares a capability of the catalogue. */
export function capability(definition: Capability): Capability {
  return definition;
}

/** Declares a dataset; columns named in shown, scopes, quantities and so on must exist (a test checks it). */
export function dataset(definition: Dataset): Dataset {
  return definition;
}
