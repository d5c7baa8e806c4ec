import { Random } from '../../packages/sandbox/worlds/random.ts';
import type { WorldOf } from './cluster.ts';
import type { Death } from './process.ts';

const MINUTE_MS = 60_000;

/** What can go wrong in a simulation; each seed has some of them. */
export const TROUBLES = [
  'reads', // reads are cut, refused or not answered
  'cut', // writes are cut off before or after the cluster has heard of them
  'gateway', // something on the way answers instead: 500, 502, 595, or 596 while the node goes on with it
  'late', // writes arrive when nobody waits for their answer any more
  'nodes', // nodes lose their power and come back
  'door', // the node that is connected to does
  'locks', // guests are locked by something else for a while
  'admins', // others change guests, start and stop them, remove them
  'interrupts', // others stop tasks that pxa has begun
  'alike', // others begin the same things by the same token
  'token', // the token is revoked for a while, or for good
  'store', // the store fails
  'clock', // the machine's clock jumps
  'deaths', // processes die
  'stops', // processes are stopped, and go on later
  'cancels', // people cancel jobs
] as const;
export type Trouble = (typeof TROUBLES)[number];

/** A plan is made and approved after `afterMs`; of somebody's words. */
export interface Ask {
  readonly afterMs: number;
  /** How long the plan waits for its approval. */
  readonly approvedAfterMs: number;
  readonly isRehearsed: boolean;
  readonly cancelledAfterMs: number | undefined;
}

/** A time in which something goes wrong, since the beginning. */
export interface Spell {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** All that one seed fixes from the beginning; what is drawn later comes from `random`, in the order of events. */
export interface Scenario {
  readonly seed: number;
  readonly random: Random;
  readonly world: WorldOf;
  readonly troubles: ReadonlySet<Trouble>;
  readonly asks: readonly Ask[];
  /** After this, nothing goes wrong any more. */
  readonly calmAfterMs: number;
  /** How the processes end, one list for each that works at the same time: each death is of its next incarnation. */
  readonly processes: readonly (readonly Death[])[];
}

export function scenarioOf(seed: number): Scenario {
  const random = new Random(seed);
  const isQuiet = random.chance(0.08);
  const troubles = new Set(isQuiet ? [] : TROUBLES.filter(() => random.chance(0.25)));
  const world = random.chance(0.6)
    ? 'demo'
    : { seed: random.whole(1, 1_000_000), nodes: random.whole(2, 4), guests: random.whole(5, 14) };
  const asks = Array.from({ length: isQuiet ? 1 : random.whole(1, 3) }, () => askOf(random, troubles));
  const calmAfterMs = random.whole(5, 40) * MINUTE_MS;
  const processes = Array.from({ length: random.whole(1, 3) }, () => deathsOf(random, troubles));
  return { seed, random, world, troubles, asks, calmAfterMs, processes };
}

function askOf(random: Random, troubles: ReadonlySet<Trouble>): Ask {
  return {
    afterMs: random.whole(0, 8 * MINUTE_MS),
    approvedAfterMs: random.chance(0.5) ? 0 : random.whole(0, 5 * MINUTE_MS),
    // Where nothing goes wrong, it goes as it was rehearsed.
    isRehearsed: random.chance(troubles.size === 0 ? 1 : 0.1),
    cancelledAfterMs:
      troubles.has('cancels') && random.chance(0.6)
        ? random.whole(0, random.chance(0.5) ? 20_000 : 5 * MINUTE_MS)
        : undefined,
  };
}

function deathsOf(random: Random, troubles: ReadonlySet<Trouble>): Death[] {
  const hows: Death['how'][] = [
    ...(troubles.has('deaths') ? (['before', 'during', 'after'] as const) : []),
    ...(troubles.has('stops') ? (['stopped'] as const) : []),
  ];
  const [first, ...others] = hows;
  if (first === undefined) return [];
  return Array.from({ length: random.whole(0, 3) }, () => {
    const of = random.pick<Death['of']>(['all', 'writes', 'steps']);
    const at = of === 'writes' ? random.whole(1, 2) : of === 'steps' ? random.whole(1, 6) : random.whole(1, 90);
    return { at, of, how: random.pick([first, ...others]), forMs: random.whole(1_000, 5 * MINUTE_MS) };
  });
}

/** Some spells of trouble before it is calm. */
export function spellsOf({ random, calmAfterMs }: Scenario, most: number, longestMs: number): Spell[] {
  return Array.from({ length: random.whole(1, most) }, () => {
    const fromMs = random.whole(0, calmAfterMs);
    return { fromMs, untilMs: Math.min(calmAfterMs, fromMs + random.whole(1_000, longestMs)) };
  });
}
