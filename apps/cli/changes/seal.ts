import type { Seal, SealSource } from '@pxa/assistant/store';
import { CliError } from '../exit.ts';
import type { Io } from '../io.ts';
import { keyForSealing } from '../vault/key.ts';
import { seal, type Sealed, unseal } from '../vault/sealed.ts';

const BOUND = 'pxa plan parameter';

/**
 * Seals what plans hold of secrets with the vault's key, fetched with the first of them. In memory, where nothing reaches
 * a disk, a key of this process does. It throws StoreFailed where there is no key to be had.
 */
export function sealSource(io: Io, keeps: 'on disk' | 'in memory'): SealSource {
  let fetched: Promise<Seal> | undefined;
  return () => {
    fetched ??= fetchSeal(io, keeps).catch((error: unknown) => {
      // What was in the way may be mended by the next time.
      fetched = undefined;
      throw error;
    });
    return fetched;
  };
}

async function fetchSeal(io: Io, keeps: 'on disk' | 'in memory'): Promise<Seal> {
  const { key } = keeps === 'on disk' ? await keyForSealing(io).catch(asTrouble) : { key: io.random(32) };
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

/** That there is no key is trouble with what is kept, as whoever asked for a change reads it. */
async function asTrouble(error: unknown): Promise<never> {
  const { StoreFailed } = await import('@pxa/assistant/store');
  if (!(error instanceof CliError)) throw error;
  throw new StoreFailed(
    `The plan holds a secret, and there is no key to keep it with. ${error.message} ${error.nextStep ?? ''}`.trim(),
    { cause: error },
  );
}
