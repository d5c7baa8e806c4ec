import { createCipheriv, createDecipheriv } from 'node:crypto';

/** A secret as it lies on disk: AES-256-GCM, all parts in base64. */
export interface Sealed {
  iv: string;
  tag: string;
  data: string;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts `secret` with a key of 32 bytes; `bound` is what it belongs to, and opening it for anything else fails. */
export function seal(secret: string, key: Uint8Array, bound: string, random: (size: number) => Uint8Array): Sealed {
  const iv = random(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(bound, 'utf8'));
  const data = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return { iv: toBase64(iv), tag: toBase64(cipher.getAuthTag()), data: toBase64(data) };
}

/** Decrypts; undefined where the key is another one, what it is bound to differs, or a bit has been changed. */
export function unseal(sealed: Sealed, key: Uint8Array, bound: string): string | undefined {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(sealed.iv, 'base64'), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(bound, 'utf8'));
    decipher.setAuthTag(Buffer.from(sealed.tag, 'base64'));
    return Buffer.concat([decipher.update(Buffer.from(sealed.data, 'base64')), decipher.final()]).toString('utf8');
  } catch {
    // Node tells a wrong key and a changed text apart by nothing but this throw.
    return undefined;
  }
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
