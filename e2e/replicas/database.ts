import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { newPostgres, untilUp } from '../../packages/store/testing/postgres.ts';

/** A PostgreSQL of its own, which can be restarted under those who use it. */
export class Database {
  readonly url: string;
  readonly #home: string;
  readonly #serve: string[];
  #process: ChildProcess | undefined;

  constructor() {
    const { home, url, serve } = newPostgres();
    this.url = url;
    this.#home = home;
    this.#serve = serve;
  }

  async start(): Promise<void> {
    const [command = '', ...args] = this.#serve;
    this.#process = spawn(command, args, { cwd: '/', stdio: 'ignore' });
    await untilUp(this.url);
  }

  /** Breaks off every connection, as an administrator's restart does. */
  async restart(): Promise<void> {
    await this.#stop();
    await this.start();
  }

  async close(): Promise<void> {
    await this.#stop();
    await rm(this.#home, { recursive: true, force: true });
  }

  async #stop(): Promise<void> {
    const { exitCode, signalCode } = this.#process ?? {};
    if (this.#process === undefined || exitCode !== null || signalCode !== null) return;
    const gone = once(this.#process, 'exit');
    // PostgreSQL's fast shutdown: https://www.postgresql.org/docs/current/server-shutdown.html
    this.#process.kill('SIGINT');
    await gone;
  }
}
