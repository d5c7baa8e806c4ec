import { actions } from '@pxa/catalog';
import type { State } from '@pxa/sandbox';
import type { Random } from '../../packages/sandbox/worlds/random.ts';
import type { WorldOf } from './cluster.ts';
import { ORDERS } from './orders.ts';
import { placed } from './places.ts';

/** On the demo cluster, the catalogue's own examples come beside the others. */
const EXAMPLES: readonly string[] = [...actions.values()].flatMap(({ examples }) =>
  examples.filter(({ sends }) => typeof sends !== 'string').map(({ say }) => say),
);

/** What somebody asks for. */
export function wordsFor(random: Random, world: WorldOf, state: State): string {
  const [first = '', ...others] = world === 'demo' && random.chance(0.5) ? EXAMPLES : ORDERS;
  return random.pick([first, ...others]).replace(/\{(\w+)\}/g, (_, place: string) => placed(place, random, state));
}
