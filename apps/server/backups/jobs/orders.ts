import type { Command, CommandPart } from '@pxa/contract';
import { given } from '../../changes/given.ts';
import type { Fields } from '../../changes/refusal.ts';
import { calendarEvent } from '../calendar.ts';
import { RETENTION_FIELDS, retentionInputs } from '../retention.ts';
import { notAcceptable } from '../../http/problem.ts';
import type { ChangedBackupJob, NewBackupJob } from './schemas.ts';

/** The inputs that the API calls by another name. */
export const JOB_FIELDS: Fields = {
  ...RETENTION_FIELDS,
  guests: 'vm_ids',
  add: 'vm_ids',
  drop: 'vm_ids',
  who: 'all',
};

/** Makes a job, by an id of ours, so that it can be told. @throws Problem 422 */
export function creation(body: NewBackupJob, id: string, guests: readonly string[] | undefined): Command {
  const { storage, pool, all, mode, retention, comment } = body;
  const chosen = [body.vm_ids, pool, all].filter((each) => each !== undefined);
  if (chosen.length !== 1) {
    throw notAcceptable('Say what it is to back up by exactly one of: vm_ids, pool, all.', {
      field: 'vm_ids',
      reason: chosen.length === 0 ? 'required' : 'only_one_of',
    });
  }
  const input = given({
    id,
    storage,
    schedule: eventOf(body.schedule),
    guests,
    pool,
    who: all === true ? 'all' : undefined,
    mode,
    ...retentionInputs(retention),
    comment: comment === '' ? undefined : comment,
  });
  return { action: 'backup_job.create', targets: [''], input, says: `schedule backups to ${storage}` };
}

/** Changes what is named of a job: it is switched on before, and off after everything else. */
export function changing(id: string, body: ChangedBackupJob, now: Guests): Command {
  const { enabled, schedule, storage, mode, retention, comment } = body;
  const { add, drop } = now;
  const settings = given({
    schedule: schedule === undefined ? undefined : eventOf(schedule),
    storage,
    mode,
    ...retentionInputs(retention),
    comment,
    add: add.length === 0 ? undefined : add,
    drop: drop.length === 0 ? undefined : drop,
  });
  const of = (action: string, input: Record<string, unknown>): CommandPart => ({
    action,
    targets: [`backup-job/${id}`],
    input,
    says: `change backup job ${id}`,
  });
  const isSwitchAlone = Object.keys(body).length === 1 && enabled !== undefined;
  const parts = [
    ...(enabled === true ? [of('backup_job.enable', {})] : []),
    ...(isSwitchAlone ? [] : [of('backup_job.change', settings)]),
    ...(enabled === false ? [of('backup_job.disable', {})] : []),
  ];
  const [first, ...later] = parts;
  if (first === undefined) throw new Error('the body names something to change');
  return { ...first, ...(later.length === 0 ? {} : { later }) };
}

/** Which guests come to those that a job takes, and which go. */
export interface Guests {
  readonly add: readonly string[];
  readonly drop: readonly string[];
}

/** @throws Problem 422 for what cron can say and Proxmox cannot */
function eventOf(schedule: string): string {
  const event = calendarEvent(schedule);
  if (event !== undefined) return event;
  const details = { field: 'schedule', reason: 'not_acceptable', provided_value: schedule };
  throw notAcceptable('Proxmox has no schedule that is the same: write it as “mon..fri 02:30”.', details);
}
