import type { GuestConfig, Snapshot } from '../state/model.ts';

/** A snapshot of the guest as it still is, but for what no snapshot holds. */
export function withConfig(taken: Snapshot, config: Readonly<GuestConfig>): Snapshot {
  if (taken.name === 'current' || taken.config !== undefined) return taken;
  const { lock: _lock, description: _description, ...kept } = config;
  return { ...taken, config: kept };
}

/** The present state's place below the newest snapshot. */
export function chain(...taken: Snapshot[]): Snapshot[] {
  const last = taken[taken.length - 1];
  return [...taken, { name: 'current', snaptime: 0, description: '', parent: last?.name }];
}
