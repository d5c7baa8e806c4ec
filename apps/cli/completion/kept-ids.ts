import { existsSync } from 'node:fs';
import type { Store } from '@pxa/assistant/store';
import { storeFile } from '../changes/options.ts';
import type { Io } from '../io.ts';

/** More than these nobody looks through. */
const mostIds = 50;

/** By command, which ids can follow it: as the store has them, newest first; no cluster is asked. */
const IDS: Readonly<Record<string, (store: Store, now: number) => Promise<string[]>>> = {
  approve: waitingPlans,
  cancel: waitingPlans,
  job: async (store) => (await store.jobs({ limit: mostIds })).map(({ id }) => id),
  undo: async (store) =>
    (await store.jobs({ states: ['done', 'failed', 'drifted', 'cancelled'], limit: mostIds }))
      .filter(({ steps }) => steps.some(({ state }) => state === 'done'))
      .map(({ id }) => id),
};

/** As we make them: what somebody else wrote there is not handed to a shell. */
const OURS = /^[a-z]+_\w+$/;

async function waitingPlans(store: Store, now: number): Promise<string[]> {
  const at = new Date(now).toISOString();
  return (await store.approvals({ now: at, state: 'pending', limit: mostIds })).map(({ plan_id: id }) => id);
}

/**
 * The ids of plans or jobs that can follow a command; none where it takes none. A store that is not there is not made,
 * and one that cannot be read has nothing to offer: who presses Tab wants no error.
 */
export async function keptIds(io: Io, command: string): Promise<string[]> {
  const ids = Object.hasOwn(IDS, command) ? IDS[command] : undefined;
  const file = storeFile(io.env);
  if (ids === undefined || !existsSync(file)) return [];
  try {
    const { openStore } = await import('@pxa/assistant/store');
    const store = await openStore({ kind: 'sqlite', file }, { now: () => io.now() });
    try {
      return (await ids(store, io.now())).filter((id) => OURS.test(id));
    } finally {
      await store.close();
    }
  } catch {
    return [];
  }
}
