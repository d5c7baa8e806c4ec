import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string | undefined;

/** Before all tests: what they write into the machine's temporary folder goes into one of this run. */
export function setup(): void {
  folder = mkdtempSync(join(tmpdir(), 'pxa-tests-'));
  process.env['TMPDIR'] = folder;
}

/** After all tests: nothing of them is left behind. */
export function teardown(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}
