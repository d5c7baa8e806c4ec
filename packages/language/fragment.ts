import type { EntityKind } from '@pxa/catalog';
import type { Comparison, Instant, Window } from '@pxa/contract';
import type { Amount } from './amounts.ts';
import type { Core } from './core-words.ts';
import type { Entity } from './inventory.ts';
import type { Sense, SenseOf } from './lexicon.ts';

/** A quantity that was named: by the words of datasets, and whether what is used, given, free, or a share is meant. */
export interface MeasureWords {
  readonly senses: readonly (SenseOf<'quantity'> | SenseOf<'attribute'>)[];
  readonly qualifier: 'used' | 'total' | 'share' | 'free' | undefined;
  /** The word also names rows of some dataset ("VMs"): by itself it is hardly a measure. */
  readonly names?: 'rows' | 'perhaps rows';
  /** The share that is free, where columns tell the share in use: orders turn round. */
  readonly turned?: true;
  /** It was said to be given ("allocated"): that is said of guests. */
  readonly given?: true;
}

/** One name that was said, and what bears it. */
export interface Mention {
  readonly said: string;
  readonly entities: readonly Entity[];
}

/** A piece of a sentence with one meaning; what it means to a dataset is decided when one is chosen. */
export type Fragment =
  | { f: 'phrase'; senses: readonly Sense[] }
  | { f: 'measure'; measure: MeasureWords }
  | {
      f: 'compare';
      measure?: MeasureWords;
      grades?: readonly SenseOf<'grade'>[];
      nouns?: readonly SenseOf<'noun'>[];
      is: Comparison;
      amount: Amount;
      to?: Amount;
    }
  | {
      f: 'super';
      dir: 'asc' | 'desc' | undefined;
      n?: number;
      measure?: MeasureWords;
      grades?: readonly SenseOf<'grade'>[];
      nouns?: readonly SenseOf<'noun'>[];
      newest?: boolean;
      /** By the column that says when rows end or began: "expires first", "rebooted last". */
      due?: readonly (SenseOf<'due'> | SenseOf<'began'>)[];
      sized?: boolean;
      /** A plural, "the most CPUs": their number, where "the most CPU" is how much is in use. */
      counted?: true;
    }
  | { f: 'entity'; mentions: readonly Mention[]; kinds?: readonly EntityKind[] }
  | {
      f: 'text';
      attributes: readonly SenseOf<'attribute'>[];
      how: 'contains' | 'starts' | 'ends' | 'matches' | 'is';
      text: string;
      /** A word that may be the name of a row, which only the rows themselves can tell. */
      guess?: true;
    }
  | { f: 'flag'; attributes: readonly SenseOf<'attribute'>[]; on: boolean }
  | { f: 'window'; window: Window }
  | { f: 'age'; is: '<' | '>'; than: Instant }
  | { f: 'due'; senses: readonly SenseOf<'due'>[]; seconds: number | undefined; until?: Instant; past: boolean }
  | { f: 'began'; senses: readonly SenseOf<'began'>[]; window?: Window; age?: { is: '<' | '>'; than: Instant } }
  | { f: 'group'; senses: readonly Sense[]; sure: boolean }
  | {
      f: 'order';
      measure?: MeasureWords;
      grades?: readonly SenseOf<'grade'>[];
      attributes?: readonly SenseOf<'attribute'>[];
      dir: 'asc' | 'desc' | undefined;
    }
  | { f: 'ordinal'; n: number }
  | { f: 'amount'; amount: Amount }
  | { f: 'core'; core: Core }
  /** `room for`, `can … host`: what is compared must be free. */
  | { f: 'room' }
  | { f: 'unknown' };

/** A fragment at its place; `cost` is how unlikely it is. */
export interface Edge {
  readonly start: number;
  readonly end: number;
  readonly fragment: Fragment;
  readonly cost: number;
}
