import type { Seal, SealSource } from '@pxa/assistant/store';
import { CliError } from '../exit.ts';
import type { Io } from '../io.ts';
import { keyForOpening, keyForSealing, type KeySource } from '../vault/key.ts';
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

/** A sealed plan as it is kept: with where its key comes from, since another process is to open it. */
interface Kept extends Sealed {
  readonly key?: KeySource;
}

async function fetchSeal(io: Io, keeps: 'on disk' | 'in memory'): Promise<Seal> {
  const random = (size: number): Uint8Array => io.random(size);
  if (keeps === 'in memory') return sealBy({ key: random(32), source: undefined }, random, () => undefined);
  const own = await keyForSealing(io).catch(asTrouble);
  return sealBy(own, random, (source) => keyForOpening(io, source));
}

function sealBy(
  own: { key: Uint8Array; source: KeySource | undefined },
  random: (size: number) => Uint8Array,
  keyOf: (source: KeySource) => Promise<Uint8Array> | undefined,
): Seal {
  return {
    seal(text) {
      const sealed: Kept = seal(text, own.key, BOUND, random);
      return JSON.stringify(own.source === undefined ? sealed : { ...sealed, key: own.source });
    },
    async open(text) {
      // Written by `seal` above.
      const { key: source, ...sealed } = JSON.parse(text) as Kept;
      const key = source === undefined ? own.key : ((await keyOf(source)) ?? own.key);
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
