/** The sandbox's own time: everything that happens in the cluster happens in it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `work` once `delayMs` of this time have passed; what it gives back calls it off. */
  after(delayMs: number, work: () => void): () => void;
  /** Holds an HTTP answer back for `delayMs` of this time; at once while the clock stands still. */
  hold(delayMs: number): Promise<void>;
}

/** Where time comes from outside: the system's, or a test's. */
export interface RealTime {
  now(): number;
  /** Calls `work` after `delayMs`, without keeping the process alive; gives the function that calls it off. */
  after(delayMs: number, work: () => void): () => void;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemTime: RealTime = {
  now: () => Date.now(),
  after: (delayMs, work) => {
    const timer = setTimeout(work, Math.max(0, Math.min(delayMs, LONGEST_TIMER_MS)));
    timer.unref();
    return () => clearTimeout(timer);
  },
};

interface Due {
  at: number;
  work: () => void;
}

/** A clock that runs from `startMs` at `rate` seconds a second; 0 = it stands still until it is advanced. */
export class SandboxClock implements Clock {
  private readonly real: RealTime;
  private rate: number;
  private sandboxBase: number;
  private realBase: number;
  /** In the order in which they fall due. */
  private readonly due: Due[] = [];
  private callOffTimer: () => void = () => undefined;

  constructor(startMs: number, rate = 1, real: RealTime = systemTime) {
    this.real = real;
    this.rate = rate;
    this.sandboxBase = startMs;
    this.realBase = real.now();
  }

  now(): number {
    return this.sandboxBase + Math.floor((this.real.now() - this.realBase) * this.rate);
  }

  after(delayMs: number, work: () => void): () => void {
    const entry: Due = { at: this.now() + Math.max(0, delayMs), work };
    const later = this.due.findIndex((other) => other.at > entry.at);
    this.due.splice(later === -1 ? this.due.length : later, 0, entry);
    this.arm();
    return () => {
      const index = this.due.indexOf(entry);
      if (index !== -1) this.due.splice(index, 1);
    };
  }

  async hold(delayMs: number): Promise<void> {
    if (this.rate === 0 || delayMs <= 0) return;
    await new Promise<void>((resolve) => {
      this.after(delayMs, resolve);
    });
  }

  /** Waits in this time; returns early when the signal fires. */
  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const over = (): void => {
        callOff();
        signal?.removeEventListener('abort', over);
        resolve();
      };
      const callOff = this.after(ms, over);
      signal?.addEventListener('abort', over, { once: true });
    });

  /** Changes the speed from now on. What waits for its time keeps waiting for that time. */
  setRate(rate: number): void {
    const now = this.now();
    this.sandboxBase = now;
    this.realBase = this.real.now();
    this.rate = rate;
    this.arm();
  }

  freeze(): void {
    this.setRate(0);
  }

  /** Lets `ms` pass at once: what falls due in between runs at its own time and in order, with all that follows from it. */
  async advance(ms: number): Promise<void> {
    const target = this.now() + ms;
    await settle();
    for (let next = this.due[0]; next && next.at <= target; next = this.due[0]) {
      this.due.shift();
      this.setTime(Math.max(next.at, this.now()));
      next.work();
      await settle();
    }
    this.setTime(Math.max(target, this.now()));
    this.arm();
  }

  /** Lets time pass up to what falls due next and does it, with all that follows from it. False where nothing waits. */
  async step(): Promise<boolean> {
    const next = this.due.shift();
    if (!next) return false;
    this.setTime(Math.max(next.at, this.now()));
    next.work();
    await settle();
    this.arm();
    return true;
  }

  /** Forgets all that was waiting. */
  close(): void {
    this.callOffTimer();
    this.due.length = 0;
  }

  private setTime(ms: number): void {
    this.sandboxBase = ms;
    this.realBase = this.real.now();
  }

  private arm(): void {
    this.callOffTimer();
    const first = this.due[0];
    if (!first || this.rate === 0) return;
    this.callOffTimer = this.real.after(Math.ceil((first.at - this.now()) / this.rate), () => this.runDue());
  }

  private runDue(): void {
    const now = this.now();
    for (let next = this.due[0]; next && next.at <= now; next = this.due[0]) {
      this.due.shift();
      next.work();
    }
    this.arm();
  }
}

/** Until the promises that hang on what just ran have had their turn. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
