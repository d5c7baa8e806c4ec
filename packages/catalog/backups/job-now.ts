import type { Fact } from '@pxa/contract';
import { asObject, asText } from '@pxa/pve/values';
import { CannotPlan, factAt, needed, type Planning } from '../kit/index.ts';
import { type Job, jobOf } from './jobs-of.ts';

/** A backup job as a plan is made on it. @throws CannotPlan where there is none of that id. */
export async function jobNow(planning: Planning, target: string): Promise<Job> {
  const id = target.slice(target.indexOf('/') + 1);
  const list = needed(await planning.list('/cluster/backup', {}), 'The backup jobs');
  const rec = list.find(({ data }) => data['id'] === id);
  if (rec !== undefined) return jobOf(rec);
  const ids = list.map(({ data }) => String(data['id'])).join(', ');
  throw new CannotPlan({
    why: `There is no backup job ${id}.`,
    next: ids === '' ? 'There is none at all.' : `There are: ${ids}.`,
    say: 'list backup jobs',
  });
}

/** A job in words, by what it takes: `backup job backup-01 (100, 101 to nas)`. */
export function jobTitle(job: Job): string {
  return `backup job ${job.id}`;
}

/** What a job backs up, in words. */
export function selectionText(job: Job): string {
  if (job.all) return job.exclude.length > 0 ? `all but ${job.exclude.join(', ')}` : 'all guests';
  return job.pool === undefined ? job.vmids.join(', ') : `pool ${job.pool}`;
}

/** A fact of a job's configuration. */
export function jobFact(id: string, key: string, is: Fact['is'], how?: Fact['how']): Fact {
  const more = how === undefined ? {} : { how };
  const about = key === 'id' ? `backup job ${id}` : `${key} of backup job ${id}`;
  return factAt(about, '/cluster/backup', [`[id=${id}]`, key], is, more);
}

/** A value of a job as it would be sent again: Proxmox lists objects where it takes property strings. */
export function sentAgain(value: unknown): string | number | undefined {
  const parts = asObject(value);
  if (parts === null) return typeof value === 'number' ? value : (asText(value) ?? undefined);
  return Object.entries(parts)
    .map(([key, each]) => `${key}=${String(each)}`)
    .join(',');
}
