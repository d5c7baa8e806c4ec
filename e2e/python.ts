import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../tools/repository.ts';
import { type Ended, present, run } from './command.ts';

/** The folder of a Python's programs, with the packages that were asked for; or why there is none. */
export type Python = { readonly bin: string } | { readonly missing: string };

/**
 * A Python that has the packages of a file of requirements, exactly. It is made once, in node_modules under `name`, and
 * kept until `npm ci`.
 */
export async function pythonWith(name: string, requirements: string): Promise<Python> {
  if (!present('python3', '--version')) return { missing: 'there is no python3' };
  const venv = join(root, 'node_modules/.cache', name, 'venv');
  const bin = join(venv, 'bin');
  const installed = join(venv, 'installed.txt');
  const wanted = await readFile(requirements, 'utf8');
  if (existsSync(installed) && (await readFile(installed, 'utf8')) === wanted) return { bin };
  await mkdir(venv, { recursive: true });
  const made = await run('python3', ['-m', 'venv', '--clear', venv]);
  if (!made.ok) return { missing: `python3 cannot make a venv (Debian: python3-venv): ${lastLine(made)}` };
  const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
  const got = await run(join(bin, 'python3'), args, { timeoutMs: 300_000 });
  if (!got.ok) return { missing: `pip could not install what ${name} needs: ${lastLine(got)}` };
  await run('cp', [requirements, installed]);
  return { bin };
}

/** The last line that a program printed, of its errors where there are any. */
export function lastLine({ stderr, stdout }: Pick<Ended, 'stdout' | 'stderr'>): string {
  return (stderr.trim() || stdout.trim()).split('\n').at(-1) ?? '';
}
