import type { StorePlace } from '@pxa/store';
import { Random } from '../../packages/sandbox/worlds/random.ts';
import { CountedCluster } from './cluster.ts';
import { playRound } from './round.ts';

export interface Rounds {
  readonly rounds: number;
  /** How many are played at a time, each on a cluster of its own: mostly they wait. */
  readonly lanes: number;
  /** Places where nothing is yet, of each engine. */
  readonly engines: readonly (() => Promise<StorePlace>)[];
}

/** Orders that are carried out within seconds. */
const ORDERS = [
  'start {stopped}',
  'stop {running}',
  'stop {running}',
  'create a snapshot of {running} called k{n}',
  'set the cores of {stopped} to {few}',
  'tag {running} with k{n}',
  'start {stopped} and {stopped}',
  'stop {running}, {running} and {running}',
  'create a snapshot of {running} and {running} called k{n}',
] as const;

/** No round makes a plan: something else is wrong then. */
const MOST_TRIES = 40;

/** Plays rounds, each on a cluster and a store of its own, the engines in turn. */
export async function playRounds(
  random: Random,
  { rounds, lanes, engines }: Rounds,
  tell: (line: string) => void,
): Promise<{ passed: number; failed: number }> {
  const seeds = Array.from({ length: rounds }, () => random.whole(1, 2 ** 31)).entries();
  const sum = { passed: 0, failed: 0 };
  const lane = async (): Promise<void> => {
    for (const [index, seed] of seeds) {
      const place = await engines[index % engines.length]?.();
      if (place === undefined) return;
      const wrong = await played(new Random(seed), place, (line) => tell(`${index + 1} ${place.kind} ${line}`));
      if (wrong) sum.failed += 1;
      else sum.passed += 1;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return sum;
}

/** One round; whether anything was wrong. */
async function played(random: Random, place: StorePlace, tell: (line: string) => void): Promise<boolean> {
  const cluster = await CountedCluster.start(random.whole(1, 1_000_000));
  try {
    for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
      const words = wordsFor(random, cluster);
      const round = await playRound({ random, cluster, place, words });
      if (round === undefined) continue;
      tell(`${round.wrong.length === 0 ? 'ok' : 'WRONG'}: ${words}; ${round.how}; ${round.job}`);
      for (const says of round.wrong) tell(`  ${says}`);
      return round.wrong.length > 0;
    }
    throw new Error('no order makes a plan');
  } finally {
    await cluster.close();
  }
}

function wordsFor(random: Random, { sandbox }: CountedCluster): string {
  return random.pick(ORDERS).replace(/\{(\w+)\}/g, (_, place: string) => {
    if (place === 'n') return String(random.whole(1, 999));
    if (place === 'few') return String(random.whole(1, 4));
    const [first = 0, ...others] = [...sandbox.state.guests.values()]
      .filter(({ status, config }) => status === place && config['template'] !== 1)
      .map(({ vmid }) => vmid);
    return String(random.pick([first, ...others]));
  });
}
