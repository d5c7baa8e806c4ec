import type { Query } from '@pxa/contract';
import type { Conversation } from './said-before.ts';
import { idIs } from './filters.ts';
import type { Orders } from './order/orders.ts';
import type { Token } from './tokens.ts';

const standsFor = /^(it|its|itself|them|they|their|those|these)$/;

/** A conversation whose last word was an order: "how much memory does it have?" is about what that named. */
export function aboutOrder(list: readonly Token[], conversation: Conversation, orders: Orders): Conversation {
  const { order } = conversation;
  const dataset = order && orders.get(order.action)?.action.on?.dataset;
  if (order === undefined || dataset === undefined) return conversation;
  if (!list.some(({ word, quoted }) => !quoted && standsFor.test(word))) return conversation;
  // The language made it a query of the dataset that the action is about.
  if (order.selection !== undefined) return { ...conversation, query: order.selection as Query, ids: [] };
  const ids = order.targets;
  return ids.length === 0 ? conversation : { ...conversation, query: { dataset, where: idIs(ids) }, ids };
}
