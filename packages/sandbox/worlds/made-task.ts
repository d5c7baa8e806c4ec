import type { TaskRecord } from '../state/model.ts';

/** A task as a made-up world describes it; times in seconds. */
export interface TaskPlan {
  node: string;
  type: string;
  id?: string;
  user?: string;
  start: number;
  /** Seconds that it took; undefined = still running. */
  took?: number;
  status?: string;
  /** Lines without the last one; made when somebody asks, since a large cluster's logs are long. */
  log?: () => string[];
}

const hex = (value: number): string => (value >>> 0).toString(16).toUpperCase().padStart(8, '0');

/** A finished (or running) task with its UPID and log; PVE::Tools::upid_encode's form. */
export function makeTask({
  node,
  type,
  id = '',
  user = 'root@pam',
  start,
  took,
  status = 'OK',
  log,
}: TaskPlan): TaskRecord {
  const pid = 1200 + ((start * 7 + node.length * 131 + type.length * 977) % 3_000_000);
  const pstart = (start * 100) % 4_000_000_000;
  const upid = `UPID:${node}:${hex(pid)}:${hex(pstart)}:${hex(start)}:${type}:${id}:${user}:`;
  const ending =
    status === 'OK' ? 'TASK OK' : status.startsWith('WARNINGS') ? `TASK ${status}` : `TASK ERROR: ${status}`;
  const lines = (): string[] => [...(log?.() ?? []), ...(took === undefined ? [] : [ending])];
  return {
    upid,
    node,
    pid,
    pstart,
    starttime: start,
    type,
    id,
    user,
    ...(took === undefined ? {} : { endtime: start + took, status }),
    get log() {
      return lines().map((t, index) => ({ n: index + 1, t }));
    },
  };
}
