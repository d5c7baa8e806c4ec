import type { Call } from '../behaviour.ts';
import type { Row, TaskRecord } from '../state/model.ts';
import { ctime } from '../state/ctime.ts';
import { nodeOf, numberParam, textParam } from './common.ts';

interface Entry {
  time: number;
  task: TaskRecord;
  message: string;
}

/** What pvedaemon writes of every task: its start, and its end with the outcome. Oldest first. */
function entries(call: Call): Entry[] {
  return call.state.tasks
    .flatMap((task): Entry[] => {
      const start = { time: task.starttime, task, message: `starting task ${task.upid}` };
      if (task.endtime === undefined) return [start];
      const outcome = task.status === 'OK' ? 'OK' : String(task.status);
      return [start, { time: task.endtime, task, message: `end task ${task.upid} ${outcome}` }];
    })
    .sort((a, b) => a.time - b.time);
}

/** The cluster's log, newest first: what was read of it, else what the tasks left there. */
export function clusterLog(call: Call): Row[] {
  if (call.state.log.length > 0) return call.state.log;
  const visible = call.access.can('/', 'Sys.Syslog');
  return entries(call)
    .filter(({ task }) => visible || task.user === call.caller.userid)
    .map(({ time, task, message }, index) => ({
      uid: index + 1,
      id: index + 1,
      time,
      node: task.node,
      tag: 'pvedaemon',
      pid: task.pid,
      // 6 is info, 3 an error, as syslog counts
      pri: message.startsWith('end task') && task.status !== 'OK' ? 3 : 6,
      user: task.user,
      msg: message,
    }))
    .reverse();
}

/** A node's system log, oldest first: what was read of it, else the lines of its tasks. */
export function systemLog(call: Call): string[] {
  const node = nodeOf(call);
  if (node.syslog.length > 0) return node.syslog;
  const [since, until] = [limit(call, 'since') ?? 0, limit(call, 'until') ?? Infinity];
  const service = textParam(call, 'service') ?? 'pvedaemon';
  if (service !== 'pvedaemon') return [];
  return entries(call)
    .filter(({ task, time }) => task.node === node.name && time >= since && time <= until)
    .map(({ time, task, message }) => {
      const date = ctime(time, node.tzOffset).slice(4, 19);
      return `${date} ${node.name} pvedaemon[${task.pid}]: <${task.user}> ${message}`;
    });
}

/** Seconds since 1970 from such, or from `2026-02-23 10:00:00`. */
function limit(call: Call, key: string): number | undefined {
  const text = textParam(call, key);
  if (text === undefined || /^\d+$/.test(text)) return numberParam(call, key);
  const parsed = Date.parse(`${text.replace(' ', 'T')}Z`);
  return Number.isNaN(parsed) ? undefined : parsed / 1000;
}
