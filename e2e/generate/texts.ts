import { generate, Specification } from '@pxa/generate';
import fc from 'fast-check';
import { hostileText, kept } from '../../packages/generate/testing/texts.ts';

/** Texts that mean something to one of the languages, always the same ones. */
export const hostileTexts = (count: number): string[] => fc.sample(hostileText, { seed: 1, numRuns: count }).map(kept);

/** Code in which texts stand as the public keys of a VM: at most fifty. */
export async function codeWith(texts: readonly string[], format: 'terraform' | 'ansible'): Promise<string> {
  const guest = {
    kind: 'vm',
    name: 'a',
    source: { from: 'image', os: 'debian-12' },
    cores: 1,
    memory_mb: 512,
    disks: [],
    nics: [],
    users: [{ name: 'admin' }],
    ssh_keys: [...texts],
  };
  const specification = Specification.parse({ guests: [guest] });
  const target = { format, provider: 'bpg', today: '2026-02-23' } as const;
  return (await generate({ specification, assumptions: [], notUnderstood: [], ...target })).code;
}
