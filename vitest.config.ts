import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{packages,apps,e2e,tools,bench}/**/*.test.ts'],
    globalSetup: ['tools/temporary-folder.ts'],
    pool: 'threads',
    isolate: false,
    testTimeout: 20_000,
  },
});
