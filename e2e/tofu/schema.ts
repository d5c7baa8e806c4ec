import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../tools/repository.ts';
import { run } from '../command.ts';
import type { Check } from '../clients/report.ts';
import { workIn } from './workspace.ts';

/** What the provider says of a block, as OpenTofu prints it. */
interface Block {
  attributes?: Record<string, { type?: unknown; required?: boolean; optional?: boolean; sensitive?: boolean }>;
  block_types?: Record<string, { block: Block; min_items?: number; max_items?: number }>;
}

const RESOURCES = ['vm', 'container', 'file', 'download_file', 'firewall_options', 'firewall_rules', 'haresource'];
const file = 'packages/generate/validate/bpg-schema.gen.ts';

/** The facts about the provider that generated code is held against are those of the provider itself. */
export async function checkFacts(programs: string): Promise<Check> {
  const name = 'the facts about the provider are its own';
  const made = await facts(programs);
  if (process.argv.includes('--write')) await writeFile(join(root, file), made);
  const is = await readFile(join(root, file), 'utf8').catch(() => '');
  return is === made ? { name } : { name, problem: `${file} is stale: run npm run test:tofu -- --write` };
}

async function facts(programs: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pxa-schema-'));
  try {
    const env = await workIn(folder, programs);
    await writeFile(
      join(folder, 'main.tf'),
      'terraform {\n  required_providers {\n    proxmox = {\n      source = "bpg/proxmox"\n    }\n  }\n}\n',
    );
    const told = await run(join(programs, 'tofu'), ['providers', 'schema', '-json'], {
      cwd: folder,
      env,
      timeoutMs: 60_000,
    });
    const all = JSON.parse(told.stdout) as {
      provider_schemas: Record<string, { resource_schemas?: Record<string, { block: Block }> }>;
    }; // the format of OpenTofu 1
    const resources = Object.values(all.provider_schemas).find(
      ({ resource_schemas: each }) => each !== undefined,
    )?.resource_schemas;
    const known = RESOURCES.map((each) => `proxmox_virtual_environment_${each}`);
    const lines = known.map((type) => `  ${type}: ${printed(blockFacts(resources?.[type]?.block ?? {}), 1)},`);
    return `${HEADER}\nexport const BPG = {\n${lines.join('\n')}\n} as const satisfies Record<string, BlockFacts>;\n`;
  } finally {
    await rm(folder, { recursive: true });
  }
}

const HEADER = `// Generated from the schema of bpg/proxmox 0.80.0 by \`npm run test:tofu -- --write\`. Do not edit.
import type { BlockFacts } from './block-facts.ts';
`;

interface Facts {
  attributes: Record<string, string>;
  blocks: Record<string, Facts & { least: number; most: number }>;
}

/** Types by their first word, \`!\` where it has to be there; what only the provider sets is left out. */
function blockFacts({ attributes = {}, block_types: blocks = {} }: Block): Facts {
  const settable = Object.entries(attributes).filter(
    ([, { required, optional }]) => required === true || optional === true,
  );
  return {
    attributes: Object.fromEntries(
      settable.map(([name, { type, required }]) => [
        name,
        `${Array.isArray(type) ? String(type[0]) : String(type)}${required === true ? '!' : ''}`,
      ]),
    ),
    blocks: Object.fromEntries(
      Object.entries(blocks).map(([name, { block, min_items: least = 0, max_items: most = 0 }]) => [
        name,
        { ...blockFacts(block), least, most },
      ]),
    ),
  };
}

/** As Prettier would lay it out. */
function printed(value: unknown, depth: number): string {
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? `'${value}'` : String(value);
  const entries = Object.entries(value);
  if (entries.length === 0) return '{}';
  const pad = '  '.repeat(depth + 1);
  return `{\n${entries.map(([key, each]) => `${pad}${key}: ${printed(each, depth + 1)},`).join('\n')}\n${'  '.repeat(depth)}}`;
}
