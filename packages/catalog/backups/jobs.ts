import { asObject, asTime } from '@pxa/pve/values';
import {
  type Cell,
  compare,
  dataset,
  type Draft,
  draft,
  extracted,
  flag,
  given,
  is,
  pointer,
  type Rec,
  type RowsReader,
  text,
  unknownCell,
  worked,
} from '../kit/index.ts';
import { jobFindings } from './findings.ts';
import { jobRunsOf } from './job-runs.ts';
import { guestsOf, type Job, readJobs } from './jobs-of.ts';
import { scheduleText } from './schedule.ts';

const rows: RowsReader = async (reading) => {
  const { jobs, why, nextStep } = await readJobs(reading);
  if (why !== undefined) reading.lacks('backup jobs', why, nextStep);
  return reading.each(jobs, async (job): Promise<Draft> => {
    const guests = await guestsOf(reading, job);
    const lost = 'unknown' in guests ? unknownCell(guests.unknown) : undefined;
    return draft(`backup-job/${job.id}`, job.rec, {
      schedule: { value: scheduleText(job.schedule), at: pointer(job.rec.at, 'schedule') },
      selection: selectionOf(job),
      guest_ids: 'unknown' in guests ? unknownCell(guests.unknown) : { value: guests.ids, at: guests.at },
      guests: lost ?? ('ids' in guests ? { value: guests.ids.length, at: `count of ${guests.at}` } : unknownCell('')),
    });
  });
};

function selectionOf(job: Job): Cell {
  const at = (key: string): string => pointer(job.rec.at, key);
  const node = job.node === undefined ? '' : ` on ${job.node}`;
  if (job.all) {
    const but = job.exclude.length > 0 ? ` but ${job.exclude.join(', ')}` : '';
    return { value: `all${but}${node}`, at: `${at('all')}, ${at('exclude')}` };
  }
  if (job.pool !== undefined) return { value: `pool ${job.pool}${node}`, at: at('pool') };
  return { value: `${job.vmids.join(', ')}${node}`, at: at('vmid') };
}

/** Retention stands as an object in Proxmox's answer (`{"keep-last": "7"}`). */
function retentionOf(data: Rec['data']): { value: string | null; keys: string[] } {
  const kept = asObject(data['prune-backups']);
  const value =
    kept === null
      ? null
      : Object.entries(kept)
          .map(([key, count]) => `${key}=${String(count)}`)
          .join(', ');
  return { value, keys: ['prune-backups'] };
}

