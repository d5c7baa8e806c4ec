import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { differencesText } from './differences.ts';
import { modelled } from './registry.ts';

/** Writes DIFFERENCES.md; with `--check` only tells (exit 1) whether it is up to date. */
const file = fileURLToPath(new URL('./DIFFERENCES.md', import.meta.url));
const text = differencesText(modelled());
if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (readFileSync(file, 'utf8') !== text) {
  console.error('packages/sandbox/DIFFERENCES.md is stale: run `npm run generate`');
  process.exitCode = 1;
}
