import type { Trx } from './tables.ts';

/** What became of a job that was due: somebody works on it (or nothing is left to do), or it is to be tried again. */
export type Taken = 'held' | 'later';

/** Who works on what is due, among replicas. That it is due is all that it says: the journal is the truth. */
export interface JobQueue {
  /** Has `take` called for jobs that are due, each on one replica; what is taken `later` comes again, here or elsewhere. */
  start(take: (jobId: string) => Promise<Taken>): Promise<void>;
  /** That jobs are due: they were let go, or their replica is no more. Those that wait already do so once. */
  again(jobIds: readonly string[]): Promise<void>;
  /** Takes no more; what is being taken is waited for. */
  stop(): Promise<void>;
}

/** What the store itself needs of it: a job is due with the very transaction that makes it. */
export interface StoreQueue extends JobQueue {
  enqueue(trx: Trx, jobId: string): Promise<void>;
}
