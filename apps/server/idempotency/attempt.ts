import type { FastifyReply, FastifyRequest } from 'fastify';
import type { KeyedAttempt } from '@pxa/assistant/store';
import type { Service } from '../service.ts';
import { holdsSecret } from './keyed.ts';

/** An attempt counts as alive for so long after it last said so. */
export const ALIVE_MS = 20_000;
const SAID_EVERY_MS = 5_000;

declare module 'fastify' {
  interface FastifyRequest {
    /** The attempt that this is, where the request has a key. */
    attempt: RequestAttempt | undefined;
  }
}

/** A request under a key, from before it acts until it was answered. */
export class RequestAttempt {
  readonly keyed: KeyedAttempt;
  /** Whether an earlier attempt broke off after it had written something. */
  readonly hasActed: boolean;
  readonly #plans: readonly string[];
  readonly #service: Pick<Service, 'kept' | 'now' | 'sleep'>;
  readonly #over = new AbortController();
  #used = 0;

  constructor(
    service: Pick<Service, 'kept' | 'now' | 'sleep'>,
    go: { attempt: KeyedAttempt; acted: boolean; plans: readonly string[] },
  ) {
    this.#service = service;
    this.keyed = go.attempt;
    this.hasActed = go.acted;
    this.#plans = go.plans;
    void this.#stayAlive();
  }

  /** What an earlier attempt planned where this one is to plan next: changes of one request come in one order. */
  nextPlan(): string | undefined {
    return this.#plans[this.#used++];
  }

  /** Whether there is such a plan that this attempt has not come to. */
  get hasLeft(): boolean {
    return this.#used < this.#plans.length;
  }

  /** Keeps the answer, where it is one to keep: what went wrong inside may be tried again. */
  async end(reply: FastifyReply, payload: unknown): Promise<void> {
    this.#over.abort();
    const { kept } = this.#service;
    const { statusCode: status } = reply;
    if (status >= 500 || status === 429 || typeof payload !== 'string') return kept.dropAttempt(this.keyed);
    await kept.endAttempt(this.keyed, { status, body: isShownOnce(payload) ? null : payload });
  }

  async #stayAlive(): Promise<void> {
    const { kept, now, sleep } = this.#service;
    const { signal } = this.#over;
    while (!signal.aborted) {
      await sleep(SAID_EVERY_MS, signal);
      // A store that does not answer now may do so the next time; what was written meanwhile is refused, not doubled.
      if (!signal.aborted) await kept.keepAttempt(this.keyed, now() + ALIVE_MS).catch(() => undefined);
    }
  }
}

function isShownOnce(payload: string): boolean {
  try {
    return holdsSecret(JSON.parse(payload));
  } catch {
    return true; // not JSON, so nobody knows what it holds
  }
}

/** What an earlier attempt at this request planned, where it is to be planned now. */
export function plannedBefore({ attempt }: FastifyRequest): string | undefined {
  return attempt?.nextPlan();
}
