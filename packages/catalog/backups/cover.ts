import type { ParamsOf } from '@pxa/pve/facts';
import { call, factAt, needed, type PieceStep, type Planning, type Refusal } from '../kit/index.ts';
import { placeFor, storagesOf } from '../guest-disks/disks.ts';
import { jobFact, sentAgain } from './job-now.ts';
import { type Job, jobOf } from './jobs-of.ts';
import { scheduleRefusals } from './schedule-said.ts';

/** A guest as a backup job is to take it; it need not be there yet. */
interface Covered {
  readonly vmid: number;
  readonly node: string;
  readonly title: string;
}

interface Wanted {
  /** `daily`, `weekly` and `monthly` leave the time open; else a calendar event. */
  readonly backup: string;
  /** How many days backups are kept; the storage's own rule without it. */
  readonly keepDays?: number | undefined;
}

/** What backs a guest up from now on: steps, if there is not a job already that will. */
export interface Coverage {
  readonly steps: readonly PieceStep[];
  readonly assumptions: readonly string[];
}

/** When jobs run of which only the period was said: at night, beside the usual ones. */
const USUAL: Readonly<Record<string, string>> = { daily: '02:00', weekly: 'sun 02:00', monthly: '*-1 02:00' };
/** The forms of calendar events that are of a period. */
const OF_PERIOD: Readonly<Record<string, RegExp>> = {
  daily: /^(\d{1,2}:\d{2}|daily)$/,
  weekly: /^([a-z]{3,9} \d{1,2}:\d{2}|weekly)$/i,
  monthly: /^((\*-)?\*-\d{1,2} \d{1,2}:\d{2}|monthly)$/,
};

const periodOf = (schedule: string): string | undefined =>
  Object.keys(OF_PERIOD).find((period) => OF_PERIOD[period]?.test(schedule));

/** So many days of a schedule's backups, as Proxmox prunes: the last of each day, week or month (pve-storage, prune). */
function keptFor(days: number, schedule: string): string {
  const period = periodOf(schedule);
  if (period === 'weekly') return `keep-weekly=${Math.ceil(days / 7)}`;
  return period === 'monthly' ? `keep-monthly=${Math.ceil(days / 30)}` : `keep-daily=${days}`;
}

/** What is wrong with a schedule that was given, or with how long its backups are to be kept. */
export function coverRefusals({ backup, keepDays }: Partial<Wanted>): Refusal[] {
  const found = scheduleRefusals(backup, 'backup');
  if (keepDays !== undefined && (keepDays < 1 || keepDays > 36_500)) {
    const why = `Backups cannot be kept for ${keepDays} days.`;
    found.push({
      why,
      next: 'Name a number from 1.',
      input: 'keepDays',
      reason: keepDays < 1 ? 'too_small' : 'too_big',
    });
  }
  return found;
}

/** The job that backs a guest up as wanted: one that does so already, one that it can join, or a new one of its own. */
export async function cover(planning: Planning, guest: Covered, wanted: Wanted): Promise<Coverage | Refusal[]> {
  const jobs = needed(await planning.list('/cluster/backup', {}), 'The backup jobs').map(jobOf);
  const reached = (await storagesOf(planning, guest.node))
    .filter(({ content }) => content.includes('backup'))
    .map(({ storage }) => storage);
  const fitting = jobs.find((job) => fits(job, guest, wanted) && reached.includes(job.storage ?? ''));
  if (fitting !== undefined) return joining(fitting, guest);
  const place = await placeFor(planning, { node: guest.node, content: 'backup', named: undefined, bytes: 0 });
  if ('refusals' in place) return [...place.refusals];
  const schedule = USUAL[wanted.backup] ?? wanted.backup;
  const retention = wanted.keepDays === undefined ? undefined : keptFor(wanted.keepDays, schedule);
  const { storage } = place.storage;
  const step = newJob(guest, { id: freeId(jobs, guest), schedule, storage, retention });
  const when = schedule === wanted.backup ? [] : [`Backup at ${schedule}: the time was left open`];
  const kept =
    retention === undefined ? [`Old backups go by the rule of ${storage}`] : [`Backups are kept by ${retention}`];
  return { steps: [step], assumptions: [...place.assumptions, ...when, ...kept] };
}

/** Whether a job does what is wanted, and takes guests by name or takes them all. */
function fits(job: Job, { vmid, node }: Covered, { backup, keepDays }: Wanted): boolean {
  const isThen = job.schedule === backup || (OF_PERIOD[backup]?.test(job.schedule) ?? false);
  const retention = String(sentAgain(job.rec.data['prune-backups']) ?? '');
  const isKept = keepDays === undefined || retention === keptFor(keepDays, job.schedule);
  const isHere = job.node === undefined || job.node === node;
  return job.enabled && isThen && isKept && isHere && job.pool === undefined && !job.exclude.includes(vmid);
}

function joining(job: Job, { vmid, node, title }: Covered): Coverage {
  const assumptions = [`Backup job ${job.id} does so already: ${job.schedule} to ${job.storage ?? 'its storage'}`];
  if (job.all) return { steps: [], assumptions };
  const [before, after] = [job.vmids, [...job.vmids, vmid].toSorted((a, b) => a - b)].map((ids) => ids.join(','));
  const at = { id: job.id, vmid: after } as ParamsOf<'PUT', '/cluster/backup/{id}'>; // a list, as text
  const step: PieceStep = {
    ...call('PUT', '/cluster/backup/{id}', at, `Add ${title} to backup job ${job.id}`),
    node,
    limitSeconds: 60,
    relies: [jobFact(job.id, 'vmid', before ?? '')],
    expects: [jobFact(job.id, 'vmid', after ?? '')],
    undo: [
      call('PUT', '/cluster/backup/{id}', { id: job.id, vmid: before }, `Take ${title} out of backup job ${job.id}`),
    ],
  };
  return { steps: [step], assumptions: [`Backup job ${job.id}: it runs so, and takes ${title} along`] };
}

/** A name for the guest's own job that no other has. */
function freeId(jobs: readonly Job[], { vmid }: Covered): string {
  const taken = new Set(jobs.map(({ id }) => id));
  for (let n = 1; ; n++) {
    const id = n === 1 ? `backup-${vmid}` : `backup-${vmid}-${n}`;
    if (!taken.has(id)) return id;
  }
}

interface NewJob {
  readonly id: string;
  readonly schedule: string;
  readonly storage: string;
  readonly retention: string | undefined;
}

function newJob({ vmid, node, title }: Covered, { id, schedule, storage, retention }: NewJob): PieceStep {
  const kept = retention === undefined ? {} : { 'prune-backups': retention };
  const sent = {
    id,
    vmid: String(vmid),
    storage,
    schedule,
    enabled: true,
    mode: 'snapshot' as const,
    compress: 'zstd' as const,
  };
  const isThere = factAt(`backup job ${id}`, '/cluster/backup', [`[id=${id}]`, 'id'], null);
  return {
    ...call('POST', '/cluster/backup', { ...sent, ...kept }, `Back up ${title} to ${storage} at ${schedule}`),
    node,
    limitSeconds: 60,
    relies: [isThere],
    expects: [{ ...isThere, is: id }, jobFact(id, 'vmid', String(vmid)), jobFact(id, 'schedule', schedule)],
    undo: [call('DELETE', '/cluster/backup/{id}', { id }, `Delete backup job ${id}`)],
  };
}
