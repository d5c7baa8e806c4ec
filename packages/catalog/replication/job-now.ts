import type { Fact } from '@pxa/contract';
import { asFlag, asNumber, asText } from '@pxa/pve/values';
import { CannotPlan, factAt, needed, type Planned, type Planning } from '../kit/index.ts';

/** A replication job as it is configured. */
export interface ReplicationNow {
  readonly id: string;
  readonly guest: number;
  readonly source: string | undefined;
  readonly target: string;
  readonly schedule: string;
  readonly enabled: boolean;
  /** Marked for removal: the scheduler takes it away. */
  readonly leaving: boolean;
}

export async function replicationsNow(planning: Planning): Promise<ReplicationNow[]> {
  const list = needed(await planning.list('/cluster/replication', {}), 'The replication jobs');
  return list.map(({ data }) => ({
    id: String(data['id']),
    guest: asNumber(data['guest']) ?? 0,
    source: asText(data['source']) ?? undefined,
    target: String(data['target']),
    schedule: asText(data['schedule']) ?? '*/15',
    enabled: asFlag(data['disable']) !== true,
    leaving: asText(data['remove_job']) !== null,
  }));
}

/** The words by which orders name a job: its id, or its guest and perhaps its target. */
export const jobInput = {
  job: { kind: 'word', say: [] },
  guest: { kind: 'guest', say: [] },
  to: { kind: 'node', say: ['(to|onto) [node] {}'] },
} as const;

/** How orders end that name a job. */
export const jobObjects: readonly string[] = [
  '(replication job|replication) {job}',
  '(replication|replication job|replication jobs) (of|for) {guest} {*}',
];

interface Said {
  readonly job?: string;
  readonly guest?: string;
  readonly to?: string;
}

/** The job that is meant, or what is asked where several could be. @throws CannotPlan where there is none */
export async function jobMeant(planning: Planning, said: Said, verb: string): Promise<ReplicationNow | Planned> {
  const all = await replicationsNow(planning);
  const guest = said.guest === undefined ? undefined : await planning.guest(said.guest);
  const fitting = all.filter(({ id, guest: vmid, target }) => {
    if (said.job !== undefined) return id === said.job;
    return vmid === guest?.vmid && (said.to === undefined || said.to === target);
  });
  const [only, ...more] = fitting;
  if (only === undefined) {
    const about = said.job === undefined ? `of ${guest?.title ?? 'that guest'}` : said.job;
    const ids = all.map(({ id, target }) => `${id} (to ${target})`).join(', ');
    throw new CannotPlan({
      why: `There is no replication job ${about}${said.to === undefined ? '' : ` to ${said.to}`}.`,
      next: ids === '' ? 'There is none at all.' : `There are: ${ids}.`,
      say: 'list replication jobs',
    });
  }
  if (more.length === 0) return only;
  return {
    kind: 'ask',
    question: `${guest?.title ?? ''} has ${fitting.length} replication jobs. Which one?`,
    options: fitting.map(({ id, target }) => ({ label: `${id} to ${target}`, say: `${verb} replication job ${id}` })),
  };
}

export const isJob = (found: ReplicationNow | Planned): found is ReplicationNow => 'target' in found;

/** A fact of a job's configuration. */
export function replicationFact(id: string, key: string, is: Fact['is'], how?: Fact['how']): Fact {
  const about = key === 'id' ? `replication job ${id}` : `${key} of replication job ${id}`;
  return factAt(about, '/cluster/replication', [`[id=${id}]`, key], is, how === undefined ? {} : { how });
}

export const jobText = ({ id, target }: ReplicationNow): string => `replication job ${id} to ${target}`;
