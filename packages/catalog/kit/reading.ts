import type { GetPath, ParamsOf, ReturnOf } from '@pxa/pve/facts';
import type { Cell, Draft, Rec, Unknown } from './cell.ts';

/** What a read gave: the data and the place of its `data` (`calls[2]#/data`), or why it could not be had. */
export type Got<T> =
  | {
      readonly ok: true;
      readonly data: T;
      readonly at: string;
      /** Keys that stand beside `data`, as `changes` of a node's network; their place is `calls[2]#/changes`. */
      readonly beside?: Readonly<Record<string, unknown>>;
    }
  | {
      readonly ok: false;
      readonly why: string;
      readonly nextStep: string;
      readonly at: string;
      /** Whether it is a privilege that we lack. */
      readonly isForbidden?: boolean;
    };

/** The stretch that a column is narrowed to, both ends included; times are seconds since 1970. */
export interface Range {
  readonly from?: number;
  readonly to?: number;
}

/** A node as the cluster lists it. */
export interface NodeRef {
  readonly node: string;
  readonly online: boolean;
  readonly at: string;
}

/**
 * What a dataset's reader is handed: reads of the live API, and what the question needs, so that it can do without
 * what nobody asked for. It cannot write.
 */
export interface Reading {
  /** One GET. Identical reads of the same request are made once. */
  read<P extends GetPath>(path: P, params: ParamsOf<'GET', P>): Promise<Got<ReturnOf<'GET', P>>>;
  /** The same for an array: each record with its place; what was not an object is left out. */
  list<P extends GetPath>(path: P, params: ParamsOf<'GET', P>): Promise<Got<Rec[]>>;
  /** The cluster's nodes, from `/cluster/resources`. */
  nodes(): Promise<readonly NodeRef[]>;
  /** All rows of another dataset, read once a request. */
  rows(dataset: string): Promise<readonly Draft[]>;
  /** A cell of such a row, by the other dataset's column. */
  cell(dataset: string, row: Draft, column: string): Cell;
  /** Does something in parallel for each, bounded, results in order. */
  each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]>;
  /** Whether the question needs this column. */
  wants(column: string): boolean;
  /** The values that the question narrows a column to, where it does: read only those. */
  only(column: string): readonly (string | number)[] | undefined;
  /** Between which values the question narrows a column of numbers or times; an open end is left out. */
  range(column: string): Range;
  /** How many of the newest rows the question wants, where it wants just these. */
  readonly newest: number | undefined;
  /** Names a part of the answer that could not be had; `of` is the row id of the node or guest that it is a part of. */
  lacks(about: string, why: string, nextStep?: string, of?: string): void;
  /** The cluster's clock, in seconds since 1970. */
  readonly now: number;
  /** The stretch of time that the question looks at, in seconds since 1970. */
  readonly window: { readonly from: number; readonly to: number } | undefined;
  /** Whether the question is about peaks: history is then read from the MAX series. */
  readonly peak: boolean;
}

/** The list of a dataset: its rows. */
export type RowsReader = (reading: Reading) => Promise<Draft[]>;

/** One more read for a row (its configuration, say). */
export type DetailReader = (reading: Reading, row: Draft) => Promise<Rec | Unknown>;
