import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { advices } from '@pxa/advise';
import { catalogue } from '@pxa/catalog';
import { formatted } from './formatted.ts';
import { errorsPage } from './pages/errors.ts';
import { findingsPage } from './pages/findings.ts';
import { type Placed, questionsPage } from './pages/questions.ts';
import { scansPage } from './pages/scans.ts';
import { root } from './repository.ts';

const placed: readonly Placed[] = [
  ...catalogue.map((capability) => ({ capability, folder: `packages/catalog/${capability.id}` })),
  ...advices.map((capability) => ({ capability, folder: `packages/advise/${capability.id}` })),
];

const pages: Readonly<Record<string, string>> = {
  'docs/questions.md': questionsPage(placed),
  'docs/findings.md': findingsPage(placed),
  'docs/scans.md': scansPage(),
  'docs/errors.md': errorsPage(),
};

/** Writes the pages that the catalogue tells; with `--check` it writes nothing and fails where one is stale. */
async function main(args: readonly string[]): Promise<number> {
  let stale = 0;
  for (const [path, text] of Object.entries(pages)) {
    const file = join(root, path);
    const wanted = await formatted(path, text);
    if (!args.includes('--check')) {
      writeFileSync(file, wanted);
    } else if (!existsSync(file) || readFileSync(file, 'utf8') !== wanted) {
      console.error(`${path} is stale; run \`npm run generate\``);
      stale += 1;
    }
  }
  return stale > 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
