import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../tools/repository.ts';
import { whyNoGo } from '../clients/go-proxmox.ts';
import { run } from '../command.ts';

/** A program that is built from a module of the Go module proxy. */
interface Program {
  module: string;
  version: string;
  /** The package in the module that is the program. */
  main: string;
  file: string;
}

// The provider first: it is the smaller one, and without it the other is of no use.
const programs: readonly Program[] = [
  {
    module: 'github.com/bpg/terraform-provider-proxmox',
    version: 'v0.80.0',
    main: '.',
    file: 'terraform-provider-proxmox',
  },
  { module: 'github.com/opentofu/opentofu', version: 'v1.12.6', main: './cmd/tofu', file: 'tofu' },
];

const buildLimitMs = 12 * 60_000;
const downloadLimitMs = 2 * 60_000;

/** What go says where a module cannot be had, rather than built. */
const notHad =
  /server response|dial tcp|no such host|i\/o timeout|connection refused|TLS handshake|module lookup disabled/;

/** OpenTofu and the provider in one folder; or why they are missing; or how their build failed. */
export type Built = { folder: string } | { missing: string } | { failed: string };

/** Builds both, once until `npm ci`. Not by `go install`, which refuses modules that replace others. */
export async function buildTofu(): Promise<Built> {
  const reason = whyNoGo();
  if (reason !== undefined) return { missing: reason };
  const versions = programs.map(({ version }) => version).join('-');
  const folder = join(root, 'node_modules/.cache/pxa-tofu', versions);
  await mkdir(folder, { recursive: true });
  const sources = new Map<Program, string>();
  for (const program of programs) {
    const source = await download(program);
    if ('missing' in source) return source;
    sources.set(program, source.folder);
  }
  for (const [program, source] of sources) {
    const problem = await build(program, source, join(folder, program.file));
    if (problem !== undefined) return notHad.test(problem) ? { missing: problem } : { failed: problem };
  }
  return { folder };
}

async function download({ module, version }: Program): Promise<{ folder: string } | { missing: string }> {
  const args = ['mod', 'download', '-json', `${module}@${version}`];
  const told = await run('go', args, { timeoutMs: downloadLimitMs });
  const { Dir, Error } = parsed(told.stdout);
  if (told.ok && typeof Dir === 'string') return { folder: Dir };
  const why = typeof Error === 'string' ? Error : told.stderr;
  return { missing: `${module}@${version} cannot be had: ${lastLine(why)}` };
}

function parsed(json: string): Record<string, unknown> {
  try {
    return JSON.parse(json) as Record<string, unknown>; // go documents an object; its fields are tested where they are read
  } catch {
    return {};
  }
}

async function build({ module, main }: Program, cwd: string, out: string): Promise<string | undefined> {
  if (existsSync(out)) return undefined;
  const args = ['build', '-mod=readonly', '-ldflags=-s -w', '-o', out, main];
  const ended = await run('go', args, { cwd, env: { CGO_ENABLED: '0' }, timeoutMs: buildLimitMs });
  return ended.ok ? undefined : `${module}: ${lastLine(ended.stderr)}`;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() ?? '';
}
