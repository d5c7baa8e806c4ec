import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../tools/repository.ts';
import { present, run } from '../command.ts';
import { readChecks, type Outcome } from './report.ts';
import type { Door } from './run.ts';

const requirements = join(root, 'e2e/clients/python/requirements.txt');
const venv = join(root, 'node_modules/.cache/pxa-clients/venv');

/** A Python that has proxmoxer, or why there is none. It is made once, in node_modules, and kept until `npm ci`. */
export async function pythonWithProxmoxer(): Promise<{ python: string } | { missing: string }> {
  if (!present('python3', '--version')) return { missing: 'there is no python3' };
  const python = join(venv, 'bin/python3');
  const installed = join(venv, 'installed.txt');
  const wanted = await readFile(requirements, 'utf8');
  if (existsSync(installed) && (await readFile(installed, 'utf8')) === wanted) return { python };
  await mkdir(venv, { recursive: true });
  const made = await run('python3', ['-m', 'venv', '--clear', venv]);
  if (!made.ok) return { missing: `python3 cannot make a venv (Debian: python3-venv): ${lastLine(made)}` };
  const got = await run(python, ['-m', 'pip', 'install', '--quiet', '-r', requirements], { timeoutMs: 180_000 });
  if (!got.ok) return { missing: `pip could not install proxmoxer: ${lastLine(got)}` };
  await run('cp', [requirements, installed]);
  return { python };
}

/** proxmoxer, logged in by password and by token, in the words of its users. */
export async function runProxmoxer(door: Door): Promise<Outcome> {
  const client = 'proxmoxer';
  const found = await pythonWithProxmoxer();
  if ('missing' in found) return { client, skipped: found.missing };
  const ended = await run(found.python, [join(root, 'e2e/clients/python/reads.py')], {
    env: {
      PVE_URL: door.url,
      PVE_USERNAME: door.username,
      PVE_PASSWORD: door.password,
      PVE_TOKEN_ID: door.tokenId,
      PVE_TOKEN_SECRET: door.tokenSecret,
      PVE_CA_FILE: door.caFile,
    },
  });
  const checks = readChecks(ended.stdout);
  // A failed check ends the program with 1 and no word on stderr; anything there is an end before the end.
  if (!ended.ok && (ended.stderr.trim() !== '' || checks.length === 0))
    checks.push({ name: 'runs to its end', problem: lastLine(ended) });
  return { client, checks };
}

function lastLine({ stderr, stdout }: { stderr: string; stdout: string }): string {
  return (stderr.trim() || stdout.trim()).split('\n').at(-1) ?? '';
}
