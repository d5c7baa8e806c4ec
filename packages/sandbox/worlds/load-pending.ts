import type { Guest, GuestConfig } from '../state/model.ts';
import type { Part } from './check.ts';

/** A guest's configuration as `GET …/pending` tells it: what is in effect, and what waits for a restart. */
export interface PendingRead {
  current: GuestConfig;
  later: NonNullable<Guest['pending']>;
}

/** What waits for a restart; undefined where nothing does, or where it was not read. */
export function loadPending(part: Part): PendingRead | undefined {
  const current: GuestConfig = {};
  const later: PendingRead['later'] = { set: {}, remove: {} };
  let waits = false;
  for (const row of part.list()) {
    const key = row.at('key').text() ?? '';
    if (key === 'digest' || key === 'parent') continue;
    const now = valueOf(row.at('value'));
    if (now !== undefined) current[key] = now;
    const next = valueOf(row.at('pending'));
    if (next !== undefined) later.set[key] = next;
    const removed = row.at('delete').number();
    if (removed !== undefined && removed > 0) later.remove[key] = removed === 2 ? 2 : 1;
    waits ||= key in later.set || key in later.remove;
  }
  return waits ? { current, later } : undefined;
}

function valueOf(part: Part): string | number | undefined {
  return typeof part.value === 'number' ? part.value : part.text();
}
