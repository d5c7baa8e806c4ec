/** The door to code for what is to be built: loaded by itself, since it brings parsers along. */
export * from '@pxa/generate';
