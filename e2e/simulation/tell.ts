import { scenarioOf } from './scenario.ts';
import { type Verdict, simulate } from './simulate.ts';
import type { Simulation } from './simulation.ts';

/** Plays one seed and prints all of it; whether nothing was wrong. */
export async function tell(seed: number): Promise<boolean> {
  const { world, processes, troubles } = scenarioOf(seed);
  console.log(`seed ${seed}: ${JSON.stringify(world)}, ${[...troubles].join(', ') || 'no trouble'}`);
  processes.forEach((deaths, index) => console.log(`  process ${index + 1}: ${JSON.stringify(deaths)}`));
  const verdict: Verdict = await simulate(seed, show);
  for (const words of verdict.asked) console.log(`asked: ${words}`);
  for (const says of verdict.violations) console.log(`WRONG: ${says}`);
  console.log(`trace ${verdict.trace}`);
  console.log(`${verdict.violations.length === 0 ? '1 passed, 0' : '0 passed, 1'} failed`);
  return verdict.violations.length === 0;
}

/** The jobs with all that happened to them, and the writes that reached the cluster. */
async function show({ store, cluster, holders }: Simulation): Promise<void> {
  for (const job of await store.jobs({ limit: 100 })) {
    console.log(`${job.id} ${job.state}: ${job.says}`);
    for (const { at, kind, text } of await store.events(job.id, 0, 1_000)) console.log(`  ${at} ${kind} ${text}`);
    for (const { by, atMs } of holders.get(job.id) ?? []) console.log(`  held by ${by} from ${timeOf(atMs)}`);
  }
  for (const { atMs, by, status, call, upid } of cluster.arrived) {
    const ended = upid === undefined ? '' : ` (${cluster.twin.tasks.find(upid)?.status ?? 'it runs'})`;
    console.log(`${timeOf(atMs)} ${by}: ${call} ${status}${ended}`);
  }
}

const timeOf = (ms: number): string => new Date(ms).toISOString();
