import type { Assistant } from '@pxa/assistant';
import type { JobQueue, Taken } from '@pxa/assistant/store';
import type { Leadership } from '../replicas/leadership.ts';
import type { Service } from '../service.ts';
import { liesElsewhere } from '../storage/uploads/elsewhere.ts';
import { clusterOf } from './kept.ts';
import { Runs } from './runs.ts';

/** Has jobs carried out, here or on another replica, beside the requests that made them. */
export interface Runner {
  /** Takes up what is due, and whatever will be. */
  start(): Promise<void>;
  /** That a job was made here; its request is answered meanwhile. */
  begin(cluster: Assistant, jobId: string): void;
  /** Lets go of what is under way, for others to go on with. */
  close(): Promise<void>;
}

type Tell = (error: unknown, jobId: string) => void;

/** The runner that fits: over the queue where replicas share one, else within this process. */
export function runnerFor(service: Service, leadership: Leadership, tell: Tell): Runner {
  const { queue } = service;
  const runs = new Runs(tell);
  return queue === undefined ? alone(service, runs, leadership) : shared(service, { queue, runs, leadership });
}

/** How often it is looked for jobs that nobody holds: their process is no more. */
const SWEPT_MS = 5_000;
const MOST_SWEPT = 500;

/** In one process: what is made is begun at once; what another process left in the same file is swept up. */
function alone(service: Service, runs: Runs, leadership: Leadership): Runner {
  let before: ReadonlySet<string> | undefined;
  return {
    async start() {
      sweep(service, leadership, async (jobIds) => {
        // What the command line makes in the same file it carries out itself, a moment later: that is left alone.
        const left = jobIds.filter((jobId) => before?.has(jobId) ?? true);
        before = new Set(jobIds);
        await Promise.all(left.map((jobId) => takeUp(service, runs, jobId)));
      });
    },
    begin: (cluster, jobId) => void runs.start(cluster, jobId),
    close: async () => void (await runs.close()),
  };
}

/** How long the taking of one job may keep the queue from handing out the next: a cluster may hang. */
const PATIENCE_MS = 1_000;

/** Over a queue: the replica that fetches a job carries it out. */
function shared(
  service: Service,
  { queue, runs, leadership }: { queue: JobQueue; runs: Runs; leadership: Leadership },
): Runner {
  return {
    async start() {
      await queue.start(async (jobId) => {
        await runs.room();
        return takeUp(service, runs, jobId);
      });
      sweep(service, leadership, (jobIds) => queue.again(jobIds));
    },
    // The transaction that made it has told the queue.
    begin: () => undefined,
    async close() {
      const left = await runs.close();
      // A store that is out of reach does not hear of it; the next sweep finds them.
      await queue.again(left).catch(() => undefined);
      await queue.stop();
    },
  };
}

/** Begins a run of a job, and waits, not for long, until it holds the job. */
async function takeUp(service: Service, runs: Runs, jobId: string): Promise<Taken> {
  const job = await service.store.job(jobId);
  if (job === undefined || job.ended_at !== undefined) return 'held';
  // Another replica may be connected to it.
  const cluster = clusterOf(service, job.cluster);
  if (cluster === undefined || (await liesElsewhere(service, job))) return 'later';
  const { held } = runs.start(cluster, jobId);
  const waited = new AbortController();
  const late = service.sleep(PATIENCE_MS, waited.signal);
  try {
    await Promise.race([held, late]);
    return 'held';
  } catch {
    return 'later'; // the run has told why
  } finally {
    waited.abort();
  }
}

/** One replica looks for what nobody holds: its run broke off, or the word that it is due was lost. */
function sweep(service: Service, leadership: Leadership, take: (jobIds: readonly string[]) => Promise<void>): void {
  const { store, now, sleep } = service;
  leadership.lead('jobs that nobody holds', async ({ signal }) => {
    while (!signal.aborted) {
      const due = await store.due({ now: now(), limit: MOST_SWEPT });
      await take(due);
      await sleep(SWEPT_MS, signal);
    }
  });
}
