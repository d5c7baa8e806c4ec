/**
 * `npm run mutate`: changes the code that everything else trusts, one operator, condition or statement at a time, and
 * counts how many of the changes its tests notice. Exit 1 where a file's share is below the goal.
 *
 *     npm run mutate                        all files
 *     npm run mutate -- packages/act/run.ts --lanes 2
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../repository.ts';
import { lineAt } from '../violation.ts';
import { type Mutant, mutantsOf } from './mutants.ts';

/** By file, the tests that are to notice. */
const TARGETS: Readonly<Record<string, readonly string[]>> = {
  'packages/pve/permit.ts': ['packages/pve/permit.test.ts', 'packages/pve/writer.test.ts', 'packages/pve/twin.test.ts'],
  'packages/act/approve.ts': ['packages/act/decisions.test.ts', 'packages/act/approve.test.ts'],
  'packages/act/run.ts': [
    'packages/act/runs.test.ts',
    'packages/act/refusal.test.ts',
    'packages/act/happy.test.ts',
    'packages/act/control.test.ts',
    'packages/act/drift.test.ts',
  ],
  'packages/act/begin.ts': [
    'packages/act/approve.test.ts',
    'packages/act/begin.test.ts',
    'packages/act/control.test.ts',
  ],
  'packages/act/hash.ts': ['packages/act/hash.test.ts', 'packages/act/approve.test.ts', 'packages/act/runs.test.ts'],
  'packages/act/hold.ts': ['packages/act/hold.test.ts', 'packages/act/runs.test.ts', 'packages/act/fate.test.ts'],
  'packages/act/look.ts': ['packages/act/fate.test.ts', 'packages/act/late.test.ts', 'packages/act/sending.test.ts'],
  'packages/act/send.ts': [
    'packages/act/sending.test.ts',
    'packages/act/upload.test.ts',
    'packages/act/refusal.test.ts',
    'packages/act/fate.test.ts',
  ],
};
const GOAL = 0.85;
/** Tests that take longer go on without end: that is noticed, too. */
const LONGEST_MS = 120_000;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { lanes: { type: 'string', default: '2' } },
    allowPositionals: true,
  });
  const files = positionals.length > 0 ? positionals : Object.keys(TARGETS);
  let isGood = true;
  for (const file of files) {
    const tests = TARGETS[file];
    if (tests === undefined) throw new Error(`${file} is none of ${Object.keys(TARGETS).join(', ')}`);
    isGood = (await scored(file, tests, Number(values.lanes))) >= GOAL && isGood;
  }
  process.exitCode = isGood ? 0 : 1;
}

/** The share of a file's mutants that its tests notice; prints it, and those that they do not. */
async function scored(file: string, tests: readonly string[], lanes: number): Promise<number> {
  const source = readFileSync(join(root, file), 'utf8');
  if (await areNoticed(file, source, tests)) throw new Error(`the tests of ${file} fail before anything is changed`);
  const mutants = mutantsOf(source);
  const waiting = mutants.values();
  let noticed = 0;
  const lane = async (): Promise<void> => {
    for (const mutant of waiting) {
      const changed = source.slice(0, mutant.start) + mutant.by + source.slice(mutant.end);
      if (await areNoticed(file, changed, tests)) noticed += 1;
      else console.log(`${file}:${lineOf(source, mutant)} is not noticed: ${mutant.says}`);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const score = noticed / mutants.length;
  console.log(`${file}: ${noticed} of ${mutants.length} noticed, ${(score * 100).toFixed(1)}% (goal ${GOAL * 100}%)`);
  return score;
}

const lineOf = (source: string, { start }: Mutant): number => lineAt(source, start);

/** Whether the tests fail, or go on without end, with a file's source replaced. */
function areNoticed(file: string, source: string, tests: readonly string[]): Promise<boolean> {
  const child = spawn(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', 'tools/mutate/vitest.config.ts', ...tests],
    { cwd: root, env: { ...process.env, MUTANT_FILE: join(root, file), MUTANT_SOURCE: source }, stdio: 'ignore' },
  );
  const limit = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      clearTimeout(limit);
      resolve(code !== 0);
    });
  });
}

await main();
