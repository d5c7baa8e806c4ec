import type { Call } from '@pxa/contract';

/** How an attempt ended: its HTTP status, 0 where there was no answer, and what went wrong. */
export interface Ending {
  readonly status: number;
  readonly error?: string;
}

/**
 * The calls made for one request of ours, in the order in which they left. An entry stands from the moment that its
 * call leaves, so that its index is fixed; until the answer is there its status is 0.
 */
export class CallLog {
  readonly calls: Call[] = [];
  readonly #now: () => number;
  readonly #onCall: ((call: Call) => void) | undefined;

  constructor(now: () => number, onCall?: (call: Call) => void) {
    this.#now = now;
    this.#onCall = onCall;
  }

  /** Notes that a call leaves; gives the function that notes its end. */
  begin(method: Call['method'], path: string): { index: number; end: (ending: Ending) => void } {
    const startedMs = this.#now();
    const index = this.calls.push({ method, path, status: 0, ms: 0, error: 'under way' }) - 1;
    const end = ({ status, error }: Ending): void => {
      const ms = Math.max(0, Math.round(this.#now() - startedMs));
      const call: Call = { method, path, status, ms, ...(error === undefined ? {} : { error }) };
      this.calls[index] = call;
      this.#onCall?.(call);
    };
    return { index, end };
  }
}
