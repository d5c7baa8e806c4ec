import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandboxProcess } from '../product.ts';
import { runCurl } from './curl.ts';
import { runGoProxmox } from './go-proxmox.ts';
import { runProxmoxer } from './proxmoxer.ts';
import { printOutcomes, type Outcome } from './report.ts';

/** What a client is given: where the cluster is, who it may be there, and the certificate that it has to find. */
export interface Door {
  url: string;
  username: string;
  password: string;
  tokenId: string;
  tokenSecret: string;
  caFile: string;
}

const clients: ((door: Door) => Promise<Outcome>)[] = [runCurl, runProxmoxer, runGoProxmox];

/** Other people's clients, unchanged, against the sandbox as its users start it; arguments are handed on to it. */
async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pxa-clients-'));
  const sandbox = await startSandboxProcess(process.argv.slice(2));
  try {
    const caFile = join(folder, 'ca.pem');
    await writeFile(caFile, sandbox.certificate);
    const { url, tokenId, tokenSecret } = sandbox;
    const door = { url, username: 'root@pam', password: 'sandbox', tokenId, tokenSecret, caFile };
    const { passed, failed } = printOutcomes(await Promise.all(clients.map((client) => client(door))));
    if (passed + failed === 0) console.log('No client could be run, so nothing is known');
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
  } finally {
    await sandbox.stop();
    await rm(folder, { recursive: true });
  }
}

await main();