/** The scheduled backups, and how they have fared. */
export const backupJobs = dataset({
  id: 'backup-jobs',
  title: 'Backup jobs',
  counted: 'count',
  weight: 2,
  nouns: [
    {
      words: 'backup job|backup schedule|scheduled backup|vzdump job|backup plan|backup task schedule|regular backup',
      title: 'Backup jobs',
    },
    {
      words: 'backup status|backup summary|backup health|backup overview|state of backup|backup report',
      title: 'Backup jobs',
    },
    { words: 'backup|job|schedule', title: 'Backup jobs', weak: true },
  ],
  rows,
  details: { runs: jobRunsOf },
  columns: {
    id: text('JOB ID', 'id', { words: 'id|job id|name|job' }),
    schedule: given('SCHEDULE', 'schedule', 'text', 'text', { words: 'schedule|scheduled|time|frequency|when' }),
    storage: text('STORAGE', 'storage', {
      words: 'storage|target|destination|write to|which storage',
      names: 'storage',
    }),
    enabled: flag('ENABLED', 'enabled', {
      absent: true,
      words: 'enabled',
      yes: 'enabled|active|switched on|turned on',
      no: 'disabled|inactive|switched off|turned off|not enabled|paused',
    }),
    next_run: extracted(
      'NEXT RUN',
      'number',
      'time',
      'base',
      (data) => ({ value: asTime(data['next-run']), keys: ['next-run'] }),
      {
        words: 'next run|next backup|next execution|next start|next time|due next',
      },
    ),
    mode: text('MODE', 'mode', {
      words: 'mode|backup mode',
      absent: 'snapshot',
      values: { snapshot: 'snapshot mode', stop: 'stop mode', suspend: 'suspend mode' },
    }),
    selection: given('SELECTION', 'selection', 'text', 'text', { words: 'selection|selected guest' }),
    guests: given('GUESTS', 'guests', 'number', 'guests', { words: 'guest count|number of guests' }),
    guest_ids: given('GUEST IDS', 'guest_ids', 'list', 'text', {
      words: 'guest|covered guest|member|cover|covers',
      names: 'guest',
    }),
    compress: text('COMPRESSION', 'compress', { words: 'compression', absent: 'none' }),
    retention: extracted('RETENTION', 'text', 'text', 'base', retentionOf, {
      words: 'retention|retention policy|prune setting|keep setting|kept backup|keep',
    }),
    comment: text('COMMENT', 'comment', { words: 'comment|note|description', absent: '' }),
    node: text('NODE', 'node', { words: 'node', names: 'node', absent: '' }),
    pool: text('POOL', 'pool', { words: 'pool', names: 'pool', absent: '' }),
    last_run: worked('LAST RUN', 'runs', 'last_run', 'number', 'time', {
      words: 'last run|last backup|last execution|last time|last ran',
    }),
    last_started: worked('LAST START', 'runs', 'last_started', 'number', 'time', { words: 'last start' }),
    last_status: worked('LAST STATUS', 'runs', 'last_status', 'text', 'text', {
      words: 'last status|last result|result|last outcome',
      values: {
        ok: 'ok',
        failed: 'failed last|failed last time',
        running: 'running|in progress',
        warning: 'with warnings|warning',
      },
    }),
    outcome: worked('STATUS', 'runs', 'outcome', 'text', 'text', { words: 'status|outcome|success|state' }),
    runs: worked('RUNS', 'runs', 'runs', 'number', 'count', { words: 'run|run count|number of runs' }),
    failed_runs: worked('FAILED RUNS', 'runs', 'failed_runs', 'number', 'count', {
      words: 'failed run|failure|failure count',
    }),
    failures: worked('FAILURES', 'runs', 'failures', 'list', 'text', { words: 'failure detail|error|error message' }),
  },
  identity: ['id'],
  shown: ['id', 'schedule', 'storage', 'last_run', 'outcome', 'next_run', 'selection', 'enabled'],
  named: 'id',
  scopes: { guest: 'guest_ids', storage: 'storage', node: 'node', pool: 'pool' },
  due: { column: 'next_run', verbs: 'run|start|fire' },
  // What Proxmox itself calls them: `backup-` and the beginning of a UUID.
  form: { column: 'id', pattern: /^backup-[\da-f]+(-[\da-f]+)*$/ },
  time: 'last_run',
  phrases: [
    { say: '(run|runs|running|start|starts|due|scheduled) next|next (to run|due)', focus: ['next_run'] },
    { say: '(back|backs|backing) up', focus: ['selection'] },
    { say: '(write|writes|writing|go|goes|save|saves|store|stores) (to|its backups)?', focus: ['storage'] },
    {
      say: '(complete|completed|finish|finished|run|ran|go|went|end|ended|are|is) (successfully|successful|well|fine|through|ok|okay|good|without (errors|problems|failures|error))|succeed|succeeded|successful|work|worked|complete|completed',
      where: is('failed_runs', 0),
      not: compare('failed_runs', '>', 0),
    },
    {
      say: 'failed|failing|fail|unsuccessful|with (failures|errors|problems|a failure)|in trouble|had (failures|errors|problems)',
      where: compare('failed_runs', '>', 0),
      not: is('failed_runs', 0),
    },
  ],
  grades: [{ words: 'big|large', column: 'guests', dir: 'desc' }],
  order: [{ column: 'id', dir: 'asc' }],
  summary: (all) => {
    const sum = (column: string): number => all.reduce((total, row) => total + (Number(row(column)) || 0), 0);
    const [runs, failed] = [sum('runs'), sum('failed_runs')];
    if (all.every((row) => row('runs') === null)) return `${all.length} backup jobs`;
    if (runs === 0) return `${all.length} backup jobs · no run of theirs in this time`;
    const attention = failed === 0 ? '' : ` ${failed} failure${failed === 1 ? ' needs' : 's need'} attention.`;
    return `${runs - failed} of ${runs} runs successful.${attention}`;
  },
  findings: jobFindings,
});
