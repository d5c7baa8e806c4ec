import type { NewEvent } from '@pxa/assistant/store';
import type { Work } from '../replicas/leadership.ts';
import type { Service } from '../service.ts';
import { eventOfRecord } from './from-audit.ts';

/** As `followers` names it, and whoever leads it. */
export const TELLER = 'events of the audit log';

const PAGE = 200;
const LOOK_MS = 250;
/** How long events and their deliveries are kept. */
const KEPT_MS = 30 * 86_400_000;
const SWEPT_MS = 3_600_000;
const SWEPT_AT_ONCE = 500;

type Deps = Pick<Service, 'store' | 'kept' | 'clusters' | 'now' | 'sleep'>;

/**
 * Makes events of the audit log. How far it has come is kept with the events: whatever happens to this process, each
 * record is told, once. One replica does it for all.
 */
export class Teller {
  readonly #deps: Deps;
  #sweptMs: number;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#sweptMs = deps.now();
  }

  /** Follows the log until the term ends. */
  readonly work: Work = async ({ signal }) => {
    const { sleep } = this.#deps;
    while (!signal.aborted) {
      const count = await this.step();
      await this.#sweep();
      if (count < PAGE && !signal.aborted) await sleep(LOOK_MS, signal);
    }
  };

  /** Of a store that was never followed: begins where its log ends. What was there before is not told. */
  async begin(): Promise<void> {
    const { store, kept, now } = this.#deps;
    if ((await kept.follower(TELLER)) !== undefined) return;
    const { count } = await store.auditHead();
    const step = { from: undefined, to: count, body: '', events: [], nowMs: Math.floor(now()) };
    await kept.followStep({ name: TELLER, ...step });
  }

  /** Tells of the next records; gives how many were read. */
  async step(): Promise<number> {
    const { store, kept, now } = this.#deps;
    const follower = await kept.follower(TELLER);
    if (follower === undefined) {
      await this.begin();
      return 0;
    }
    const from = follower.place;
    const nowMs = Math.floor(now());
    const records = await store.auditLog(from, PAGE);
    const to = records.at(-1)?.seq;
    if (to === undefined) return 0;
    const events: NewEvent[] = [];
    for (const record of records) {
      const event = await eventOfRecord(record, this.#deps);
      if (event !== undefined) events.push(event);
    }
    await kept.followStep({ name: TELLER, from, to, body: '', events, nowMs });
    return records.length;
  }

  async #sweep(): Promise<void> {
    const { kept, now } = this.#deps;
    if (now() - this.#sweptMs < SWEPT_MS) return;
    const gone = await kept.sweepEvents(Math.floor(now()) - KEPT_MS, SWEPT_AT_ONCE);
    if (gone < SWEPT_AT_ONCE) this.#sweptMs = now();
  }
}
