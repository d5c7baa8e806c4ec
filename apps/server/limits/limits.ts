import type { FastifyReply } from 'fastify';
import type { RateCounter } from '@pxa/assistant/store';
import { Problem } from '../http/problem.ts';
import type { Service } from '../service.ts';

/** What requests are counted by: so many in so many seconds. Reading where a job stands is not limited. */
const CATEGORIES = {
  authentication: { most: 10, seconds: 60 },
  vm: { most: 100, seconds: 3_600 },
  read: { most: 1_000, seconds: 3_600 },
  bulk: { most: 50, seconds: 3_600 },
  ai: { most: 10, seconds: 3_600 },
} as const;

export type Category = keyof typeof CATEGORIES;

interface Limit {
  readonly most: number;
  readonly seconds: number;
  readonly counter: RateCounter;
}

/** Counts the requests of each caller by category, those at other replicas too. What is refused does not count. */
export class Limits {
  readonly #of: ReadonlyMap<Category, Limit>;
  readonly #now: () => number;

  constructor({ isSandbox, now, kept, settings }: Pick<Service, 'isSandbox' | 'now' | 'kept' | 'settings'>) {
    this.#now = now;
    const names = Object.keys(CATEGORIES) as Category[]; // the keys of the table above
    this.#of = new Map(
      names.map((name) => {
        const { most: usual, seconds } = CATEGORIES[name];
        const most = settings.limits[name] ?? usual * (isSandbox ? 10 : 1);
        return [name, { most, seconds, counter: kept.rateCounter({ name, most, seconds }) }];
      }),
    );
  }

  /** Counts one request, and says on the reply how many are left. @throws Problem 429 */
  async count(category: Category, callerId: string, reply: FastifyReply): Promise<void> {
    const limit = this.#of.get(category);
    if (limit === undefined) throw new RangeError(`there is no category ${category}`);
    const { used, windowEndsInMs } = await limit.counter.count(callerId);
    reply.headers({
      'x-ratelimit-limit': limit.most,
      'x-ratelimit-remaining': Math.max(0, limit.most - used),
      'x-ratelimit-reset': Math.ceil((this.#now() + windowEndsInMs) / 1_000),
      'x-ratelimit-window': limit.seconds,
    });
    if (used <= limit.most) return;
    const waitSeconds = Math.ceil(windowEndsInMs / 1_000);
    reply.header('retry-after', waitSeconds);
    throw new Problem(429, 'RATE_LIMIT_EXCEEDED', `Too many requests: go on in ${waitSeconds} seconds.`, {
      reason: `${category}_limit`,
      retry_after_seconds: waitSeconds,
    });
  }

  /** Takes a request back that was refused. */
  async uncount(category: Category, callerId: string): Promise<void> {
    await this.#of.get(category)?.counter.takeBack(callerId);
  }
}
