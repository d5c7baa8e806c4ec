/**
 * Code for what is to be built: words or an existing guest become a specification, and a specification becomes Terraform,
 * Ansible or cloud-init. No network, no clock, no model: the same words give the same code.
 */
export { exported, type Exported } from './export/exported.ts';
export type { Live, LiveRule } from './export/live.ts';
export { generate, type Request as GenerateRequest } from './generate.ts';
export * from './generated.ts';
export { Specification } from './specification.ts';
export { type Context, specify, type Specified } from './words/specify.ts';
