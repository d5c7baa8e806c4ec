import { routeFacts } from '@pxa/pve/facts';
import type { Call } from '../behaviour.ts';
import { refused } from '../guests/work.ts';
import { properties } from '../state/guest-size.ts';
import type { Row } from '../state/model.ts';

const SCHEMA = routeFacts('POST /cluster/backup').parameters.properties ?? {};
/** Options that may be taken out of a job: all of vzdump's own, and two of jobs. */
const ONLY_JOB = new Set(['id', 'enabled', 'schedule', 'starttime', 'dow']);

export function isDeletable(key: string): boolean {
  return key in SCHEMA && !ONLY_JOB.has(key);
}

/** The options that a call sends, as a job keeps them: numbers as such, retention taken apart. */
export function sentJob({ params }: Call): Row {
  const job: Row = {};
  for (const [key, value] of Object.entries(params)) {
    if (key === 'id' || key === 'delete' || value === undefined || value === null) continue;
    job[key] = kept(key, value);
  }
  return withSchedule(job);
}

function kept(key: string, value: unknown): unknown {
  const type = SCHEMA[key]?.type;
  if (type === 'boolean') return value === true || /^(?:1|on|yes|true)$/i.test(String(value)) ? 1 : 0;
  if (type === 'integer') return Number(value);
  if (key === 'prune-backups' || key === 'fleecing' || key === 'performance') return properties(String(value));
  if (key === 'vmid' || key === 'exclude')
    return String(value)
      .split(/[\s,;\0]+/)
      .filter(Boolean)
      .join(',');
  return value;
}

/** The day and time of old are kept as a calendar event. */
function withSchedule({ starttime, dow, ...job }: Row): Row {
  if (job['schedule'] !== undefined && starttime !== undefined) {
    throw refused({ starttime: "'starttime' and 'schedule' cannot both be set" });
  }
  if (starttime === undefined) return job;
  return { ...job, schedule: dow === undefined ? starttime : `${String(dow)} ${String(starttime)}` };
}
