import { createHash } from 'node:crypto';

const BYTES = 32;
/** How much of a secret is kept to recognise it by: `pxa_` and eight letters, of 43. */
const SHOWN = 12;

/** The secret of a token, `pxa_` and 256 bits as base64url: shown once, and kept nowhere. */
export interface Secret {
  readonly text: string;
  /** What is kept in its place. A secret of 256 random bits needs no slow hash: there is nothing to guess. */
  readonly hash: string;
  readonly prefix: string;
}

/** A new secret, of random bytes. */
export function newSecret(random: (bytes: number) => Buffer): Secret {
  const text = `pxa_${random(BYTES).toString('base64url')}`;
  return { text, hash: hashOf(text), prefix: text.slice(0, SHOWN) };
}

/** SHA-256 of a secret, as it is kept and looked up by: equal hashes are found by the store, so no comparison takes longer for a better guess. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Whether a text has the form of a secret of ours: anything else is not looked up. */
export const isSecret = (text: string): boolean => /^pxa_[\w-]{43}$/.test(text);
