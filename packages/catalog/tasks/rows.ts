import { asNumber } from '@pxa/pve/values';
import { type AskedGuest, guestsIn } from '../guests/asked.ts';
import {
  askedNodes,
  type Cell,
  draft,
  type Draft,
  pointer,
  type Reading,
  type Rec,
  type RowsReader,
} from '../kit/index.ts';
import { nameHiddenTasks } from '../nodes/audit.ts';
import { kindOf, onlyTypeOf } from './kinds.ts';

/** `/cluster/tasks` keeps at most so many finished tasks a node (pve-manager PVE/API2/Cluster.pm). */
const recentPerNode = 25;
/** More than a node's archive holds (about 2000), so that a list is complete. */
const wholeArchive = 10_000;

/**
 * Tasks. The cluster's own list is enough for what runs now, and for the newest few; everything else is read from the
 * nodes' archives, narrowed there by time, type, guest, user and outcome as far as the question is.
 */
export const taskRows: RowsReader = async (reading) => {
  const status = reading.only('status');
  const runningOnly = status !== undefined && status.every((each) => each === 'running');
  const fewNewest = reading.newest !== undefined && reading.newest <= recentPerNode;
  const recs = runningOnly || fewNewest ? await clusterTasks(reading) : await nodeTasks(reading);
  const resources = await reading.list('/cluster/resources', {});
  await nameHiddenTasks(reading, 'tasks');
  const guests = resources.ok ? guestsIn(resources.data) : [];
  return recs.map((rec) => taskDraft(rec, guests, reading.now));
};

async function clusterTasks(reading: Reading): Promise<Rec[]> {
  const got = await reading.list('/cluster/tasks', {});
  if (got.ok) return got.data;
  reading.lacks('tasks', got.why, got.nextStep);
  return [];
}

async function nodeTasks(reading: Reading): Promise<Rec[]> {
  const filters = filtersOf(reading);
  const lists = await reading.each(await askedNodes(reading, 'tasks'), async ({ node }) => {
    const got = await reading.list('/nodes/{node}/tasks', { node, source: 'all', limit: wholeArchive, ...filters });
    if (got.ok) return got.data;
    reading.lacks(`tasks of ${node}`, got.why, got.nextStep);
    return [];
  });
  return lists.flat();
}

interface Filters {
  since?: number;
  until?: number;
  typefilter?: string;
  vmid?: number;
  userfilter?: string;
  statusfilter?: string;
}

const outcomes: Readonly<Record<string, string>> = { ok: 'ok', warning: 'warning', failed: 'error,unknown' };

function filtersOf(reading: Reading): Filters {
  const filters: Filters = {};
  const { from, to } = { ...reading.range('started'), ...reading.window };
  if (from !== undefined) filters.since = Math.floor(from);
  if (to !== undefined) filters.until = Math.ceil(to);
  const type = one(reading.only('type')) ?? onlyTypeOf(one(reading.only('action')) ?? '');
  if (type !== undefined) filters.typefilter = type;
  const vmid = Number(one(reading.only('guest'))?.split('/')[1]);
  // A bulk backup has no guest in its id, so that narrowing by it would miss it; the others always have.
  if (Number.isInteger(vmid)) filters.vmid = vmid;
  const user = one(reading.only('user'));
  if (user !== undefined) filters.userfilter = user;
  const status = reading.only('status');
  if (status?.every((each) => each in outcomes)) filters.statusfilter = status.map((each) => outcomes[each]).join(',');
  return filters;
}

function one(values: readonly (string | number)[] | undefined): string | undefined {
  return values?.length === 1 ? String(values[0]) : undefined;
}

/** A task's row: what Proxmox listed, with its outcome, its duration and its guest worked out. */
function taskDraft(rec: Rec, guests: readonly AskedGuest[], now: number): Draft {
  const { upid, type, starttime, endtime } = rec.data;
  const kind = kindOf(String(type));
  const at = (key: string): string => pointer(rec.at, key);
  const [start, end] = [asNumber(starttime), asNumber(endtime)];
  return draft(`task/${String(upid)}`, rec, {
    action: { value: kind.action, at: at('type') },
    what: { value: kind.says, at: at('type') },
    status: { value: statusOf(rec), at: at(end === null ? 'upid' : 'status') },
    ...userCells(rec),
    ...(start === null ? {} : { duration: durationOf(start, end, now, at) }),
    ...guestOf(rec, kind.guest, guests),
  });
}

/** ok, warning, failed or running; what is listed without an end still runs (a node's list says `RUNNING`). */
export function statusOf({ data }: Rec): string {
  const status = String(data['status'] ?? '');
  if (data['endtime'] === undefined || status === 'RUNNING') return 'running';
  if (status === 'OK') return 'ok';
  return status.startsWith('WARNINGS') ? 'warning' : 'failed';
}

function durationOf(start: number, end: number | null, now: number, at: (key: string) => string): Cell {
  return end === null
    ? { value: Math.max(0, now - start), at: `now − starttime: ${at('starttime')}` }
    : { value: end - start, at: `endtime − starttime: ${at('endtime')}, ${at('starttime')}` };
}

// Running tasks keep the token in `user` (`root@pam!ci`), finished ones have it apart.
function userCells(rec: Rec): Record<string, Cell> {
  const [user = '', token] = String(rec.data['user'] ?? '').split('!');
  const at = pointer(rec.at, 'user');
  const id = token ?? rec.data['tokenid'];
  return {
    user: { value: user, at },
    token: { value: typeof id === 'string' ? id : '', at: token === undefined ? pointer(rec.at, 'tokenid') : at },
  };
}

function guestOf(
  rec: Rec,
  about: 'qemu' | 'lxc' | 'either' | undefined,
  guests: readonly AskedGuest[],
): Record<string, Cell> {
  const vmid = asNumber(rec.data['id']);
  const at = pointer(rec.at, 'id');
  // A task of no guest (or, as a bulk backup, of several) is known to belong to none.
  if (about === undefined || vmid === null) return { guest: { value: '', at }, guest_name: { value: '', at } };
  const guest = guests.find((each) => each.vmid === vmid && (about === 'either' || each.type === about));
  // A guest that is gone keeps its id, where the task's type tells its kind.
  if (guest === undefined) return about === 'either' ? {} : { guest: { value: `${about}/${vmid}`, at } };
  return {
    guest: { value: guest.id, at: `${at}, ${guest.rec.at}` },
    guest_name: { value: guest.name, at: pointer(guest.rec.at, 'name') },
  };
}
