import { dataset, given, is, oneOf, type SummaryRow, time } from '../kit/index.ts';
import { runFindings } from './findings.ts';
import { runRows } from './run-rows.ts';

/** Backups as they were made, or not: one row for each guest of each run of vzdump. */
export const backupRuns = dataset({
  id: 'backup-runs',
  title: 'Backup runs',
  counted: 'count',
  weight: 3,
  nouns: [
    {
      words: 'backup run|backup attempt|vzdump run|backup execution|backup result|backup history',
      title: 'Backup runs',
    },
    {
      words:
        'backup failure|failed backup|failing backup|unsuccessful backup|backup error|failed backup run|broken backup|backup problem',
      where: is('status', 'failed'),
      title: 'Failed backups',
    },
    {
      words: 'successful backup|successful backup run',
      where: oneOf('status', 'ok', 'warning'),
      title: 'Successful backups',
    },
    { words: 'running backup|backup in progress', where: is('status', 'running'), title: 'Running backups' },
    { words: 'backup', title: 'Backup runs', weak: true },
  ],
  rows: runRows,
  columns: {
    vmid: given('VMID', 'vmid', 'number', 'count', { words: 'vmid|guest id|vm id' }),
    guest: given('GUEST ID', 'guest', 'text', 'text', { names: 'guest' }),
    guest_name: given('GUEST', 'guest_name', 'text', 'text', { words: 'guest|vm|guest name' }),
    node: given('NODE', 'node', 'text', 'text', { words: 'node|host', names: 'node' }),
    started: time('STARTED', 'starttime', { words: 'start time|started at|when|date|time' }),
    ended: time('ENDED', 'endtime', { words: 'end time|ended at|finished at', why: () => 'it is still running' }),
    duration: given('DURATION', 'duration', 'number', 'seconds', {
      words: 'duration|time taken|run time|runtime',
    }),
    status: given('STATUS', 'status', 'text', 'text', {
      words: 'status|result|outcome|state',
      values: {
        ok: 'ok|clean|without warnings',
        warning: 'with warnings|with a warning|warning',
        failed: 'failed|fail|failing|unsuccessful|broken|with errors|with an error|not successful|went wrong|aborted',
        running: 'running|in progress|ongoing|under way|still running',
      },
    }),
    error: given('ERROR', 'error', 'text', 'text', {
      words: 'error|error message|reason|cause|warning text|why|error line',
    }),
    size: given('SIZE', 'size', 'number', 'bytes', { words: 'size|archive size' }),
    archive: given('ARCHIVE', 'archive', 'text', 'text', { words: 'archive|archive file|file' }),
    job: given('JOB', 'job', 'text', 'text', { words: 'job|job id' }),
    storage: given('STORAGE', 'storage', 'text', 'text', { words: 'storage|target|destination', names: 'storage' }),
    run: given('UPID', 'run', 'text', 'text', { words: 'upid|task|task id' }),
  },
  identity: ['vmid', 'guest_name', 'started'],
  shown: ['vmid', 'guest_name', 'node', 'started', 'duration', 'status', 'error', 'job', 'storage'],
  named: 'guest_name',
  scopes: { guest: 'guest', node: 'node', storage: 'storage' },
  time: 'started',
  quantities: [
    { words: 'duration|run time', plain: 'duration', total: 'duration' },
    { words: 'size|archive size', plain: 'size', total: 'size', used: 'size' },
  ],
  grades: [
    { words: 'long|slow', column: 'duration', dir: 'desc' },
    { words: 'short|quick|fast', column: 'duration', dir: 'asc' },
    { words: 'recent|new|last|late', column: 'started', dir: 'desc' },
    { words: 'old|early|first', column: 'started', dir: 'asc' },
  ],
  phrases: [
    {
      say: 'succeed|succeeded|successful|work|worked|made|done|taken',
      where: oneOf('status', 'ok', 'warning'),
      not: is('status', 'failed'),
    },
    {
      say: 'made by hand|manual|by hand|started by hand|without a job|outside (of)? (any)? job',
      where: is('job', ''),
      focus: ['job'],
    },
  ],
  order: [
    { column: 'started', dir: 'desc' },
    { column: 'vmid', dir: 'asc' },
  ],
  summary,
  findings: runFindings,
});

function summary(rows: readonly SummaryRow[]): string {
  const parts = [`${rows.length} backup${rows.length === 1 ? '' : 's'}`];
  for (const status of ['ok', 'warning', 'failed', 'running']) {
    const count = rows.filter((row) => row('status') === status).length;
    if (count > 0) parts.push(`${count} ${status}`);
  }
  return parts.join(' · ');
}
