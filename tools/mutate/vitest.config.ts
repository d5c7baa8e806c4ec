import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

/** `tools/mutate/run.ts` says which part of which file is replaced by what: on its way to the tests, never on the disk. */
const { MUTANT_FILE = '', MUTANT_SOURCE } = process.env;
const mutated = resolve(MUTANT_FILE);

export default defineConfig({
  root: resolve(import.meta.dirname, '../..'),
  plugins: [
    {
      name: 'mutant',
      enforce: 'pre',
      transform: (_code, id) => (id.split('?')[0] === mutated ? MUTANT_SOURCE : undefined),
    },
  ],
  test: {
    include: ['packages/**/*.test.ts'],
    globalSetup: ['tools/temporary-folder.ts'],
    pool: 'threads',
    isolate: false,
    testTimeout: 15_000,
    bail: 1,
    // What one mutant was made into is not what the next one is.
    fsModuleCache: false,
    reporters: ['dot'],
  },
});
