import { createHash } from 'node:crypto';
import type { GuestConfig } from './model.ts';

/** SHA-1 of a configuration written out as its file has it, as Proxmox makes its digests. */
export function configHash(config: GuestConfig): string {
  const lines = Object.keys(config)
    .sort()
    .map((key) => `${key}: ${config[key]}\n`);
  return createHash('sha1').update(lines.join('')).digest('hex');
}

/** A digest of rows that Proxmox keeps in one file, as that of the HA resources. */
export function rowsHash(rows: unknown): string {
  return createHash('sha1').update(JSON.stringify(rows)).digest('hex');
}
