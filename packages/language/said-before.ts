import type { Clarification, OpenOrder, Query } from '@pxa/contract';
import type { On, Targets } from './order/acted-on.ts';

/** What was said and answered before, as far as a follow-up may speak of it. */
export interface Conversation {
  readonly query?: Query;
  /** The ids of the rows that were shown last. */
  readonly ids?: readonly string[];
  /** The last order, where no question was answered after it. */
  readonly order?: OpenOrder;
  /** The options of a question that was asked back. */
  readonly options?: Clarification['options'];
  /** What an earlier order of the same sentence is about. */
  readonly earlier?: { readonly on: On | undefined; readonly targets: Targets };
}
