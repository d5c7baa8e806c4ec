import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import type { Io } from './io.ts';
import { run } from './run.ts';

/** What a run of the command line gave. */
export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** How the command line is run in tests: the same code, with its outside handed in. */
export interface RunOptions {
  /** What comes on standard input; nothing where left out. */
  stdin?: string | Uint8Array;
  env?: Record<string, string>;
  /** What the clock shows, in milliseconds since 1970. */
  now?: number | (() => number);
  /** Waits in the time of that clock; where left out nothing waits. */
  sleep?: Io['sleep'];
  /** Asks the run to stop, as Ctrl-C does, when it settles. */
  stop?: Promise<unknown>;
  /** Sees standard output as it grows. */
  onOutput?: (text: string) => void;
  /** A person at a terminal of this size, who presses keys as soon as the screen shows what they wait for. */
  terminal?: { columns: number; rows: number; presses: [sees: RegExp, keys: string][] };
}

/** A folder of its own for settings and secrets, so that no test touches those of the person who runs it. */
export function newHome(): string {
  return mkdtempSync(join(tmpdir(), 'pxa-test-'));
}

let ids = 0;
const sharedHome = newHome();

/** Runs `pxa` with these arguments in this process. */
export async function runPxa(argv: string[], options: RunOptions = {}): Promise<Ran> {
  const { terminal } = options;
  const keyboard = new Keyboard(terminal?.presses ?? []);
  const stdout = new Collector((chunk, text) => {
    options.onOutput?.(text);
    keyboard.look(chunk);
  });
  const stderr = new Collector((chunk) => keyboard.look(chunk));
  if (terminal !== undefined) {
    Object.assign(stdout, { isTTY: true, columns: terminal.columns, rows: terminal.rows });
    Object.assign(stderr, { isTTY: true, columns: terminal.columns, rows: terminal.rows });
  }
  const stops = new Set<() => void>();
  void options.stop?.then(() => stops.forEach((stop) => stop()));
  const io: Io = {
    stdin: terminal === undefined ? inputOf(options.stdin) : keyboard,
    stdout,
    stderr,
    env: { HOME: sharedHome, ...options.env },
    now: () => (typeof options.now === 'function' ? options.now() : (options.now ?? 0)),
    sleep: options.sleep ?? (() => Promise.resolve()),
    random: (size) => randomBytes(size),
    id: () => `id-${(ids += 1)}`,
    onStop: (callback) => {
      stops.add(callback);
      return () => stops.delete(callback);
    },
  };
  const code = await run(argv, io);
  return { code, stdout: stdout.text, stderr: stderr.text };
}

function inputOf(stdin: string | Uint8Array | undefined): Readable {
  return stdin === undefined ? new PassThrough().end() : Readable.from([Buffer.from(stdin)]);
}

/** Keys that are pressed one after the other, each once the output since the one before shows what it waits for. */
class Keyboard extends PassThrough {
  readonly isTTY = true;
  readonly #presses: [RegExp, string][];
  /** What has been shown since the last key. */
  #screen = '';

  constructor(presses: [RegExp, string][]) {
    super();
    this.#presses = [...presses];
  }

  setRawMode(): this {
    return this;
  }

  look(chunk: string): void {
    this.#screen += chunk;
    const [next] = this.#presses;
    if (next === undefined || !next[0].test(stripVTControlCharacters(this.#screen))) return;
    this.#presses.shift();
    this.#screen = '';
    // After whoever writes has gone on to wait for keys.
    setImmediate(() => this.write(next[1]));
  }
}

class Collector extends Writable {
  text = '';
  readonly #seen: (chunk: string, text: string) => void;

  constructor(seen: (chunk: string, text: string) => void) {
    super({ decodeStrings: false });
    this.#seen = seen;
  }

  override _write(chunk: Uint8Array | string, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    this.#seen(chunk.toString(), this.text);
    done();
  }
}
