import { type Problem, type Reader, asRows, asText } from '@pxa/pve/reader';
import { parseUpid } from '@pxa/pve/upid';
import type { Execution, Work } from './execution.ts';

/**
 * The tasks that may be a call's, or why they cannot be told. `perhaps`: begun before it was sent, as the clocks are now;
 * had one of them been set since, they could be its all the same.
 */
export type Found =
  | { readonly ok: true; readonly upids: readonly string[]; readonly perhaps: readonly string[] }
  | { readonly ok: false; readonly why: string };

/** More of one type and so short a time nobody starts. */
const MOST_TASKS = 500;

/**
 * The tasks of ours, of the forms that a call begins, begun since it was sent and not known to be another's. The node's
 * own list is what counts; the cluster's, which is short, tells of a node that cannot be asked.
 */
export async function foundTasks(x: Execution, work: Work, sentMs: number): Promise<Found> {
  const { reader } = x.wire();
  const { node, tasks } = work.record;
  const cluster = await reader.get('/cluster/tasks', {});
  // Seconds, by the cluster's own clock where that differs from ours.
  const skewMs = cluster.ok ? cluster.serverTime * 1_000 - x.deps.now() : 0;
  const secondsAt = (ms: number): number => Math.floor((ms - x.limits.clockToleranceMs) / 1_000);
  const since = secondsAt(sentMs + Math.min(0, skewMs));
  // Proxmox takes `localhost` for the node that is asked (pve-manager HTTPServer.pm, rest_handler).
  const asked = tasks.map(({ type, at_entry: atEntry }) => ({ type, at: atEntry === true ? 'localhost' : node }));
  const places = [...Map.groupBy(asked, ({ type, at }) => `${type} ${at}`).values()].flatMap(([first]) => first ?? []);
  const lists = await Promise.all(places.map(({ type, at }) => listed(reader, at, type, since)));
  x.hold.check();
  const rows = [cluster.ok ? cluster.data : [], ...lists.map((list) => ('rows' in list ? list.rows : []))];
  const upids = new Set(rows.flatMap(upidsOf).filter((upid) => isOurs(x, work, upid, since)));
  const failure = lists.find((list) => 'problem' in list);
  const { true: sure = [], false: perhaps = [] } = Object.groupBy(upids, (upid) =>
    (parseUpid(upid)?.starttime ?? 0) >= secondsAt(sentMs + skewMs) ? 'true' : 'false',
  );
  if (failure === undefined || sure.length > 0) return { ok: true, upids: sure, perhaps };
  return { ok: false, why: failure.problem.message };
}

async function listed(
  reader: Reader,
  node: string,
  type: string,
  since: number,
): Promise<{ rows: unknown } | { problem: Problem }> {
  const params = { node, source: 'all', typefilter: type, since, limit: MOST_TASKS } as const;
  const list = await reader.get('/nodes/{node}/tasks', params);
  return list.ok ? { rows: list.data } : { problem: list.problem };
}

function upidsOf(rows: unknown): string[] {
  return asRows(rows)
    .map(({ row }) => asText(row['upid']))
    .filter((upid) => upid !== null);
}

function isOurs({ deps, tasks }: Execution, { record }: Work, upid: string, since: number): boolean {
  const task = parseUpid(upid);
  if (task === undefined || tasks.has(upid)) return false;
  const isForm = record.tasks.some(
    ({ type, id, at_entry: atEntry }) =>
      type === task.type && id === task.id && (atEntry === true || task.node === record.node),
  );
  return isForm && task.user === deps.user && task.starttime >= since;
}
