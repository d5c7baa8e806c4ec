/**
 * Holds the product against what Proxmox itself answers: `npm run test:conformance`, or with `-- --vectors FOLDER` any
 * folder of files of that form. Vectors that are requests go through the sandbox's HTTPS door, and are asked of the
 * code behind it as well. Exit code 1 unless all pass.
 */
import { parseArgs } from 'node:util';
import type { Difference } from './compare.ts';
import { Doors } from './door.ts';
import type { DoorOutcome } from './door.ts';
import { plainChecks } from './plain-checks.ts';
import { checkPermission, checkValidation } from './request-checks.ts';
import { readVectors, sharedVectors, vectorFiles } from './vectors.ts';
import type { PermissionVector, PlainVector, ValidationVector, Vector } from './vectors.ts';

const SHOWN = 10;

interface Failure {
  id: string;
  where: string;
  difference: Difference;
}

interface Tally {
  passed: number;
  total: number;
  overHttp: number;
  failures: Failure[];
}

type Ask = (vector: Vector, doors: Doors) => { inside: () => Difference | undefined; door?: Promise<DoorOutcome> };

/** How the vectors of each file are asked. The casts name the form that the file's README describes. */
function askOf(file: string): Ask | undefined {
  if (file === 'validation.jsonl') {
    return (vector, doors) => {
      const v = vector as ValidationVector;
      return { inside: () => checkValidation(v), door: doors.validation(v) };
    };
  }
  if (file === 'permissions.jsonl') {
    return (vector, doors) => {
      const v = vector as PermissionVector;
      return { inside: () => checkPermission(v), door: doors.permission(v) };
    };
  }
  const check = plainChecks[file];
  return check && ((vector) => ({ inside: () => check(vector as PlainVector) }));
}

function guarded(run: () => Difference | undefined): Difference | undefined {
  try {
    return run();
  } catch (error) {
    return { got: `threw ${String(error)}`, wanted: 'an answer' };
  }
}

async function askOne(ask: Ask, vector: Vector, doors: Doors, tally: Tally): Promise<void> {
  const { inside, door } = ask(vector, doors);
  const found: Failure[] = [];
  const difference = guarded(inside);
  if (difference) found.push({ id: vector.id, where: 'in process', difference });
  if (door) {
    const outcome = await door.catch((error: unknown): DoorOutcome => {
      return { difference: { got: `failed: ${String(error)}`, wanted: 'an answer' } };
    });
    if ('difference' in outcome) {
      tally.overHttp++;
      if (outcome.difference) found.push({ id: vector.id, where: 'over HTTPS', difference: outcome.difference });
    }
  }
  tally.total++;
  if (found.length === 0) tally.passed++;
  tally.failures.push(...found);
}

async function runFile(folder: string, file: string, doors: Doors): Promise<Tally> {
  const tally: Tally = { passed: 0, total: 0, overHttp: 0, failures: [] };
  const ask = askOf(file);
  if (!ask) {
    const difference = { got: 'a file that is not known', wanted: Object.keys(plainChecks).join(', ') };
    return { ...tally, total: 1, failures: [{ id: file, where: 'here', difference }] };
  }
  for (const vector of readVectors<Vector>(folder, file)) await askOne(ask, vector, doors, tally);
  return tally;
}

function report(file: string, tally: Tally): void {
  const http = tally.overHttp > 0 ? ` (${tally.overHttp} over HTTPS)` : '';
  console.log(`${file.padEnd(22)} ${tally.passed}/${tally.total}${http}`);
  for (const { id, where, difference } of tally.failures.slice(0, SHOWN)) {
    console.log(`  ${id} ${where}`);
    console.log(`    got    ${JSON.stringify(difference.got)}`);
    console.log(`    wanted ${JSON.stringify(difference.wanted)}`);
  }
  const more = tally.failures.length - SHOWN;
  if (more > 0) console.log(`  … and ${more} more`);
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { vectors: { type: 'string' } }, args: process.argv.slice(2) });
  const folder = values.vectors ?? sharedVectors();
  const files = vectorFiles(folder);
  if (files.length === 0) {
    if (values.vectors === undefined) console.log(`conformance: skipped, no vectors beside this checkout (${folder})`);
    else console.error(`conformance: ${folder} holds no .jsonl file`);
    return values.vectors === undefined ? 0 : 1;
  }
  const doors = new Doors();
  let complete = true;
  try {
    for (const file of files) {
      const tally = await runFile(folder, file, doors);
      report(file, tally);
      complete &&= tally.passed === tally.total;
    }
  } finally {
    await doors.close();
  }
  return complete ? 0 : 1;
}

process.exitCode = await main();
