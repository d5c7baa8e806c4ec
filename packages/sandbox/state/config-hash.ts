import { createHash } from 'node:crypto';
import type { GuestConfig } from './model.ts';

/** SHA-1 of a configuration written out as its file has it, as Proxmox makes its digests. */
export function configHash(config: GuestConfig): string {
  const lines = Object.keys(config)
    .sort()
    .map((key) => `${key}: ${config[key]}\n`);
  return createHash('sha1').update(lines.join('')).digest('hex');
}

const readDigests = new WeakMap<object, string>();

/** Keeps the digest that was read with a list, for as long as that very list is in use. */
export function keepDigest<T extends object>(rows: T, digest: string | undefined): T {
  if (digest !== undefined) readDigests.set(rows, digest);
  return rows;
}

/** The digest of what Proxmox keeps in one file, as the HA resources; lists are never changed in place. */
export function rowsHash(rows: object): string {
  return readDigests.get(rows) ?? createHash('sha1').update(JSON.stringify(rows)).digest('hex');
}
