import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './repository.ts';

/** Everything that is held against the sources without running them. Long ones first: they run side by side. */
const checks: Record<string, readonly string[]> = {
  types: ['tsc', '-p', '.'],
  lint: ['oxlint', '--type-aware', '--deny-warnings', '--quiet', '--format=unix'],
  format: ['prettier', '--check', '--log-level', 'warn', '.'],
  unused: ['knip', '--no-progress'],
  imports: ['node', 'tools/check-imports.ts'],
  words: ['node', 'tools/check-words.ts'],
  links: ['node', 'tools/check-links.ts'],
  generated: ['node', 'tools/generate.ts', '--check'],
  api: ['redocly', 'lint', 'docs/api/openapi.json'],
};

interface Outcome {
  ok: boolean;
  output: string;
  seconds: number;
}

/** Runs one check with the tools of this checkout, whatever else the machine has. */
function run([command = '', ...args]: readonly string[]): Promise<Outcome> {
  const bin = join(root, 'node_modules', '.bin');
  const started = performance.now();
  const tool = existsSync(join(bin, command)) ? join(bin, command) : command;
  const child = spawn(tool, args, {
    cwd: root,
    env: { ...process.env, PATH: `${bin}:${process.env['PATH']}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  return new Promise((resolve) => {
    const end = (ok: boolean): void => resolve({ ok, output, seconds: (performance.now() - started) / 1000 });
    child.on('error', (error) => {
      output += error.message;
      end(false);
    });
    child.on('close', (code) => end(code === 0));
  });
}

/** Runs checks side by side, and prints a line for each as it ends; what a check says is shown where it fails. */
async function main(): Promise<void> {
  const { positionals } = parseArgs({ allowPositionals: true });
  const names = positionals.length > 0 ? positionals : Object.keys(checks);
  const unknown = names.find((name) => checks[name] === undefined);
  if (unknown !== undefined) {
    console.error(`There is no check ${unknown}. There are: ${Object.keys(checks).join(', ')}`);
    process.exitCode = 2;
    return;
  }
  const waiting = [...names];
  let failed = 0;
  const worker = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const { ok, output, seconds } = await run(checks[name] ?? []);
      console.log(`${ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(11)} ${seconds.toFixed(1).padStart(5)} s`);
      if (!ok) console.log(output.trimEnd().replace(/^/gm, '        '));
      if (!ok) failed += 1;
    }
  };
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, worker));
  console.log(`${names.length - failed} checks passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

await main();
