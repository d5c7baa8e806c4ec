import type { TaskRecord } from '../state/model.ts';
import { InvalidWorld, type Part } from './check.ts';

/** The tasks of all nodes and of /cluster/tasks, each once, with the logs that were read; newest first. */
export function loadTasks(world: Part): TaskRecord[] {
  const tasks = new Map<string, TaskRecord>();
  const logs = new Map<string, { n: number; t: string }[]>();
  for (const row of world.at('cluster').at('tasks').list()) add(tasks, row);
  for (const [, node] of world.at('nodes').entries()) {
    for (const row of node.at('tasks').list()) add(tasks, row);
    for (const [upid, log] of node.at('task_logs').entries()) logs.set(upid, loadLog(log));
  }
  for (const [upid, log] of logs) {
    const task = tasks.get(upid);
    if (task) task.log = log;
  }
  return [...tasks.values()].sort((a, b) => b.starttime - a.starttime);
}

function add(tasks: Map<string, TaskRecord>, row: Part): void {
  const upid = row.at('upid').text();
  const starttime = row.at('starttime').number();
  if (upid === undefined) throw new InvalidWorld(`${row.path}.upid`, 'the UPID of the task');
  if (starttime === undefined) throw new InvalidWorld(`${row.path}.starttime`, 'the seconds since 1970');
  const fields = upid.split(':');
  const endtime = row.at('endtime').number();
  const status = row.at('status').text();
  const tokenid = row.at('tokenid').text();
  tasks.set(upid, {
    upid,
    node: row.at('node').text() ?? fields[1] ?? '',
    pid: row.at('pid').number() ?? parseInt(fields[2] ?? '0', 16),
    pstart: row.at('pstart').number() ?? parseInt(fields[3] ?? '0', 16),
    starttime,
    type: row.at('type').text() ?? fields[5] ?? '',
    id: row.at('id').text() ?? '',
    user: row.at('user').text() ?? '',
    ...(tokenid === undefined ? {} : { tokenid }),
    ...(endtime === undefined ? {} : { endtime }),
    // a running one is listed as RUNNING, which follows from its having no end
    ...(status === undefined || endtime === undefined ? {} : { status }),
  });
}

function loadLog(part: Part): { n: number; t: string }[] {
  return part.list().map((line, index) => {
    if (typeof line.value === 'string') return { n: index + 1, t: line.value };
    return { n: line.at('n').number() ?? index + 1, t: line.at('t').text() ?? '' };
  });
}
