export { ask, type Asked } from './ask.ts';
export { bySeverity } from './findings.ts';
export { Run } from './run.ts';
export type { Lack } from './lacks.ts';
