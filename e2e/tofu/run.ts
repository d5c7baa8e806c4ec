import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withFastSandbox } from '../clients/door.ts';
import { printOutcomes, type Outcome } from '../clients/report.ts';
import { buildTofu } from './build.ts';
import { checkGenerated } from './generated.ts';
import { checkFacts } from './schema.ts';
import { tellStory } from './story.ts';
import { checkTexts } from './texts.ts';

const client = 'OpenTofu';

/** OpenTofu with its provider for Proxmox, both unchanged, against a sandbox of its own. Without them: skipped. */
async function main(): Promise<void> {
  const built = await buildTofu();
  const { passed, failed } = printOutcomes([await outcomeOf(built)]);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

async function outcomeOf(built: Awaited<ReturnType<typeof buildTofu>>): Promise<Outcome> {
  if ('missing' in built) return { client, skipped: built.missing };
  if ('failed' in built) return { client, checks: [{ name: 'builds', problem: built.failed }] };
  const folder = await mkdtemp(join(tmpdir(), 'pxa-tofu-'));
  try {
    const story = await withFastSandbox(folder, [], (door) => tellStory(built.folder, door));
    const facts = await checkFacts(built.folder);
    const texts = await checkTexts(built.folder, folder);
    return { client, checks: [...story, facts, texts, ...(await checkGenerated(built.folder, folder))] };
  } finally {
    await rm(folder, { recursive: true });
  }
}

await main();
