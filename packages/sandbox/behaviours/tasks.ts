import { parseUpid } from '@pxa/pve/upid';
import { PveError, Result, type Behaviours, type Call } from '../behaviour.ts';
import { Download } from '../respond.ts';
import type { TaskRecord } from '../state.ts';
import { clusterTasks, isOwnTask, listTasks, taskFields } from '../task-list.ts';

const LIMIT = 50;

/** pve-manager API2/Tasks.pm and API2/Cluster.pm:tasks. */
export const taskBehaviours: Behaviours = {
  'GET /nodes/{node}/tasks': (call) => {
    const auditor = call.access.can(`/nodes/${call.node}`, 'Sys.Audit');
    const tasks = call.tasks.all().filter(({ node }) => node === call.node);
    const { rows, total } = listTasks(tasks, taskQuery(call), (task) => auditor || isOwnTask(task, call.caller));
    return new Result(rows, { total });
  },

  'GET /nodes/{node}/tasks/{upid}': () => [{ name: 'log' }, { name: 'status' }],

  'GET /nodes/{node}/tasks/{upid}/status': (call) => {
    const upid = readableUpid(call);
    const task = findTask(call, upid);
    demand(call, task, 'Sys.Audit');
    const { endtime, status, ...row } = taskFields(task);
    return endtime === undefined ? { ...row, status: 'running' } : { ...row, status: 'stopped', exitstatus: status };
  },

  'GET /nodes/{node}/tasks/{upid}/log': (call) => {
    const upid = readableUpid(call);
    const task = call.tasks.find(upid);
    if (task?.node === call.node) demand(call, task, 'Sys.Audit');
    else if (!call.access.can(`/nodes/${call.node}`, 'Sys.Audit')) throw forbidden(call, 'Sys.Audit');
    const lines = task?.node === call.node ? call.tasks.log(upid) : undefined;
    if (flag(call.params['download'])) return download(call, upid, lines);
    return page(lines, number(call.params['start']) ?? 0, number(call.params['limit']) ?? LIMIT);
  },

  'DELETE /nodes/{node}/tasks/{upid}': (call) => {
    const task = findTask(call, readableUpid(call));
    demand(call, task, 'Sys.Modify');
    call.tasks.stop(task.upid);
    return null;
  },

  'GET /cluster/tasks': (call) => {
    const everything = call.access.can('/', 'Sys.Audit');
    // Compared with the user's name alone, so that a token without Sys.Audit sees nothing, not even its own.
    return clusterTasks(call.tasks.all())
      .filter((task) => everything || task.user === call.caller.authid)
      .map(taskFields);
  },
};

function taskQuery({ params }: Call): Parameters<typeof listTasks>[1] {
  const statuses = text(params['statusfilter'])
    ?.split(/[,;\s\0]+/)
    .filter((word) => word !== '');
  return {
    source: text(params['source']) ?? 'archive',
    start: number(params['start']) ?? 0,
    limit: number(params['limit']) ?? LIMIT,
    errors: flag(params['errors']),
    statusFilter: statuses && statuses.length > 0 ? new Set(statuses) : undefined,
    typeFilter: text(params['typefilter']),
    userFilter: text(params['userfilter']),
    vmid: text(params['vmid']),
    since: number(params['since']),
    until: number(params['until']),
  };
}

function readableUpid({ params }: Call): string {
  const upid = String(params['upid']);
  if (!parseUpid(upid)) throw refusedUpid('unable to parse worker upid');
  return upid;
}

function findTask(call: Call, upid: string): TaskRecord {
  const task = call.tasks.find(upid);
  if (!task || task.node !== call.node) throw refusedUpid('no such task');
  return task;
}

function refusedUpid(text: string): PveError {
  return new PveError(400, 'Parameter verification failed.\n', { upid: text });
}

function demand(call: Call, task: TaskRecord, privilege: string): void {
  if (isOwnTask(task, call.caller) || call.access.can(`/nodes/${call.node}`, privilege)) return;
  throw forbidden(call, privilege);
}

function forbidden({ node }: Call, privilege: string): PveError {
  return new PveError(403, `Permission check failed (/nodes/${node}, ${privilege})\n`);
}

type Lines = { n: number; t: string }[];

/** `limit` 0 means all; `total` counts what there is, and an empty log has one line that says so. */
function page(lines: Lines | undefined, start: number, limit: number): Result {
  if (!lines) return new Result([{ n: 1, t: 'unable to open file - No such file or directory' }], { total: 1 });
  if (lines.length === 0) return new Result([{ n: 1, t: 'no content' }], { total: 1 });
  return new Result(lines.slice(start, limit === 0 ? undefined : start + limit), { total: lines.length });
}

function download({ params }: Call, upid: string, lines: Lines | undefined): Download {
  if (params['start'] !== undefined || params['limit'] !== undefined) {
    throw new PveError(500, "Parameter 'download' can't be used in conjunction with other parameters\n");
  }
  if (!lines) throw new PveError(500, 'unable to open file - No such file or directory\n');
  return new Download(lines.map(({ t }) => `${t}\n`).join(''), `task-${upid.replace(/:$/, '')}.log`);
}

function text(value: unknown): string | undefined {
  return value === undefined || value === '' ? undefined : String(value);
}

function number(value: unknown): number | undefined {
  return value === undefined ? undefined : Number(value);
}

function flag(value: unknown): boolean {
  return value === true || value === 1 || value === '1';
}
