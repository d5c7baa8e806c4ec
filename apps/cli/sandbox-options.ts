import type { SandboxOptions } from './backend.ts';
import { sandboxDoor } from './backend.ts';
import { usageError } from './exit.ts';
import { readJsonFile } from './json-file.ts';
import type { GlobalOptions } from './options.ts';

/** The sandbox that the options describe: the demo cluster, a world from a file, or a generated one. */
export async function sandboxOptions(options: GlobalOptions): Promise<SandboxOptions> {
  const { world, seed, nodes, guests, clock, pve, faults, port, control } = options;
  const isGenerated = [seed, nodes, guests].some((option) => option !== undefined);
  if (isGenerated && world !== undefined) {
    throw usageError('--world names a cluster, --seed, --nodes and --guests generate one: give one or the other.');
  }
  const isFile = world !== undefined && world !== 'demo';
  return {
    // The sandbox itself says where a world is not as it should be.
    ...(isFile ? { world: (await readJsonFile(world, '--world')) as NonNullable<SandboxOptions['world']> } : {}),
    ...(seed === undefined ? {} : { seed }),
    ...(nodes === undefined ? {} : { nodes }),
    ...(guests === undefined ? {} : { guests }),
    ...(clock === undefined ? {} : { clock }),
    ...(pve === undefined ? {} : { pve }),
    ...(port === undefined ? {} : { port }),
    ...(control === true ? { control } : {}),
    ...(faults === undefined ? {} : { faults: await readFaults(faults) }),
  };
}

async function readFaults(path: string): Promise<NonNullable<SandboxOptions['faults']>> {
  const raw = await readJsonFile(path, '--faults');
  const { InvalidFaults, parseFaults } = await sandboxDoor();
  try {
    return parseFaults(raw);
  } catch (error) {
    if (error instanceof InvalidFaults)
      throw usageError(`--faults: ${path}: ${error.message}`, 'packages/sandbox/DIFFERENCES.md lists the faults.');
    throw error;
  }
}
