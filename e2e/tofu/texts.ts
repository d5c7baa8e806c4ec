import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Check } from '../clients/report.ts';
import { run } from '../command.ts';
import { codeWith, hostileTexts } from '../generate/texts.ts';
import { workIn } from './workspace.ts';

const EACH = 50;
const FILES = 8;

/** Texts that mean something to HCL come out of OpenTofu as they went into generated code, letter for letter. */
export async function checkTexts(programs: string, folder: string): Promise<Check> {
  const texts = hostileTexts(EACH * FILES);
  const wrong: string[] = [];
  for (let at = 0; at < texts.length; at += EACH) {
    const said = texts.slice(at, at + EACH);
    const read = await readBack(programs, folder, said);
    said.forEach((text, n) => {
      if (read[n] !== text) wrong.push(`${JSON.stringify(text)} → ${JSON.stringify(read[n])}`);
    });
  }
  const name = `${texts.length} texts are exactly what OpenTofu reads`;
  return wrong.length === 0 ? { name } : { name, problem: wrong.slice(0, 5).join(' | ') };
}

/** What OpenTofu reads of texts that stand in a variable of generated code. */
async function readBack(programs: string, parent: string, texts: readonly string[]): Promise<unknown[]> {
  const folder = await mkdtemp(join(parent, 'texts-'));
  try {
    const [variable = ''] =
      /^variable "ssh_public_keys" \{\n[^]*?\n\}\n/m.exec(await codeWith(texts, 'terraform')) ?? [];
    await writeFile(join(folder, 'main.tf'), `${variable}\noutput "read" {\n  value = var.ssh_public_keys\n}\n`);
    const options = { cwd: folder, env: await workIn(folder, programs), timeoutMs: 60_000 };
    const applied = await run(join(programs, 'tofu'), ['apply', '-auto-approve', '-input=false', '-no-color'], options);
    if (!applied.ok) throw new Error(applied.stderr);
    const told = await run(join(programs, 'tofu'), ['output', '-json', 'read'], options);
    return JSON.parse(told.stdout) as unknown[]; // the output is a list
  } finally {
    await rm(folder, { recursive: true });
  }
}
