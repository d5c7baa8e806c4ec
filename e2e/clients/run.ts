import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCurl } from './curl.ts';
import { withFastSandbox, withSandbox } from './door.ts';
import { runGoProxmox } from './go-proxmox.ts';
import { runProxmoxer } from './proxmoxer.ts';
import { printOutcomes, type Outcome } from './report.ts';

/** Other people's clients, unchanged, against the sandbox as its users start it; arguments are handed on to it. */
async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pxa-clients-'));
  const args = process.argv.slice(2);
  try {
    const { passed, failed } = printOutcomes(await runAll(folder, args));
    if (passed + failed === 0) console.log('No client could be run, so nothing is known');
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** All that read share one sandbox; whoever changes it has one alone. */
async function runAll(folder: string, args: readonly string[]): Promise<Outcome[]> {
  return withSandbox(folder, args, async (reading) => {
    const outcomes = await Promise.all([
      runCurl(reading).then((outcome) => [outcome]),
      withFastSandbox(folder, args, (changing) => runProxmoxer(reading, changing)),
      withFastSandbox(folder, args, (changing) => runGoProxmox(reading, changing)),
    ]);
    return outcomes.flat();
  });
}

await main();
