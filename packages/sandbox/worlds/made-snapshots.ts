import type { Snapshot } from '../state/model.ts';

/** The present state's place below the newest snapshot. */
export function chain(...taken: Snapshot[]): Snapshot[] {
  const last = taken[taken.length - 1];
  return [...taken, { name: 'current', snaptime: 0, description: '', parent: last?.name }];
}
