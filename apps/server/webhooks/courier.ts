import type { DueDelivery } from '@pxa/assistant/store';
import { post, type Sent } from '../outgoing/post.ts';
import type { Service } from '../service.ts';
import { eventId, messageTo, toldOf } from './message.ts';
import { outcomeOf } from './outcome.ts';

/** Longer than an attempt may take: who holds a webhook has ended it, one way or the other, before another may begin. */
const LEASE_MS = 30_000;
/** Webhooks that this process sends to at a time. */
const MOST_AT_ONCE = 16;
/** How often is looked whether something is due. */
const LOOK_MS = 250;

type Deps = Pick<Service, 'kept' | 'now' | 'sleep' | 'owner' | 'random' | 'version' | 'settings'>;
type Send = (address: string, message: { headers: Record<string, string>; body: string }) => Promise<Sent>;

/** Brings events to webhooks: of each the oldest first, and the next only after it. Every replica has one. */
export class Courier {
  readonly #deps: Deps;
  readonly #send: Send;
  readonly #tell: (error: unknown) => void;
  readonly #ending = new AbortController();
  readonly #under = new Set<Promise<unknown>>();
  #running: Promise<void> | undefined;

  /** `tell` hears of trouble with the store: what could not be written is sent once more. */
  constructor(deps: Deps, tell: (error: unknown) => void, send?: Send) {
    const { allow_private_addresses: allowPrivate } = deps.settings;
    this.#deps = deps;
    this.#tell = tell;
    this.#send = send ?? ((address, message) => post(address, message, { allowPrivate }));
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Begins nothing more, and waits for what is on its way. */
  async close(): Promise<void> {
    this.#ending.abort();
    await this.#running;
    await Promise.all(this.#under);
  }

  /** Sends all that is due now, one after the other for each webhook; gives how many attempts that were. */
  async deliverDue(): Promise<number> {
    let count = 0;
    for (let due = await this.#claimed(); due !== undefined; due = await this.#claimed()) {
      await this.#attempt(due);
      count += 1;
    }
    return count;
  }

  async #run(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      await this.#begin().catch(this.#tell);
      if (!signal.aborted) await this.#deps.sleep(LOOK_MS, signal);
    }
  }

  /** Begins what is due, as much as may be under way at once; what one webhook waits for holds no other up. */
  async #begin(): Promise<void> {
    while (this.#under.size < MOST_AT_ONCE && !this.#ending.signal.aborted) {
      const due = await this.#claimed();
      if (due === undefined) return;
      const under = this.#line(due).catch(this.#tell);
      this.#under.add(under);
      void under.finally(() => this.#under.delete(under));
    }
  }

  /** One attempt, and then at once whatever is due next. */
  async #line(first: DueDelivery): Promise<void> {
    for (let due: DueDelivery | undefined = first; due !== undefined;) {
      await this.#attempt(due);
      due = this.#ending.signal.aborted ? undefined : await this.#claimed();
    }
  }

  #claimed(): Promise<DueDelivery | undefined> {
    const { kept, now, owner } = this.#deps;
    return kept.claimDelivery({ owner, now: Math.floor(now()), leaseMs: LEASE_MS });
  }

  async #attempt(due: DueDelivery): Promise<void> {
    const { kept, now, random, version } = this.#deps;
    const { event, attempts } = due.delivery;
    const of = { id: eventId(event.seq), attempt: attempts + 1, atMs: now(), version };
    const sent = await this.#send(due.webhook.url, messageTo(due.webhook, toldOf(event), of));
    const chance = random(4).readUInt32BE() / 2 ** 32;
    await kept.recordAttempt(due.hold, outcomeOf(due, sent, { nowMs: Math.floor(now()), chance }));
  }
}
