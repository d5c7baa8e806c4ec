import type { FastifyReply } from 'fastify';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Problem } from '../http/problem.ts';

/** What requests are counted by: so many in so many seconds. Reading where a job stands is not limited. */
const CATEGORIES = {
  authentication: { most: 10, seconds: 60 },
  vm: { most: 100, seconds: 3_600 },
  read: { most: 1_000, seconds: 3_600 },
  bulk: { most: 50, seconds: 3_600 },
  ai: { most: 10, seconds: 3_600 },
} as const;

export type Category = keyof typeof CATEGORIES;

/** Counts the requests of each caller by category. What is refused does not count. */
export class Limits {
  readonly #of: ReadonlyMap<Category, RateLimiterMemory>;
  readonly #now: () => number;

  constructor({ isSandbox, now }: { isSandbox: boolean; now: () => number }) {
    this.#now = now;
    const names = Object.keys(CATEGORIES) as Category[]; // the keys of the table above
    this.#of = new Map(
      names.map((name) => {
        const { most, seconds } = CATEGORIES[name];
        return [name, new RateLimiterMemory({ points: most * (isSandbox ? 10 : 1), duration: seconds })];
      }),
    );
  }

  /** Counts one request, and says on the reply how many are left. @throws Problem 429 */
  async count(category: Category, callerId: string, reply: FastifyReply): Promise<void> {
    const limiter = this.#of.get(category);
    if (limiter === undefined) throw new RangeError(`there is no category ${category}`);
    const told = await limiter.consume(callerId).catch((refused: unknown) => {
      if (refused instanceof RateLimiterRes) return refused;
      throw refused;
    });
    const isOver = told.consumedPoints > limiter.points;
    const resetSeconds = Math.ceil((this.#now() + told.msBeforeNext) / 1_000);
    reply.headers({
      'x-ratelimit-limit': limiter.points,
      'x-ratelimit-remaining': Math.max(0, limiter.points - told.consumedPoints),
      'x-ratelimit-reset': resetSeconds,
      'x-ratelimit-window': limiter.duration,
    });
    if (!isOver) return;
    const waitSeconds = Math.ceil(told.msBeforeNext / 1_000);
    reply.header('retry-after', waitSeconds);
    throw new Problem(429, 'RATE_LIMIT_EXCEEDED', `Too many requests: go on in ${waitSeconds} seconds.`, {
      reason: `${category}_limit`,
      retry_after_seconds: waitSeconds,
    });
  }

  /** Takes a request back that was refused. */
  async uncount(category: Category, callerId: string): Promise<void> {
    await this.#of.get(category)?.reward(callerId);
  }
}
