import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** What of Schemathesis's JSON report is looked at. */
interface Report {
  readonly test_cases: { readonly generated: number; readonly with_failures: number; readonly errored: number };
  readonly errors: readonly { readonly count: number }[];
}

/** How many requests were answered as the document says, and how many were not; none where there is no report. */
export async function checksIn(file: string): Promise<{ passed: number; failed: number }> {
  if (!existsSync(file)) return { passed: 0, failed: 0 };
  const { test_cases: cases, errors } = JSON.parse(await readFile(file, 'utf8')) as Report; // as the one above describes it
  const wrong = cases.with_failures + cases.errored;
  return { passed: cases.generated - wrong, failed: wrong + errors.reduce((sum, { count }) => sum + count, 0) };
}
