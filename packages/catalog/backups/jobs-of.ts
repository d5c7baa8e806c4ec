import { asFlag, asList, asNumber } from '@pxa/pve/values';
import { guestsIn } from '../guests/asked.ts';
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
  const chosen = guestsIn(got.data).filter(({ vmid, node, rec }) => {
    if (job.node !== undefined && job.node !== node) return false;
    if (job.all) return !job.exclude.includes(vmid);
    return job.pool === undefined ? job.vmids.includes(vmid) : rec.data['pool'] === job.pool;
  });
  const how = job.all ? 'all' : job.pool === undefined ? 'vmid' : 'pool';
  return { ids: chosen.map(({ id }) => id), at: `${pointer(job.rec.at, how)}, guests in ${got.at}` };
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

/**
 * The job whose schedule has a run's start, where exactly one has it. The offset of today holds for the last weeks but
 * for an hour when the clocks change, so that both are tried.
 */
export function jobBySchedule(jobs: readonly Job[], run: Run, offset: number | undefined): Match | undefined {
  if (offset === undefined) return undefined;
  const at = (shift: number): Job[] =>
    jobs.filter((job) => {
      if (!job.enabled || (job.node !== undefined && job.node !== run.node)) return false;
      const event = parseSchedule(job.schedule);
      return event !== undefined && fallsAt(event, run.start, offset + shift);
    });
  for (const shift of [0, 3600, -3600]) {
    const [job, ...more] = at(shift);
    if (job === undefined) continue;
    if (more.length > 0) return undefined;
    return {
      job,
      by: `matched by its schedule ${job.schedule}: ${pointer(run.rec.at, 'starttime')}, ${pointer(job.rec.at, 'schedule')}`,
    };
  }
  return undefined;
}

/** The job that selects the guests and the storage that a run's log names. */
export function jobByCommand(jobs: readonly Job[], command: LoggedCommand): Match | undefined {
  const same = (a: readonly number[], b: readonly number[]): boolean =>
    a.length === b.length && a.every((each) => b.includes(each));
  const fits = (job: Job): boolean =>
    (command.storage === undefined || job.storage === undefined || job.storage === command.storage) &&
    job.all === command.all &&
    job.pool === command.pool &&
    (command.all ? same(job.exclude, command.exclude) : command.pool !== undefined || same(job.vmids, command.vmids));
  const [job, ...more] = jobs.filter(fits);
  if (job === undefined || more.length > 0) return undefined;
  return { job, by: `matched by its guests and storage: ${command.at}, ${job.rec.at}` };
}
