import { join } from 'node:path';
import type { Sandbox } from '@pxa/assistant/lab';
import { newHome, type Ran, type RunOptions, runPxa } from '../in-process.ts';

/** A clock that stands still until it is advanced, as the sandbox's own can. */
interface StoppedClock {
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  advance(ms: number): Promise<void>;
}

const tickMs = 100;

/**
 * For tests: a cluster that stays while one `pxa` after the other is run on it, all by its clock. While a run is under way
 * that clock goes on by a tenth of a second at each turn of the event loop: fast, and never faster than the work is done.
 */
export class Standing {
  readonly sandbox: Sandbox;
  readonly clock: StoppedClock;
  #running = 0;

  constructor(sandbox: Sandbox, clock: StoppedClock) {
    this.sandbox = sandbox;
    this.clock = clock;
  }

  /** Somebody with a folder of their own, whose runs find what those before them left. */
  person(home = newHome()): Somebody {
    return new Somebody(this, home);
  }

  /** What names this cluster as the one to use. */
  get env(): Record<string, string> {
    const { url, tokenId, tokenSecret, fingerprint } = this.sandbox;
    return {
      PXA_PVE_URL: url,
      PXA_PVE_TOKEN_ID: tokenId,
      PXA_PVE_TOKEN_SECRET: tokenSecret,
      PXA_PVE_FINGERPRINT: fingerprint,
    };
  }

  /** Lets time go by until the work is over. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#running += 1;
    if (this.#running === 1) void this.#tick();
    return work.finally(() => (this.#running -= 1));
  }

  async #tick(): Promise<void> {
    while (this.#running > 0) {
      await new Promise((resolve) => {
        setTimeout(resolve, 1);
      });
      await this.clock.advance(tickMs);
    }
  }
}

/** One person's runs of `pxa` on a cluster. */
export class Somebody {
  readonly home: string;
  readonly #standing: Standing;

  constructor(standing: Standing, home: string) {
    this.#standing = standing;
    this.home = home;
  }

  /** The file that plans, jobs and the audit log are in. */
  get store(): string {
    return join(this.home, '.local/state/pxa/pxa.db');
  }

  run(argv: string[], options: RunOptions = {}): Promise<Ran> {
    const { clock, env } = this.#standing;
    const given = { HOME: this.home, USER: 'anna', ...env, ...options.env };
    return this.#standing.during(runPxa(argv, { now: () => clock.now(), sleep: clock.sleep, ...options, env: given }));
  }

  /** Asks for a change and gives the id of its plan. */
  async plan(words: string): Promise<string> {
    const { stdout, stderr } = await this.run(['ask', '-q', words]);
    const id = /^Plan (plan_\w+)/.exec(stdout)?.[1];
    if (id === undefined) throw new Error(`no plan: ${stdout}${stderr}`);
    return id;
  }

  /** Carries out what was asked for, and gives the id of the job. */
  async done(words: string): Promise<string> {
    const { stdout, stderr } = await this.run(['approve', await this.plan(words)]);
    const id = /^Job (job_\w+)/.exec(stdout)?.[1];
    if (id === undefined) throw new Error(`no job: ${stdout}${stderr}`);
    return id;
  }
}
