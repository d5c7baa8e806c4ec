import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../tools/repository.ts';
import { present, run } from '../command.ts';
import { environment, type Door } from './door.ts';
import { checksOf, type Outcome } from './report.ts';

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

/** proxmoxer in the words of its users, by password and by token: what it reads, and what it changes elsewhere. */
export async function runProxmoxer(reading: Door, changing: Door): Promise<Outcome[]> {
  const client = 'proxmoxer';
  const found = await pythonWithProxmoxer();
  if ('missing' in found) return [{ client, skipped: found.missing }];
  const part = async (name: 'reads' | 'writes', door: Door): Promise<Outcome> => {
    const script = join(root, 'e2e/clients/python', `${name}.py`);
    const ended = await run(found.python, [script], { env: environment(door), timeoutMs: 180_000 });
    return { client: `${client}, ${name}`, checks: checksOf(ended) };
  };
  return Promise.all([part('reads', reading), part('writes', changing)]);
}

function lastLine({ stderr, stdout }: { stderr: string; stdout: string }): string {
  return (stderr.trim() || stdout.trim()).split('\n').at(-1) ?? '';
}
