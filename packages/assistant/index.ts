export type { AskHooks, Assistant, Names } from './assistant.ts';
export { type AssistantOptions, createAssistant } from './create.ts';
export * from './render/index.ts';
