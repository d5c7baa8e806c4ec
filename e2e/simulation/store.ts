import { type Store, StoreFailed } from '@pxa/store';
import { START_MS } from './cluster.ts';
import type { Process } from './process.ts';
import { type Scenario, type Spell, spellsOf } from './scenario.ts';
import type { Time } from './time.ts';

/** When the store fails, as a seed has it. */
export class StoreTrouble {
  readonly #scenario: Scenario;
  readonly #time: Time;
  readonly #away: readonly Spell[];
  readonly #share: number;

  constructor(scenario: Scenario, time: Time) {
    this.#scenario = scenario;
    this.#time = time;
    const isTroubled = scenario.troubles.has('store');
    this.#away = isTroubled ? spellsOf(scenario, 3, 150_000) : [];
    this.#share = isTroubled ? scenario.random.between(0, 0.1) : 0;
  }

  /** What becomes of one use of the store: `lost` was done, and nobody is told. */
  fate(): 'done' | 'not_done' | 'lost' {
    const now = this.#time.clock.now() - START_MS;
    if (this.#away.some(({ fromMs, untilMs }) => now >= fromMs && now < untilMs)) return 'not_done';
    const { random, calmAfterMs } = this.#scenario;
    if (this.#share === 0 || now > calmAfterMs || !random.chance(this.#share)) return 'done';
    return random.pick(['not_done', 'lost', 'lost']);
  }
}

/** The store as one process has it. `onDone` is told of each thing that was done, with what it was given. */
export function storeOf(
  process: Process,
  of: {
    store: Store;
    time: Time;
    trouble: StoreTrouble | undefined;
    onDone: (name: string, given: unknown[], result: unknown) => Promise<void>;
  },
): Store {
  const { store, time, trouble, onDone } = of;
  return new Proxy(store, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      // Every method of a store gives a promise.
      const call = method.bind(target) as (...given: unknown[]) => Promise<unknown>;
      const used = async (...given: unknown[]): Promise<unknown> => {
        const fate = trouble?.fate() ?? 'done';
        if (fate === 'not_done') throw new StoreFailed('The store could not be written.');
        const result = await call(...given);
        await onDone(String(name), given, result);
        if (fate === 'lost') throw new StoreFailed('The connection was lost.', { fate: 'unknown' });
        return result;
      };
      return (...given: unknown[]) => process.do(`store.${String(name)}`, () => time.busy(() => used(...given)));
    },
  });
}
