import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { StorePlace } from '@pxa/store';
import type { Limits } from '../../packages/act/limits.ts';

/** What a child is told to do. */
export interface Errand {
  readonly place: StorePlace;
  readonly pve: {
    readonly url: string;
    readonly tokenId: string;
    readonly secret: string;
    readonly fingerprint: string;
  };
  readonly jobId: string;
  readonly owner: string;
  readonly cluster: string;
  readonly limits: Partial<Limits>;
}

/** A process that carries a job out. */
export class Child {
  readonly #process: ChildProcess;
  readonly #lines: string[] = [];
  readonly #exited: Promise<unknown>;
  #heard = Promise.withResolvers<void>();
  #hasExited = false;

  constructor(errand: Errand) {
    const script = fileURLToPath(new URL('child.ts', import.meta.url));
    this.#process = spawn(process.execPath, [script, JSON.stringify(errand)], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#exited = once(this.#process, 'exit').then(() => {
      this.#hasExited = true;
      this.#hear();
    });
    if (this.#process.stdout === null) throw new Error('its output is piped');
    createInterface({ input: this.#process.stdout }).on('line', (line) => {
      this.#lines.push(line);
      this.#hear();
    });
  }

  /** What it said, so far. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Waits until it has said something that fits, or has exited. */
  async until(fits: (line: string) => boolean): Promise<void> {
    while (!this.#hasExited && !this.#lines.some(fits)) await this.#heard.promise;
  }

  /** How the job ended, as it said; undefined where it exited without saying so. */
  async ended(): Promise<string | undefined> {
    await this.#exited;
    return this.#lines.findLast((line) => line.startsWith('ended '))?.slice('ended '.length);
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#exited;
  }

  stop(): void {
    this.#process.kill('SIGSTOP');
  }

  goOn(): void {
    this.#process.kill('SIGCONT');
  }

  #hear(): void {
    this.#heard.resolve();
    this.#heard = Promise.withResolvers();
  }
}
