export type { AskHooks, Assistant, Looked, LookHooks, Names } from './assistant.ts';
export type { ChangeOptions, Rules } from './change-options.ts';
export type { Approved, Changes } from './changes.ts';
export { type AssistantOptions, createAssistant } from './create.ts';
export { hideSecretWords } from './secret-words.ts';
export type { Memory } from './conversations.ts';
export type { Conversation } from '@pxa/language';
export { defaultThresholds, type LocalFiles, type Thresholds } from '@pxa/catalog';
export * from './render/index.ts';
