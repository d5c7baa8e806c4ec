import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const SCRIPT = join(import.meta.dirname, '../../testing/large-upload.ts');
/** Streams and sockets hold some chunks each; a file that was held would be many times as much: 64 MiB. */
const MOST_GROWTH_MIB = 24;

test('a large file goes through without being held in memory', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', SCRIPT]);
  const told = JSON.parse(stdout) as { grownMiB: number }; // what the script prints
  expect(told).toMatchObject({ status: 202, state: 'done', proof: 'verified', left: [] });
  expect(told.grownMiB).toBeLessThan(MOST_GROWTH_MIB);
});
