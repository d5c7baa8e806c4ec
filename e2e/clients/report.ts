import type { Ended } from '../command.ts';

/** How one check of a client ended. `problem` is absent where it went as it should. */
export interface Check {
  name: string;
  problem?: string;
}

/** What came of one client: its checks, or why it was not run. */
export type Outcome = { client: string; checks: Check[] } | { client: string; skipped: string };

/** Reads the lines that the clients in other languages print: `ok NAME`, `not ok NAME: WHY`. */
export function readChecks(output: string): Check[] {
  return output.split('\n').flatMap((line): Check[] => {
    const match = /^(not ok|ok) ([^:]+)(?:: (.*))?$/.exec(line);
    if (match === null) return [];
    const [, state, name = '', why = 'it gave no reason'] = match;
    return [state === 'ok' ? { name } : { name, problem: why }];
  });
}

/** The checks of a program that has ended: those it printed, and one more where it came to no end. */
export function checksOf({ ok, stdout, stderr }: Ended): Check[] {
  const checks = readChecks(stdout);
  // A failed check ends the program with 1 and no word on stderr; anything there is an end before the end.
  if (!ok && (stderr.trim() !== '' || checks.length === 0))
    checks.push({ name: 'runs to its end', problem: stderr.trim().split('\n').at(-1) || 'it ended badly' });
  return checks;
}

/** Prints what failed, and a line for each client. Gives the counts over all of them. */
export function printOutcomes(outcomes: readonly Outcome[]): { passed: number; failed: number } {
  let passed = 0;
  let failed = 0;
  for (const outcome of outcomes) {
    if ('skipped' in outcome) {
      console.log(`${outcome.client}: skipped, ${outcome.skipped}`);
      continue;
    }
    const bad = outcome.checks.filter((check) => check.problem !== undefined);
    for (const { name, problem } of bad) console.log(`  not ok  ${outcome.client}, ${name}: ${problem}`);
    const good = outcome.checks.length - bad.length;
    console.log(`${outcome.client}: ${good} passed, ${bad.length} failed`);
    passed += good;
    failed += bad.length;
  }
  return { passed, failed };
}
