import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const file = join(import.meta.dirname, 'known-failures.json');

/** Sentences that are not answered rightly yet, by id, each with the reason. */
export function knownFailures(): Record<string, string> {
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>; // our own file, of this form
}

/** Takes those that pass now off the list. Gives how many were taken off and how many are left. */
export function pruneKnown(passed: ReadonlySet<string>): { off: number; left: number } {
  const all = Object.entries(knownFailures());
  const left = all.filter(([id]) => !passed.has(id));
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(left), null, 2)}\n`);
  return { off: all.length - left.length, left: left.length };
}
