import { Worker } from 'node:worker_threads';
import type { Verdict } from './simulate.ts';

/** Seeds that one worker is handed at a time. */
const BATCH = 20;

/**
 * Plays seeds side by side in threads and gives what came of each as it comes. The order is that of their ends; each by
 * itself goes the same way every time.
 */
export async function* playAll(seeds: Iterable<number>, threads: number): AsyncGenerator<Verdict> {
  const waiting = batches(seeds);
  const ready: Verdict[] = [];
  let wake = (): void => undefined;
  let working = 0;
  let broken: Error | undefined;
  const workers = Array.from({ length: threads }, () => {
    const worker = new Worker(new URL('worker.ts', import.meta.url));
    const next = (): void => {
      const { value } = waiting.next();
      if (value === undefined) working -= 1;
      worker.postMessage(value ?? 'over');
    };
    worker.on('message', (verdicts: Verdict[]) => {
      ready.push(...verdicts);
      next();
      wake();
    });
    worker.on('error', (error: Error) => {
      broken = error;
      wake();
    });
    working += 1;
    next();
    return worker;
  });
  try {
    while (working > 0 || ready.length > 0) {
      yield* ready.splice(0);
      if (broken !== undefined) throw broken;
      if (working > 0 && ready.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function* batches(seeds: Iterable<number>): Generator<number[]> {
  let batch: number[] = [];
  for (const seed of seeds) {
    batch.push(seed);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
