export * from './cell.ts';
export * from './cell-read.ts';
export * from './columns.ts';
export * from './dataset.ts';
export * from './reading.ts';
export * from './sources.ts';
export * from './filters.ts';
export * from './texts.ts';
