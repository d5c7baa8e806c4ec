import type { Random } from '../../packages/sandbox/worlds/random.ts';
import { START_MS } from './cluster.ts';
import { type Scenario, type Spell, spellsOf } from './scenario.ts';
import type { Time } from './time.ts';
import type { Fate, Weather } from './wire.ts';

const ANSWERED: Fate = { kind: 'answered' };

/** How long after it was sent a request may still begin something (packages/act/limits.ts, callMs), less the look itself. */
const LATEST_MS = 75_000;

/** Nothing goes wrong: for planning, and for looking afterwards. */
export const calm: Weather = { fateOf: () => ANSWERED, latencyMs: () => 0 };

/** What becomes of the requests of the processes that carry jobs out, as a seed has it. */
export class RoughWeather implements Weather {
  readonly #scenario: Scenario;
  readonly #time: Time;
  readonly #random: Random;
  readonly #revoked: readonly Spell[];
  readonly #doorless: readonly Spell[];
  /** The share of requests that something happens to. */
  readonly #share: number;

  constructor(scenario: Scenario, time: Time) {
    this.#scenario = scenario;
    this.#time = time;
    const { random, troubles } = scenario;
    this.#random = random;
    this.#share = random.between(0.05, 0.6);
    this.#revoked = troubles.has('token') ? revocations(scenario) : [];
    this.#doorless = troubles.has('door') ? spellsOf(scenario, 3, 4 * 60_000) : [];
  }

  latencyMs(): number {
    return this.#random.whole(1, 60);
  }

  fateOf(method: string): Fate {
    const { troubles, calmAfterMs } = this.#scenario;
    const now = this.#time.clock.now() - START_MS;
    const within = ({ fromMs, untilMs }: Spell): boolean => now >= fromMs && now < untilMs;
    if (this.#doorless.some(within)) return { kind: 'unreachable' };
    if (this.#revoked.some(within)) return { kind: 'status', status: 401 };
    if (now > calmAfterMs || !this.#random.chance(this.#share)) return ANSWERED;
    if (method === 'GET') return troubles.has('reads') ? this.#ofRead() : ANSWERED;
    const fates = [
      ...(troubles.has('cut') ? [() => this.#cut()] : []),
      ...(troubles.has('gateway') ? [() => this.#gateway()] : []),
      ...(troubles.has('late') ? [(): Fate => ({ kind: 'late', ms: this.#random.whole(0, LATEST_MS) })] : []),
    ];
    return fates[this.#random.whole(0, fates.length - 1)]?.() ?? ANSWERED;
  }

  #ofRead(): Fate {
    return this.#random.pick<Fate>([
      { kind: 'cut', when: 'before' },
      { kind: 'unreachable' },
      { kind: 'status', status: 500 },
      { kind: 'status', status: 502 },
      { kind: 'status', status: 595 },
      { kind: 'status', status: 596 },
      { kind: 'given_up' },
    ]);
  }

  #cut(): Fate {
    return this.#random.pick<Fate>([
      { kind: 'cut', when: 'before' },
      { kind: 'cut', when: 'after' },
      { kind: 'unreachable' },
    ]);
  }

  #gateway(): Fate {
    return this.#random.pick<Fate>([
      { kind: 'status', status: 500 },
      { kind: 'status', status: 502 },
      { kind: 'status', status: 595 },
      { kind: 'status', status: 403 },
      { kind: 'given_up' },
    ]);
  }
}

/** For a while, or for good. */
function revocations(scenario: Scenario): Spell[] {
  const spells = spellsOf(scenario, 2, 3 * 60_000);
  if (!scenario.random.chance(0.2)) return spells;
  return [{ fromMs: scenario.random.whole(0, scenario.calmAfterMs), untilMs: Infinity }];
}
