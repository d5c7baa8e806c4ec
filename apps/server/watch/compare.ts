import type { NewEvent, SeenGuest } from '@pxa/assistant/store';
import type { EventType } from '../events/types.ts';
import { type GuestNow, TEMPLATE } from './seen.ts';

/** What a comparison is made of. */
export interface Looks {
  /** As they were last seen; undefined: nobody has looked before, so that nothing of it is news. */
  readonly before: readonly SeenGuest[] | undefined;
  readonly now: readonly GuestNow[];
  /** The ids of guests that tasks have destroyed lately. */
  readonly destroyed: ReadonlySet<string>;
}

/** What is to be kept of a look, and what is news in it. */
export interface Compared {
  readonly are: readonly SeenGuest[];
  readonly gone: readonly string[];
  readonly news: readonly { readonly type: EventType; readonly guest: string; readonly data: NewEvent['data'] }[];
}

type News = Compared['news'][number];

/** Compares guests with how they were last seen; `idOf` names one as the service does. */
export function compare({ before, now, destroyed }: Looks, idOf: (guest: string) => string): Compared {
  const known = new Map((before ?? []).map((seen) => [seen.guest, seen]));
  const are: SeenGuest[] = [];
  const news: News[] = [];
  for (const { guest, name, status, isBeingMade } of now) {
    const was = known.get(guest);
    if (was === undefined && isBeingMade) continue;
    // What cannot be told is no news: it stays as it was until it can.
    if (was !== undefined && status === 'unknown') continue;
    if (was?.name === name && was.status === status) continue;
    are.push({ guest, name, status });
    if (before === undefined) continue;
    const said = newsOf(guest, { name, status, was }, idOf(guest));
    if (said !== undefined) news.push(said);
  }
  const here = new Set(now.map(({ guest }) => guest));
  const gone = [...known.values()].filter(({ guest }) => !here.has(guest) && isGone(guest));
  news.push(...gone.flatMap(({ guest, name, status }) => deleted(guest, { name, status }, idOf(guest))));
  return { are, gone: gone.map(({ guest }) => guest), news };

  /** A list that is empty all at once may be of a token that lost its rights: then a task has to bear witness. */
  function isGone(guest: string): boolean {
    return now.length > 0 || destroyed.has(guest.slice(guest.indexOf('/') + 1));
  }
}

function newsOf(
  guest: string,
  { name, status, was }: { name: string | null; status: string; was: SeenGuest | undefined },
  id: string,
): News | undefined {
  if (status === TEMPLATE || was?.status === TEMPLATE) return undefined;
  const { area, key } = areaOf(guest);
  if (was === undefined) return { type: `${area}.created`, guest, data: { [key]: { id, name, status } } };
  if (was.status === status) return undefined;
  const changed = { id, name, status, previous_status: was.status };
  return { type: `${area}.status_changed`, guest, data: { [key]: changed } };
}

function deleted(guest: string, was: { name: string | null; status: string }, id: string): News[] {
  if (was.status === TEMPLATE) return [];
  const { area, key } = areaOf(guest);
  return [{ type: `${area}.deleted`, guest, data: { [key]: { id, name: was.name, status: 'deleted' } } }];
}

function areaOf(guest: string): { area: 'vm' | 'container'; key: 'vm' | 'container' } {
  const area = guest.startsWith('lxc/') ? 'container' : 'vm';
  return { area, key: area };
}
