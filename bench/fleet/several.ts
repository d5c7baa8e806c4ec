import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { run } from '../../e2e/command.ts';
import { type RunningSandbox, startSandboxProcess, startServiceProcess } from '../../e2e/product.ts';
import { root } from '../../tools/repository.ts';
import { Meter } from './meter.ts';
import type { Cost } from './needs.ts';

/** What a second of nothing to do costs a replica that follows so many clusters, each by a saved connection. */
export async function idleWith(
  count: number,
  { guests, url, seconds, settleMs }: { guests: number; url: string; seconds: number; settleMs: number },
): Promise<Cost> {
  const home = await mkdtemp(join(tmpdir(), 'pxa-fleet-home-'));
  const sandboxes: RunningSandbox[] = [];
  try {
    for (let index = 0; index < count; index++) {
      const args = ['--seed', `${index + 1}`, '--nodes', '64', '--guests', `${guests}`];
      const sandbox = await startSandboxProcess(args);
      sandboxes.push(sandbox);
      await save(home, `c${index}`, sandbox);
    }
    const service = await startServiceProcess({ HOME: home, USER: 'bench', PXA_DATABASE_URL: url });
    try {
      const meter = new Meter(service, url);
      await wait(settleMs); // until what it does at its start is over
      return await meter.during(seconds, () => wait(seconds * 1_000));
    } finally {
      await service.stop();
    }
  } finally {
    for (const sandbox of sandboxes) await sandbox.stop();
    await rm(home, { recursive: true, force: true });
  }
}

async function save(
  home: string,
  name: string,
  { url, tokenId, tokenSecret, fingerprint }: RunningSandbox,
): Promise<void> {
  const args = ['connect', url, '--name', name, '--token-id', tokenId, '--fingerprint', fingerprint];
  const saved = await run(join(root, 'pxa'), args, { env: { HOME: home, PXA_PVE_TOKEN_SECRET: tokenSecret } });
  if (!saved.ok) throw new Error(`the connection was not saved: ${saved.stderr}`);
}
