import type { Job } from '@pxa/contract';
import { ClaimLost } from '@pxa/store';
import type { RunDeps, RunHooks } from './deps.ts';
import { runJob } from './run.ts';

const MOST_JOBS = 100;
const AT_ONCE = 4;

/**
 * Takes up the jobs of this cluster that nobody works on: new ones, and those whose run has died. Gives them as they
 * ended; one that somebody else took in the meantime is left out.
 *
 * @throws StoreFailed, RunInterrupted, or what else ended a run; the other jobs have come to their ends by then
 */
export async function resumeDue(deps: RunDeps, hooks: RunHooks = {}): Promise<Job[]> {
  const due = await deps.store.due({ cluster: deps.clusterId, now: deps.now(), limit: MOST_JOBS });
  const waiting = due.values();
  const ended: Job[] = [];
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (const jobId of waiting) {
      try {
        ended.push(await runJob(deps, jobId, hooks));
      } catch (error) {
        // The others are carried on with all the same.
        if (!(error instanceof ClaimLost)) failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, due.length) }, worker));
  if (failures.length > 0) throw failures[0];
  return ended;
}
