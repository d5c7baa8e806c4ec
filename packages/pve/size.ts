import { perlNumber, perlPattern } from './facts/perl.ts';

const FACTORS: Readonly<Record<string, number>> = { K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 };

/** A size of Proxmox's (`32G`, `512MiB`, `1.5T`, plain bytes) in bytes, or null where it is none. */
export function parseSize(text: string): number | null {
  const parts = perlPattern('^(\\d+(?:\\.\\d+)?)([KMGT](?:iB)?)?$').exec(text);
  if (!parts) return null;
  const factor = FACTORS[parts[2]?.charAt(0) ?? ''] ?? 1;
  return Math.trunc(perlNumber(parts[1] ?? '') * factor);
}

/**
 * Bytes in the largest unit that divides them, as Proxmox writes sizes into configurations: 32G; 1025. Nothing at
 * all is `0T`, as there.
 */
export function formatSize(bytes: number): string {
  let size = Math.trunc(bytes);
  if (size % 1024 !== 0) return String(size);
  for (const unit of ['K', 'M', 'G']) {
    size /= 1024;
    if (size % 1024 !== 0) return `${size}${unit}`;
  }
  return `${size / 1024}T`;
}
