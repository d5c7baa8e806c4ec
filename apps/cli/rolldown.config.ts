import { fileURLToPath } from 'node:url';
import { defineConfig } from 'rolldown';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The command line as few files that start quickly; what a command does not need stays in files of its own. */
export default defineConfig({
  input: here('./main.ts'),
  platform: 'node',
  // It serves files that lie beside its own.
  external: ['@fastify/swagger-ui'],
  output: {
    dir: here('./dist'),
    format: 'esm',
    cleanDir: true,
    minify: true,
    comments: false,
    sourcemap: false,
  },
});
