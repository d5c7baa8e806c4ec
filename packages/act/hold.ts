import { type Claim, ClaimLost, StoreFailed } from '@pxa/store';
import type { RunDeps } from './deps.ts';
import type { Limits } from './limits.ts';

/** The run was told to end, and left its job to whoever takes it up next. */
export class RunInterrupted extends Error {
  override readonly name = 'RunInterrupted';
}

/**
 * Our hold on a job: it is renewed while the work goes on, and everything that the work does is cut off by `signal` once
 * it is lost. A process that slept past its lease finds out by its own clock, before it asks anybody.
 */
export class Hold {
  readonly claim: Claim;
  readonly #deps: RunDeps;
  readonly #limits: Limits;
  readonly #lost = new AbortController();
  readonly #closed = new AbortController();
  #untilMs: number;
  #why: unknown;

  private constructor(deps: RunDeps, limits: Limits, claim: Claim, untilMs: number) {
    this.#deps = deps;
    this.#limits = limits;
    this.claim = claim;
    this.#untilMs = untilMs;
  }

  /** Takes hold of a job; undefined where it has ended, or somebody else holds it. @throws StoreFailed */
  static async take(deps: RunDeps, limits: Limits, jobId: string): Promise<Hold | undefined> {
    const now = deps.now();
    const { leaseMs } = limits;
    const claim = await deps.store.claim({ jobId, owner: deps.owner, now, leaseMs });
    if (claim === undefined) return undefined;
    const hold = new Hold(deps, limits, claim, now + leaseMs);
    void hold.#keep();
    return hold;
  }

  /** Fires when the hold is lost or the run has failed. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /** Fires when the work is over, however it ended. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** @throws what ended the hold: ClaimLost, StoreFailed, or the failure of another part of the run. */
  check(): void {
    if (!this.#lost.signal.aborted && this.#deps.now() >= this.#untilMs) {
      this.fail(ranOut());
    }
    if (this.#lost.signal.aborted) throw this.#why;
  }

  /** Ends the hold for all who work under it. The first reason is the one that is told. */
  fail(why: unknown): void {
    if (this.#lost.signal.aborted) return;
    this.#why = why;
    this.#lost.abort();
  }

  /** Stops renewing. */
  close(): void {
    this.#closed.abort();
  }

  async #keep(): Promise<void> {
    const either = AbortSignal.any([this.#lost.signal, this.#closed.signal]);
    while (!either.aborted) {
      await this.#deps.sleep(this.#limits.leaseMs / 3, either);
      if (either.aborted) return;
      // A process that was stopped and goes on finds its timers due before it gets to any request: it ends there.
      if (this.#deps.now() >= this.#untilMs) this.fail(ranOut());
      else await this.#renew();
    }
  }

  async #renew(): Promise<void> {
    const now = this.#deps.now();
    const { leaseMs } = this.#limits;
    try {
      await this.#deps.store.renew(this.claim, now, leaseMs);
      this.#untilMs = now + leaseMs;
    } catch (error) {
      // A store that fails once may answer the next time; until then the hold is what it was.
      if (!(error instanceof StoreFailed) || this.#deps.now() >= this.#untilMs) this.fail(error);
    }
  }
}

const ranOut = (): ClaimLost =>
  new ClaimLost('The hold on this job ran out: somebody else may be working on it. Nothing more was sent.');
