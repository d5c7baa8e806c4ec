import { Problem } from '../http/problem.ts';
import type { Service } from '../service.ts';

/** How long a list over several clusters waits for one of them. By itself a cluster has half a minute to answer. */
const PATIENCE_MS = 10_000;

/** What is read, or that it did not come in time for those who wait for others as well. @throws Problem 503 */
export async function inTime<T>({ sleep }: Pick<Service, 'sleep'>, reading: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = sleep(PATIENCE_MS, over.signal).then((): never => {
    throw new Problem(503, 'CLUSTER_UNAVAILABLE', `The cluster did not answer within ${PATIENCE_MS / 1_000} seconds.`);
  });
  // Who is heard second is not waited for any more.
  late.catch(() => undefined);
  reading.catch(() => undefined);
  try {
    return await Promise.race([reading, late]);
  } finally {
    over.abort();
  }
}
