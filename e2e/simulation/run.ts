/**
 * `npm run simulate`: plays seeds, each a cluster with its people, processes and troubles, and holds what comes of it
 * against what must always be so. Exit 1 where it is not; each failing seed is printed with the line that plays it again.
 *
 *     npm run simulate -- --seeds 2000        seeds 1 to 2000
 *     npm run simulate -- --from 5000 --seeds 100
 *     npm run simulate -- --seed 350          one seed, told in full
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { tell } from './tell.ts';
import type { Verdict } from './simulate.ts';
import { playAll } from './workers.ts';

/** More failing seeds tell nothing new. */
const MOST_FAILURES = 20;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      seeds: { type: 'string', default: '2000' },
      from: { type: 'string', default: '1' },
      threads: { type: 'string', default: String(Math.min(8, availableParallelism())) },
    },
  });
  if (values.seed !== undefined) {
    process.exitCode = (await tell(Number(values.seed))) ? 0 : 1;
    return;
  }
  const [from, count, threads] = [Number(values.from), Number(values.seeds), Number(values.threads)];
  if (![from, count, threads].every((number) => Number.isInteger(number) && number > 0)) {
    console.error('--from, --seeds and --threads are whole numbers from 1 on.');
    process.exitCode = 2;
    return;
  }
  await playRange(from, count, threads);
}

async function playRange(from: number, count: number, threads: number): Promise<void> {
  const started = performance.now();
  const sum = new Sum();
  const seeds = Array.from({ length: count }, (_, index) => from + index);
  for await (const verdict of playAll(seeds, threads)) {
    sum.add(verdict);
    for (const says of verdict.violations) console.log(`seed ${verdict.seed}: ${says}`);
    if (verdict.violations.length > 0) console.log(`  npm run simulate -- --seed ${verdict.seed}`);
    if (sum.failed >= MOST_FAILURES) break;
  }
  console.log(sum.text((performance.now() - started) / 1000));
  process.exitCode = sum.failed > 0 ? 1 : 0;
}

/** What the seeds came to, so that it shows when a simulation has nothing in it any more. */
class Sum {
  #passed = 0;
  failed = 0;
  #writes = 0;
  #hours = 0;
  readonly #ends = new Map<string, number>();

  add({ violations, jobs, writes, hours }: Verdict): void {
    if (violations.length > 0) this.failed += 1;
    else this.#passed += 1;
    this.#writes += writes;
    this.#hours += hours;
    for (const end of jobs) {
      const [state = ''] = end.split(':');
      this.#ends.set(state, (this.#ends.get(state) ?? 0) + 1);
    }
  }

  text(seconds: number): string {
    const ends = [...this.#ends].map(([state, count]) => `${count} ${state}`).toSorted();
    const lines = [
      `jobs: ${ends.join(', ')}; ${this.#writes} writes in ${Math.round(this.#hours)} hours of clusters, ${seconds.toFixed(0)} s`,
      `${this.#passed} passed, ${this.failed} failed`,
    ];
    return lines.join('\n');
  }
}

await main();
