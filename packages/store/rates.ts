import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** So many of a kind in so many seconds. */
export interface Rate {
  readonly name: string;
  readonly most: number;
  readonly seconds: number;
}

export interface Counted {
  /** How many there were in this window, with this one. */
  readonly used: number;
  readonly windowEndsInMs: number;
}

/** Counts what each caller does in windows of time; shared by all that share the store, where several processes can. */
export interface RateCounter {
  count(key: string): Promise<Counted>;
  /** Takes one back that is not to count. */
  takeBack(key: string): Promise<void>;
}

export interface RateStore {
  rateCounter(rate: Rate): RateCounter;
}

/** Counts in this process: one process alone has a file. */
export const memoryRates: RateStore = {
  rateCounter: ({ name, most, seconds }) =>
    counterOver(new RateLimiterMemory({ keyPrefix: name, points: most, duration: seconds })),
};

/** The library rejects with what was counted where that is more than may be. */
export function counterOver(limiter: RateLimiterAbstract): RateCounter {
  return {
    async count(key) {
      const told = await limiter.consume(key).catch((refused: unknown) => {
        if (refused instanceof RateLimiterRes) return refused;
        throw refused;
      });
      return { used: told.consumedPoints, windowEndsInMs: told.msBeforeNext };
    },
    async takeBack(key) {
      await limiter.reward(key);
    },
  };
}
