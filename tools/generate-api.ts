import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Lab } from '../apps/server/testing/lab.ts';
import { root } from './repository.ts';

/** The API's document as a service gives it. */
async function files(): Promise<Record<string, unknown>> {
  const lab = await Lab.start();
  try {
    const { body } = await lab.send('GET /v1/openapi.json');
    return { 'docs/api/openapi.json': body };
  } finally {
    await lab.close();
  }
}

/** Writes what is made from the API's schemas; with `--check` it writes nothing and fails where a file is stale. */
async function main(args: readonly string[]): Promise<number> {
  let stale = 0;
  for (const [path, content] of Object.entries(await files())) {
    const file = join(root, path);
    const wanted = `${JSON.stringify(content, null, 1)}\n`;
    if (!args.includes('--check')) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, wanted);
    } else if (!existsSync(file) || readFileSync(file, 'utf8') !== wanted) {
      console.error(`${path} is stale; run \`npm run generate\``);
      stale += 1;
    }
  }
  return stale > 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
