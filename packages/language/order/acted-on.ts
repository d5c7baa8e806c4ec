import type { Action } from '@pxa/catalog';
import type { Query } from '@pxa/contract';
import type { Sentence } from '../sentence.ts';

/** What an order is to be done to. */
export interface Targets {
  /** Row ids. */
  readonly ids: readonly string[];
  /** What they are called, in words. */
  readonly says: string;
  /** In the stead of ids: the rows that words choose. */
  readonly selection?: Query;
  readonly notes?: readonly string[];
}

/** What rows an action acts on. */
export type On = NonNullable<Action['on']>;

/** What a row id is called. */
export function nameOf(s: Sentence, id: string): string {
  const guest = s.inventory.get('guest', id);
  return guest?.name ?? id.slice(id.indexOf('/') + 1);
}
