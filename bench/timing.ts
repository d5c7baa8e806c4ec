/** The value below which a share of the samples lie: 0.5 gives the median. Throws without samples. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const found = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (found === undefined) throw new Error('nothing was measured');
  return found;
}

/** How many milliseconds something took. */
async function timed(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** The medians of two things in milliseconds, and how many times the first takes what the second takes. */
export interface Compared {
  a: number;
  b: number;
  ratio: number;
}

/**
 * Runs two things in turn, first one and then the other leading, so that whatever else the machine does meets both;
 * the first round warms up and does not count.
 */
export async function compare(rounds: number, a: () => unknown, b: () => unknown): Promise<Compared> {
  const tookA: number[] = [];
  const tookB: number[] = [];
  await a();
  await b();
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) {
      tookA.push(await timed(a));
      tookB.push(await timed(b));
    } else {
      tookB.push(await timed(b));
      tookA.push(await timed(a));
    }
  }
  const [medianA, medianB] = [percentile(tookA, 0.5), percentile(tookB, 0.5)];
  return { a: medianA, b: medianB, ratio: medianA / medianB };
}

/** The processor time that this process spent on something, in milliseconds, a round. */
export async function processorMs(rounds: number, work: () => unknown): Promise<number> {
  await work();
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round += 1) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / rounds;
}
