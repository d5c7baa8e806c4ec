import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{packages,apps,e2e,tools,bench}/**/*.test.ts'],
    globalSetup: ['tools/temporary-folder.ts'],
    pool: 'threads',
    isolate: false,
    // A test that takes as long hangs; a shared machine may be many times slower than one's own.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
