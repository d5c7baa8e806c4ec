import { statusType } from '@pxa/pve/upid';
import type { Caller } from './behaviour.ts';
import type { TaskRecord } from './state.ts';

/** What GET /nodes/{node}/tasks can be asked for; numbers and switches are already numbers. */
export interface TaskQuery {
  source: string;
  start: number;
  limit: number;
  errors: boolean;
  statusFilter: Set<string> | undefined;
  typeFilter: string | undefined;
  userFilter: string | undefined;
  vmid: string | undefined;
  since: number | undefined;
  until: number | undefined;
}

type Row = Record<string, unknown>;

/** `user@realm!token` of a token's task, else the user. */
function taskOwner({ user, tokenid }: TaskRecord): string {
  return tokenid === undefined ? user : `${user}!${tokenid}`;
}

/** A user sees the own tasks and those of the own tokens, a token only its own (pve-manager API2/Tasks.pm). */
export function isOwnTask(task: TaskRecord, caller: Caller): boolean {
  return caller.authid === taskOwner(task) || caller.authid === task.user;
}

/** A node's tasks: running ones first where asked for, then the finished, the last to end first. */
export function listTasks(
  tasks: readonly TaskRecord[],
  query: TaskQuery,
  maySee: (task: TaskRecord) => boolean,
): { rows: Row[]; total: number } {
  const running = query.source === 'archive' ? [] : tasks.filter((task) => task.endtime === undefined);
  const ended = query.source === 'active' ? [] : tasks.filter((task) => task.endtime !== undefined);
  ended.sort((a, b) => (b.endtime ?? 0) - (a.endtime ?? 0));
  const matching = [...running, ...ended].filter((task) => maySee(task) && matches(task, query));
  const page = matching.slice(query.start, query.start + query.limit);
  return { rows: page.map(listRow), total: matching.length };
}

function matches(task: TaskRecord, query: TaskQuery): boolean {
  if (query.userFilter !== undefined && !taskOwner(task).toLowerCase().includes(query.userFilter.toLowerCase()))
    return false;
  if (query.typeFilter !== undefined && task.type !== query.typeFilter) return false;
  if (query.vmid !== undefined && task.id !== query.vmid) return false;
  if (query.since !== undefined && task.starttime < query.since) return false;
  if (query.until !== undefined && task.starttime > query.until) return false;
  if (query.errors) return task.status !== 'OK';
  return query.statusFilter === undefined || query.statusFilter.has(statusType(task.status));
}

/** A task without its log, which may be made up only when somebody reads it. */
export function taskFields({
  upid,
  node,
  pid,
  pstart,
  starttime,
  type,
  id,
  user,
  tokenid,
  endtime,
  status,
}: TaskRecord): Row {
  return {
    upid,
    node,
    pid,
    pstart,
    starttime,
    type,
    id,
    user,
    ...(tokenid !== undefined && { tokenid }),
    ...(endtime !== undefined && { endtime, status }),
  };
}

/** A running task keeps its token's name in `user`; a finished one has it apart. */
function listRow(task: TaskRecord): Row {
  const row = taskFields(task);
  if (task.endtime !== undefined) return row;
  delete row['tokenid'];
  return { ...row, user: taskOwner(task), status: 'RUNNING' };
}

/** How many finished tasks each node tells the cluster about (RESTEnvironment.pm, active_workers). */
const FINISHED_PER_NODE = 25;

/** /cluster/tasks: all that run, and of each node the last that ended. */
export function clusterTasks(tasks: readonly TaskRecord[]): TaskRecord[] {
  const running = tasks.filter((task) => task.endtime === undefined);
  const ended = tasks.filter((task) => task.endtime !== undefined).sort((a, b) => (b.endtime ?? 0) - (a.endtime ?? 0));
  const perNode = new Map<string, number>();
  const recent = ended.filter(({ node }) => {
    const count = (perNode.get(node) ?? 0) + 1;
    perNode.set(node, count);
    return count <= FINISHED_PER_NODE;
  });
  return [...running, ...recent];
}
