export type { Conversation } from './conversation.ts';
export { type Entity, Inventory } from './inventory.ts';
export { Language } from './understand.ts';
