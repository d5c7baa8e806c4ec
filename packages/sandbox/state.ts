/** The door to a cluster in memory: its model, and the ways to get one. */
export type * from './state/model.ts';
export { loadWorld } from './worlds/load.ts';
export { InvalidWorld } from './worlds/check.ts';
export { demoState } from './worlds/demo.ts';
export { generateState } from './worlds/generate.ts';
export { exportWorld } from './worlds/export.ts';
