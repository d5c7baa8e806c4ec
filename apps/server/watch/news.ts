import type { FollowStep, NewEvent, SeenGuest } from '@pxa/assistant/store';
import type { Finding } from '@pxa/contract';
import { z } from 'zod';
import type { EventType } from '../events/types.ts';
import { Alerts, turnsOf } from './alerts.ts';
import { compare } from './compare.ts';
import { type EndedTask, type GuestNow } from './seen.ts';

/** What has to be remembered from one step to the next, by whichever replica takes it. */
const Memory = z.object({ ended: z.array(z.string()), alerts: Alerts, hasLooked: z.boolean() });
export type Memory = z.infer<typeof Memory>;

/** What a follower remembers; nothing before its first step. */
export function memoryOf(body: string | undefined): Memory {
  return body === undefined ? { ended: [], alerts: {}, hasLooked: false } : Memory.parse(JSON.parse(body));
}

/** What a look at a cluster came to. */
export interface Seen {
  readonly nowMs: number;
  /** Undefined: the tasks could not be read. */
  readonly ended: readonly EndedTask[] | undefined;
  /** The whole list; undefined where it was not due, or could not be read. */
  readonly whole: { readonly guests: readonly GuestNow[]; readonly troubles: ReadonlyMap<string, Finding> } | undefined;
  /** It has not answered for long; what it says of itself then. */
  readonly silent: Finding | undefined;
}

/** Whose look it was: the connection, the number of the step, and how it names guests. */
export interface Place {
  readonly connection: string;
  readonly place: number;
  readonly idOf: (guest: string) => string;
}

type News = Pick<FollowStep, 'body' | 'events' | 'seen'> & { readonly seen: NonNullable<FollowStep['seen']> };

/** What is news in a look, and what is to be remembered of it. The first look of all is no news. */
export function newsOf(memory: Memory, guests: readonly SeenGuest[], seen: Seen, at: Place): News {
  const { nowMs, whole } = seen;
  const { connection, place, idOf } = at;
  // What has ended is told with a look at what it changed: without one it waits.
  const ended = whole === undefined && freshOf(memory, seen.ended).length > 0 ? undefined : seen.ended;
  const fresh = freshOf(memory, ended);
  const names = [...(whole?.guests ?? []), ...guests].map(({ guest }) => guest);
  const guestOf = ({ target }: EndedTask): string | undefined => names.find((name) => name.endsWith(`/${target}`));
  const event = (key: string, type: EventType, data: NewEvent['data']): NewEvent => {
    return { key: `${connection} ${key}`, type, atMs: nowMs, connection, data };
  };
  const destroyed = new Set((ended ?? []).filter(isDestroy).map(({ target }) => target));
  const before = memory.hasLooked ? guests : undefined;
  const compared = whole === undefined ? NOTHING : compare({ before, now: whole.guests, destroyed }, idOf);
  const { alerts, turns } = turnsIn(memory, seen);
  const next: Memory = {
    ended: ended?.map(({ upid }) => upid) ?? memory.ended,
    alerts,
    hasLooked: memory.hasLooked || whole !== undefined,
  };
  const isNews = memory.hasLooked;
  const events = [
    ...compared.news.map(({ type, guest, data }) => event(`${guest} ${type} ${place}`, type, data)),
    ...(isNews ? fresh.filter(({ type }) => type === 'vzdump') : []).map((task) =>
      event(`task ${task.upid}`, 'backup.completed', { backup: backupOf(task, guestOf(task), idOf) }),
    ),
    ...(isNews ? turns : []).map(({ key, state, alert }) =>
      event(`alert ${key} ${place}`, 'system.alert', { alert: { state, ...alert, connection } }),
    ),
  ];
  return { body: JSON.stringify(next), events, seen: { connection, are: compared.are, gone: compared.gone } };
}

const NOTHING = { are: [], gone: [], news: [] } as const;

/** The tasks that have ended since they were last looked at. */
export function freshOf(memory: Memory, ended: readonly EndedTask[] | undefined): readonly EndedTask[] {
  const known = new Set(memory.ended);
  return (ended ?? []).filter(({ upid }) => !known.has(upid));
}

const isDestroy = ({ type, isWell }: EndedTask): boolean => isWell && (type === 'qmdestroy' || type === 'vzdestroy');

/** What cannot be seen is as it was: the troubles of a silent cluster, or of a node that is gone, are not over. */
function turnsIn({ alerts: before }: Memory, { whole, silent, nowMs }: Seen): ReturnType<typeof turnsOf> {
  if (whole !== undefined) {
    const down = [...whole.troubles.values()].filter(({ code }) => code === 'node.offline').map(({ about }) => about);
    const unseen = Object.entries(before).filter(([, { about }]) => down.some((node) => isOn(about, node)));
    return turnsOf(before, new Map<string, Alerts[string] | Finding>([...unseen, ...whole.troubles]), nowMs);
  }
  if (silent === undefined) return { alerts: before, turns: [] };
  const still = new Map<string, Alerts[string] | Finding>(Object.entries(before));
  return turnsOf(before, still.set(`${silent.code} ${silent.about}`, silent), nowMs);
}

/** Whether something is the node `node/NAME`, or a storage of its own. */
const isOn = (about: string, node: string): boolean =>
  about === node || about.startsWith(`storage/${node.slice('node/'.length)}/`);

/** A backup as its task tells it; one that is of several guests names none, nor one of a guest that nobody knows. */
function backupOf(task: EndedTask, guest: string | undefined, idOf: Place['idOf']): NewEvent['data'] {
  const { upid, node, started, ended, isWell, exit } = task;
  return {
    vm_id: guest === undefined ? null : idOf(guest),
    status: isWell ? 'completed' : 'failed',
    node,
    task: upid,
    started_at: started,
    completed_at: ended,
    message: exit,
  };
}
