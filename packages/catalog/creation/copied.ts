import { urlDecoded } from '@pxa/pve/percent';
import type { Change } from '@pxa/contract';
import type { GuestNow, PieceStep } from '../kit/index.ts';
import { options } from '../guests/config.ts';

/** What a copy differs in from what it is a copy of, as the steps after the copying set it. */
export function copyChanges(source: GuestNow, title: string, after: readonly PieceStep[]): Change[] {
  const made: Change = { about: title, key: 'guest', before: null, after: `copy of ${source.title}` };
  const set = after
    .flatMap((step) => valuesSetBy(step, source))
    .map((change) => ({ about: title, ...change }))
    .filter(({ before, after: now }) => before !== now);
  return [made, ...set];
}

/** What a step writes: each parameter of `config`, the size of the disk of `resize`. */
function valuesSetBy({ path, params }: PieceStep, { config }: GuestNow): Omit<Change, 'about'>[] {
  if (path.endsWith('/resize')) {
    const key = String(params['disk']);
    return [{ key: `size of ${key}`, before: options(config[key])['size'] ?? null, after: String(params['size']) }];
  }
  if (!path.endsWith('/config')) return [];
  return Object.entries(params).map(([key, value]) => ({
    key,
    before: text(key, config[key]),
    after: text(key, value),
  }));
}

/** A value as it is written; keys are as long as they are unreadable. */
function text(key: string, value: unknown): string | null {
  if (value === undefined) return null;
  if (key === 'sshkeys') return `keys that end in ${urlDecoded(String(value)).trim().slice(-12)}`;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
}
