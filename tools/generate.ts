import { spawnSync } from 'node:child_process';
import { root } from './repository.ts';

/** What writes files that are committed. Each takes `--check`: write nothing, fail where a file is stale. */
const generators = [
  'tools/generate-facts.ts',
  'tools/generate-pages.ts',
  'tools/generate-api.ts',
  'packages/sandbox/generate-differences.ts',
] as const;

/**
 * `npm run generate` writes all generated files; with `-- --check` it tells which are stale. Every generator runs,
 * whatever became of the one before; the exit code is 1 where one failed.
 */
function main(args: readonly string[]): number {
  const codes = generators.map(
    (generator) => spawnSync(process.execPath, [generator, ...args], { cwd: root, stdio: 'inherit' }).status,
  );
  return codes.every((code) => code === 0) ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
