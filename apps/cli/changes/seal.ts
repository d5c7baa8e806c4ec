import type { Seal } from '@pxa/assistant/store';
import type { Io } from '../io.ts';
import { keyForSealing } from '../vault/key.ts';
import { seal, type Sealed, unseal } from '../vault/sealed.ts';

const BOUND = 'pxa plan parameter';

/**
 * Seals what plans hold of secrets with the vault's key. In memory, where nothing reaches a disk, a key of this process
 * does.
 */
export async function storeSeal(io: Io, keeps: 'on disk' | 'in memory'): Promise<Seal> {
  const { key } = keeps === 'on disk' ? await keyForSealing(io) : { key: io.random(32) };
  return {
    seal: (text) => JSON.stringify(seal(text, key, BOUND, (size) => io.random(size))),
    open: (text) => {
      // Written by `seal` above.
      const sealed = JSON.parse(text) as Sealed;
      const secret = unseal(sealed, key, BOUND);
      if (secret === undefined) throw new Error('The vault has another key than the one that this was sealed with.');
      return secret;
    },
  };
}
