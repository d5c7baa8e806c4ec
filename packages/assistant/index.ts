export type { AskHooks, Assistant, Names } from './assistant.ts';
export { type AssistantOptions, createAssistant } from './create.ts';
export { defaultThresholds, type Thresholds } from '@pxa/catalog';
export * from './render/index.ts';
