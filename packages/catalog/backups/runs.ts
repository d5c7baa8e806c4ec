import { asNumber } from '@pxa/pve/values';
import { askedNodes, type Reading, type Rec } from '../kit/index.ts';
import { nameHiddenTasks } from '../nodes/audit.ts';
import { statusOf } from '../tasks/rows.ts';
import { parseVzdumpLog, type VzdumpLog } from './vzdump-log.ts';

/** More than a node's archive of tasks holds (about 2000). */
const wholeArchive = 10_000;

/** One vzdump task: a job's part on one node, or a backup made by hand. */
export interface Run {
  readonly upid: string;
  readonly node: string;
  readonly start: number;
  readonly end: number | undefined;
  readonly status: 'ok' | 'warning' | 'failed' | 'running';
  /** The guest, where the task is about one. */
  readonly vmid: number | undefined;
  readonly rec: Rec;
}

export interface Span {
  readonly from?: number;
  readonly to?: number;
}

/** The vzdump tasks of the nodes that a question is about, those still running included; one call a node. */
export async function readRuns(reading: Reading, span: Span, about: string): Promise<Run[]> {
  const times = {
    ...(span.from === undefined ? {} : { since: Math.floor(span.from) }),
    ...(span.to === undefined ? {} : { until: Math.ceil(span.to) }),
  };
  await nameHiddenTasks(reading, about);
  const lists = await reading.each(await askedNodes(reading, about), async ({ node }) => {
    const got = await reading.list('/nodes/{node}/tasks', {
      node,
      typefilter: 'vzdump',
      source: 'all',
      limit: wholeArchive,
      ...times,
    });
    if (got.ok) return got.data.flatMap((rec) => runOf(rec, node) ?? []);
    reading.lacks(`${about} of ${node}`, got.why, got.nextStep);
    return [];
  });
  return lists.flat();
}

function runOf(rec: Rec, node: string): Run | undefined {
  const { upid, type, starttime, endtime, id } = rec.data;
  const start = asNumber(starttime);
  if (type !== 'vzdump' || typeof upid !== 'string' || start === null) return undefined;
  return {
    upid,
    node,
    start,
    end: asNumber(endtime) ?? undefined,
    // statusOf gives one of the four.
    status: statusOf(rec) as Run['status'],
    vmid: asNumber(id) ?? undefined,
    rec,
  };
}

/** Logs that were read for a request, parsed once; they go with its data. */
const parsed = new WeakMap<readonly Rec[], VzdumpLog>();

/** A run's log, whole; each is read once a request. */
export async function logOf(reading: Reading, run: Run): Promise<VzdumpLog | { unknown: string }> {
  // limit 0: the whole log; without it, Proxmox sends 50 lines.
  const got = await reading.list('/nodes/{node}/tasks/{upid}/log', { node: run.node, upid: run.upid, limit: 0 });
  if (!got.ok) return { unknown: got.why };
  const known = parsed.get(got.data) ?? parseVzdumpLog(got.data);
  parsed.set(got.data, known);
  return known;
}
