import type { Looked } from '@pxa/assistant';
import type { Finding, Query, Row } from '@pxa/contract';
import type { SeenGuest } from '@pxa/assistant/store';
import { Cells } from '../http/cells.ts';
import { PAUSED, vmidOf } from '../guests/own-word.ts';

type Told = Extract<Looked, { ok: true }>;

/** A task that has ended. */
export interface EndedTask {
  readonly upid: string;
  readonly type: string;
  readonly node: string;
  /** The UPID's id field: the vmid, mostly. */
  readonly target: string;
  /** ISO 8601; null where Proxmox did not say. */
  readonly started: string | null;
  readonly ended: string | null;
  readonly isWell: boolean;
  readonly exit: string;
}

/** A guest as a look shows it. */
export interface GuestNow {
  /** As the catalogue names it: `qemu/101`. */
  readonly guest: string;
  readonly vmid: number;
  readonly name: string | null;
  readonly status: string;
  /** It is being made: it is there for others once that is done. */
  readonly isBeingMade: boolean;
}

/** What runs and what has ended lately: one light call. */
export const TASKS: Query = {
  dataset: 'recent-tasks',
  columns: ['upid', 'type', 'node', 'target', 'started', 'ended', 'status', 'exit'],
};

/** Everything that is compared with the look before, out of the one list of the cluster. */
export const STATE: readonly Query[] = [
  { dataset: 'guests', columns: ['vmid', 'type', 'name', 'status', 'lock', 'template'] },
  { dataset: 'nodes', columns: ['node', 'status', 'mem_share', 'mem_free', 'disk_share', 'disk_free'] },
  { dataset: 'storage', columns: ['storage', 'node', 'shared', 'status', 'share', 'free'] },
];

/** Tasks that pause a VM or let it go on: the list of the cluster says that it runs, one way or the other. */
const PAUSING = new Set(['qmpause', 'qmresume']);

/**
 * The VMs whose own word is asked beside the list, since that does not tell a paused one from one that runs: those that
 * were paused, and those that a task has just paused or let go on.
 */
export function inDoubt(guests: readonly SeenGuest[], ended: readonly EndedTask[]): ReadonlySet<number> {
  const paused = guests.filter(({ status }) => status === PAUSED).map(({ guest }) => vmidOf(guest));
  const targets = ended.filter(({ type }) => PAUSING.has(type)).map(({ target }) => Number(target));
  return new Set([...paused, ...targets].filter(Number.isSafeInteger));
}

/** Locks under which a guest is made (qemu-server PVE/API2/Qemu.pm, pve-container PVE/API2/LXC.pm). */
const MAKING = new Set(['create', 'clone', 'restore']);

/** Of a template there is no status: it never runs. */
export const TEMPLATE = 'template';

/** What stands in a message of another is bounded. */
const LONGEST_EXIT = 500;

export function endedTasks({ views: [view] }: Told): EndedTask[] {
  return (view?.rows ?? []).flatMap((row) => {
    const cells = new Cells(row);
    const status = cells.text('status');
    const upid = cells.text('upid');
    if (upid === null || status === null || status === 'running') return [];
    return {
      upid,
      type: cells.text('type') ?? '',
      node: cells.text('node') ?? '',
      target: cells.text('target') ?? '',
      started: cells.time('started'),
      ended: cells.time('ended'),
      isWell: status === 'ok' || status === 'warning',
      exit: (cells.text('exit') ?? '').slice(0, LONGEST_EXIT),
    };
  });
}

/** The guests of the list; of those in doubt, as they say themselves. */
export function guestsNow({ views }: Told, doubted: ReadonlySet<number>): GuestNow[] {
  const own = new Map((views[STATE.length]?.rows ?? []).map((row) => [row.id, row]));
  return (views[0]?.rows ?? []).flatMap((row) => {
    const cells = new Cells(row);
    const vmid = cells.number('vmid');
    if (vmid === null) return [];
    const listed = cells.text('status');
    const said = doubted.has(vmid) && listed === 'running' ? ownWord(own.get(row.id)) : listed;
    const status = cells.flag('template') === true ? TEMPLATE : (said ?? 'unknown');
    const isBeingMade = MAKING.has(cells.text('lock') ?? '');
    return { guest: row.id, vmid, name: cells.text('name'), status, isBeingMade };
  });
}

/** What a VM says itself; undefined where its node did not tell, so that the list's word stands there. */
function ownWord(row: Row | undefined): string | null | undefined {
  return row?.evidence['state']?.endsWith('/qmpstatus') === true ? new Cells(row).text('state') : undefined;
}

/** What is told of when it begins and when it is over; what comes and goes by the minute is not among them. */
const ALERTING = new Set(['node.offline', 'node.memory_high', 'node.root_full', 'storage.high', 'storage.unreachable']);

/** What a look found that its keeper should know, by a name that stays the same from look to look. */
export function troubles({ findings, views }: Told): Map<string, Finding> {
  const rows = new Map(views.flatMap(({ rows: each }) => each).map((row) => [row.id, row]));
  const down = findings.filter(({ code }) => code === 'node.offline').map(({ about }) => about.replace(/^node\//, ''));
  const found = new Map<string, Finding>();
  for (const finding of findings) {
    const { code } = finding;
    const row = rows.get(finding.about);
    // That a node is down says what is to be said of its storages.
    const isFollowing = code === 'storage.unreachable' && down.includes(new Cells(row).text('node') ?? '');
    if (!ALERTING.has(code) || isFollowing) continue;
    const about = aboutOf(finding, row);
    found.set(`${code} ${about}`, { ...finding, about });
  }
  return found;
}

/** Storage that nodes share is told by one node or another: it is the same storage all the same. */
function aboutOf({ about }: Finding, row: Row | undefined): string {
  const cells = new Cells(row);
  return about.startsWith('storage/') && cells.flag('shared') === true ? `storage/${cells.text('storage')}` : about;
}
