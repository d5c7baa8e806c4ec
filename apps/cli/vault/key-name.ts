import { createHash } from 'node:crypto';
import type { Io } from '../io.ts';
import { keyFilePath, keyForSealing } from './key.ts';

const SHOWN = 12;

/**
 * What the vault's key is called, so that two can be told to be the same without showing either: where it comes from, and
 * the first letters of a hash of it. A passphrase has no such letters, since it could be guessed by them. @throws CliError
 */
export async function keyName(io: Io): Promise<string> {
  const { key, source } = await keyForSealing(io);
  if (source.from === 'passphrase') return 'the passphrase in PXA_VAULT_KEY';
  const id = createHash('sha256').update('pxa vault key id').update(key).digest('hex').slice(0, SHOWN);
  return `${id}, from ${source.from === 'file' ? keyFilePath(io.env) : 'PXA_VAULT_KEY'}`;
}
