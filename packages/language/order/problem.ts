import type { EntityKind } from '@pxa/catalog';
import type { Query } from '@pxa/contract';
import type { Entity } from '../inventory.ts';

/** What keeps an order from being carried over as it was said; it is asked about. */
export type Problem =
  /** Nothing bears the name. */
  | { readonly p: 'name'; readonly said: string; readonly kinds: readonly EntityKind[] }
  /** Several things bear it. */
  | { readonly p: 'ambiguous'; readonly said: string; readonly entities: readonly Entity[] }
  /** The order is for things of another type. */
  | { readonly p: 'type'; readonly entity: Entity; readonly wants: 'qemu' | 'lxc' }
  /** A number that lacks its unit. */
  | { readonly p: 'unit'; readonly said: string; readonly units: readonly string[] }
  /** A word stands for something that was said before, and nothing was. */
  | { readonly p: 'pronoun'; readonly said: string }
  /** Something else was spoken of than what the order is for. */
  | { readonly p: 'others'; readonly said: string; readonly shown: string }
  /** One thing is spoken of, and several were said before. */
  | { readonly p: 'several'; readonly at: number; readonly end: number; readonly ids: readonly string[] }
  /** It names everything there is; `among` is what chooses where that is all of something: "everything on pve1". */
  | { readonly p: 'everything'; readonly what: string; readonly among?: Query }
  /** A value that may be meant for several inputs. */
  | { readonly p: 'either'; readonly said: string; readonly inputs: readonly string[] }
  /** A value that the order cannot do without. */
  | { readonly p: 'lacks'; readonly input: string }
  /** What it is to be done to was not said. */
  | { readonly p: 'nothing' };

/** What may stand at a place, and where it ends. */
export interface Candidate<V> {
  readonly end: number;
  readonly value: V;
  /** How unlikely it is: 0 for what can hardly be anything else. */
  readonly cost: number;
  /** How many words of templates it is made of; a little more, since taking them so tells more than their mere words. */
  readonly literal?: number;
  readonly problem?: Problem;
}

/** What it costs to take something in a way that has to be asked about: less than a word that is not understood. */
export const problemCost = 3;
/** Of two orders, the one is likelier that acts on what is named, and has a place for the words in its template. */
export const inputCost = 0.03;
/** Less likely than an order without a word for what it is about. */
export const lackCost = 6;
export const unknownCost = 10;
