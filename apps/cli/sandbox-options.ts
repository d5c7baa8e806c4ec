import type { SandboxOptions } from '@pxa/sandbox';
import { usageError } from './exit.ts';
import { readJsonFile } from './json-file.ts';
import type { GlobalOptions } from './options.ts';

/** The sandbox that the options describe: the demo cluster, a world from a file, or a generated one. */
export async function sandboxOptions(options: GlobalOptions): Promise<SandboxOptions> {
  const { world, seed, nodes, guests, clock, pve, faults, port } = options;
  const isGenerated = [seed, nodes, guests].some((option) => option !== undefined);
  if (isGenerated && world !== undefined) {
    throw usageError('--world names a cluster, --seed, --nodes and --guests generate one: give one or the other.');
  }
  const isFile = world !== undefined && world !== 'demo';
  return {
    // The sandbox itself says where a world or a fault is not as it should be.
    ...(isFile ? { world: (await readJsonFile(world, '--world')) as NonNullable<SandboxOptions['world']> } : {}),
    ...(seed === undefined ? {} : { seed }),
    ...(nodes === undefined ? {} : { nodes }),
    ...(guests === undefined ? {} : { guests }),
    ...(clock === undefined ? {} : { clock }),
    ...(pve === undefined ? {} : { pve }),
    ...(port === undefined ? {} : { port }),
    ...(faults === undefined
      ? {}
      : { faults: (await readJsonFile(faults, '--faults')) as NonNullable<SandboxOptions['faults']> }),
  };
}
