import { asFlag, asList, asNumber } from '@pxa/pve/values';
import { type AskedGuest, guestsIn } from '../guests/asked.ts';
import { pointer, type Reading, type Rec } from '../kit/index.ts';
import type { Run } from './runs.ts';
import { fallsAt, parseSchedule } from './schedule.ts';
import type { LoggedCommand } from './vzdump-log.ts';

/** A backup job of the cluster's configuration, with what it selects. */
export interface Job {
  readonly id: string;
  readonly enabled: boolean;
  readonly schedule: string;
  readonly storage: string | undefined;
  readonly all: boolean;
  readonly pool: string | undefined;
  readonly vmids: readonly number[];
  readonly exclude: readonly number[];
  readonly node: string | undefined;
  readonly rec: Rec;
}

/** The cluster's backup jobs (pve-manager PVE/API2/Backup.pm). */
export async function readJobs(reading: Reading): Promise<{ jobs: Job[]; why?: string; nextStep?: string }> {
  const got = await reading.list('/cluster/backup', {});
  if (!got.ok) return { jobs: [], why: got.why, nextStep: got.nextStep };
  return { jobs: got.data.map(jobOf) };
}

/** A job from its record. */
export function jobOf(rec: Rec): Job {
  const { data } = rec;
  const numbers = (value: unknown): number[] => asList(value).map(Number).filter(Number.isInteger);
  return {
    id: String(data['id']),
    enabled: asFlag(data['enabled']) ?? true,
    schedule: String(data['schedule'] ?? data['starttime'] ?? ''),
    storage: typeof data['storage'] === 'string' ? data['storage'] : undefined,
    all: asFlag(data['all']) ?? false,
    pool: typeof data['pool'] === 'string' ? data['pool'] : undefined,
    vmids: numbers(data['vmid']),
    exclude: numbers(data['exclude']),
    node: typeof data['node'] === 'string' ? data['node'] : undefined,
    rec,
  };
}

/** The guests that a job backs up, templates included as Proxmox does, from the cluster's one list. */
export async function guestsOf(
  reading: Reading,
  job: Job,
): Promise<{ ids: string[]; at: string } | { unknown: string }> {
  const got = await reading.list('/cluster/resources', {});
  if (!got.ok) return { unknown: got.why };
  const chosen = guestsIn(got.data).filter((guest) => takes(job, guest));
  const how = job.all ? 'all' : job.pool === undefined ? 'vmid' : 'pool';
  return { ids: chosen.map(({ id }) => id), at: `${pointer(job.rec.at, how)}, guests in ${got.at}` };
}

/** Whether a job takes a guest: by name, by pool, or all but some (pve-manager Jobs/VZDump.pm). */
export function takes(job: Job, { vmid, node, rec }: AskedGuest): boolean {
  if (job.node !== undefined && job.node !== node) return false;
  if (job.all) return !job.exclude.includes(vmid);
  return job.pool === undefined ? job.vmids.includes(vmid) : rec.data['pool'] === job.pool;
}

/** Local time less UTC, in seconds, of one node; jobs run by their nodes' time. */
export async function zoneOf(reading: Reading): Promise<number | undefined> {
  const node = (await reading.nodes()).find(({ online }) => online)?.node;
  const got = node === undefined ? undefined : await reading.read('/nodes/{node}/time', { node });
  if (!got?.ok) return undefined;
  const { localtime, time } = got.data as { localtime?: unknown; time?: unknown };
  const [local, utc] = [asNumber(localtime), asNumber(time)];
  return local === null || utc === null ? undefined : local - utc;
}

/** Which job a run belongs to, and by what that was told: Proxmox does not write it down. */
export interface Match {
  readonly job: Job;
  readonly by: string;
}

/** What runs are matched against. */
export interface Jobs {
  readonly jobs: readonly Job[];
  readonly guests: readonly AskedGuest[];
  /** Local time less UTC, in seconds. */
  readonly offset: number | undefined;
}

/** The job whose schedule has a run's start, where exactly one has it. */
export function jobBySchedule(known: Jobs, run: Run): Match | undefined {
  const [job, ...more] = scheduledJobs(known, run);
  if (job === undefined || more.length > 0) return undefined;
  return { job, by: `matched by its schedule ${job.schedule}: ${placesOf(job, run)}` };
}

/**
 * The job of a run whose log was read: the one that selects the guests and the storage that its first line names; else
 * the one that was due then and takes these guests along.
 */
export function jobByCommand(known: Jobs, run: Run, command: LoggedCommand): Match | undefined {
  const onStorage = (job: Job): boolean =>
    command.storage === undefined || job.storage === undefined || job.storage === command.storage;
  const [same, ...others] = known.jobs.filter((job) => onStorage(job) && selectsTheSame(job, command));
  if (same !== undefined && others.length === 0) {
    return { job: same, by: `matched by its guests and storage: ${command.at}, ${same.rec.at}` };
  }
  const takesAll = (job: Job): boolean =>
    command.vmids.length > 0 &&
    command.vmids.every((vmid) => known.guests.some((guest) => guest.vmid === vmid && takes(job, guest)));
  const [due, ...more] = scheduledJobs(known, run).filter(
    (job) => onStorage(job) && (others.length > 0 ? selectsTheSame(job, command) : takesAll(job)),
  );
  if (due === undefined || more.length > 0) return undefined;
  return { job: due, by: `matched by its schedule and guests: ${command.at}, ${placesOf(due, run)}` };
}

function selectsTheSame(job: Job, command: LoggedCommand): boolean {
  if (job.all !== command.all || job.pool !== command.pool) return false;
  if (command.all) return sameNumbers(job.exclude, command.exclude);
  return command.pool !== undefined || sameNumbers(job.vmids, command.vmids);
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((each) => b.includes(each));
}

/**
 * The jobs that were due at a run's start. The offset of today holds for the last weeks but for an hour when the clocks
 * change, so that both are tried.
 */
function scheduledJobs({ jobs, offset }: Jobs, run: Run): Job[] {
  if (offset === undefined) return [];
  for (const shift of [0, 3600, -3600]) {
    const due = jobs.filter((job) => {
      if (!job.enabled || (job.node !== undefined && job.node !== run.node)) return false;
      const event = parseSchedule(job.schedule);
      return event !== undefined && fallsAt(event, run.start, offset + shift);
    });
    if (due.length > 0) return due;
  }
  return [];
}

const placesOf = (job: Job, run: Run): string =>
  `${pointer(run.rec.at, 'starttime')}, ${pointer(job.rec.at, 'schedule')}`;
