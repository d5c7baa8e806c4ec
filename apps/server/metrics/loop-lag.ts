const EVERY_MS = 250;

/**
 * How long the process was busy without a break, told by how late a timer comes: Node's own measure misses long blocks.
 */
export class LoopLag {
  readonly #now: () => number;
  readonly #timer: NodeJS.Timeout;
  #lastMs: number;
  #longestMs = 0;

  constructor(now: () => number) {
    this.#now = now;
    this.#lastMs = now();
    this.#timer = setInterval(() => this.#look(), EVERY_MS);
    this.#timer.unref();
  }

  /** The longest since this was last asked, milliseconds. */
  longestMs(): number {
    const longest = this.#longestMs;
    this.#longestMs = 0;
    return longest;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const nowMs = this.#now();
    this.#longestMs = Math.max(this.#longestMs, nowMs - this.#lastMs - EVERY_MS);
    this.#lastMs = nowMs;
  }
}
