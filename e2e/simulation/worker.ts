import { parentPort } from 'node:worker_threads';
import { type Verdict, simulate } from './simulate.ts';

parentPort?.on('message', (seeds: readonly number[] | 'over') => {
  if (seeds === 'over') parentPort?.close();
  else void play(seeds).then((verdicts) => parentPort?.postMessage(verdicts));
});

async function play(seeds: readonly number[]): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const seed of seeds) verdicts.push(await simulate(seed));
  return verdicts;
}
