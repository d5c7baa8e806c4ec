export type { Conversation } from './said-before.ts';
export { type Entity, Inventory } from './inventory.ts';
export { Language } from './understand.ts';
