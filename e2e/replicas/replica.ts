import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../../tools/repository.ts';

/** Long, for a machine that does much else. */
const START_MS = 120_000;

/** One `pxa serve`, which can be killed and started again. */
export class Replica {
  readonly name: string;
  readonly #env: Record<string, string>;
  #process: ChildProcess | undefined;
  #port: number | undefined;

  constructor(name: string, env: Record<string, string>) {
    this.name = name;
    this.#env = env;
  }

  /** Where it listens; undefined while it does not run. */
  get port(): number | undefined {
    return this.#port;
  }

  /** Starts it, and gives its first token where it was the one to make it. */
  async start(): Promise<string | null> {
    const child = spawn(join(root, 'pxa'), ['serve', '--port', '0', '--json'], {
      env: { ...process.env, ...this.#env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    child.on('exit', () => (this.#port = undefined));
    let complaint = '';
    child.stderr.on('data', (chunk) => (complaint = `${complaint}${chunk}`.slice(-4_000)));
    const lines = createInterface({ input: child.stdout });
    const line: unknown = await Promise.race([
      once(lines, 'line', { signal: AbortSignal.timeout(START_MS) }).then(([first]: unknown[]) => first),
      once(child, 'exit').then(() => undefined),
    ]).catch(() => undefined);
    if (typeof line !== 'string') throw new Error(`replica ${this.name} did not start: ${complaint || 'no word'}`);
    const { url, token } = JSON.parse(line) as { url: string; token: string | null }; // what pxa serve --json prints
    this.#port = Number(new URL(url).port);
    return token;
  }

  /** Ends it in the middle of whatever it does. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** Asks it to end. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
    this.#port = undefined;
  }
}
