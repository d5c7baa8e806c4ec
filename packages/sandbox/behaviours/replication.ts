import { PveError, type Behaviours, type Call } from '../behaviour.ts';
import { isScheduled } from '../jobs/scheduler.ts';
import { nextEvent } from '../state/calendar.ts';
import type { Row } from '../state/model.ts';
import { nodeOf, nowSeconds, numberParam, offered, textParam } from './common.ts';
import { logPage } from './nodes.ts';

/** Replication: the jobs, and on their source node how they are doing. */
export const replication: Behaviours = {
  'GET /cluster/replication': (call) =>
    call.state.replication.filter((job) => call.access.can(`/vms/${String(job['guest'])}`, 'VM.Audit')),
  'GET /cluster/replication/{id}': (call) => {
    const id = textParam(call, 'id');
    const job = call.state.replication.find((row) => row['id'] === id);
    if (!job) throw new PveError(404, `replication job '${id}' does not exist\n`);
    if (!call.access.can(`/vms/${String(job['guest'])}`, 'VM.Audit'))
      throw new PveError(403, 'Permission check failed\n');
    return job;
  },
  'GET /nodes/{node}/replication': (call) => {
    const guest = numberParam(call, 'guest');
    return progress(call).filter((row) => guest === undefined || row['guest'] === guest);
  },
  'GET /nodes/{node}/replication/{id}/status': (call) => jobOf(call),
  'GET /nodes/{node}/replication/{id}/log': (call) => {
    const job = jobOf(call);
    return logPage(call, nodeOf(call).replicationLogs[String(job['id'])] ?? defaultLog(job));
  },
};

function jobOf(call: Call): Row {
  const id = textParam(call, 'id');
  const row = progress(call).find((entry) => entry['id'] === id);
  if (!row) throw new PveError(404, `replication job '${id}' does not exist\n`);
  return row;
}

function progress(call: Call): Row[] {
  const node = nodeOf(call);
  return offered(node, 'replication', node.replication)
    .filter((row) => call.access.can(`/vms/${String(row['guest'])}`, 'VM.Audit'))
    .map((row) => (isScheduled(call.state) ? row : carriedOn(call, row)));
}

/** Where nothing runs by itself: jobs without errors have run at their times as time goes by; failing ones have failed again. */
function carriedOn(call: Call, row: Row): Row {
  const now = nowSeconds(call);
  const next = Number(row['next_sync'] ?? 0);
  if (next === 0 || next > now) return row;
  const schedule = String(row['schedule'] ?? '*/15');
  const failing = Number(row['fail_count'] ?? 0) > 0;
  let at = next;
  let runs = 0;
  for (let later = nextEvent(schedule, at, 0); later !== undefined && later <= now && runs < 10_000; runs++) {
    at = later;
    later = nextEvent(schedule, at, 0);
  }
  return {
    ...row,
    last_try: at,
    ...(failing ? { fail_count: Number(row['fail_count']) + 1 + runs } : { last_sync: at }),
    next_sync: nextEvent(schedule, now, 0) ?? next,
  };
}

function defaultLog(job: Row): string[] {
  const id = String(job['id']);
  const lines = [`${id}: start replication job`, `${id}: guest => VM ${String(job['guest'])}, running => 1`];
  return job['error'] === undefined
    ? [...lines, `${id}: end replication job`]
    : [...lines, `${id}: end replication job with error: ${String(job['error'])}`];
}
