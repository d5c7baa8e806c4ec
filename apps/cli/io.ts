import type { Readable, Writable } from 'node:stream';

/** A stream out; the last three are there where it is a terminal. */
export interface Out extends Writable {
  isTTY?: boolean;
  columns?: number;
  rows?: number;
}

/** A stream in; where it is a terminal it can hand over each key as it is pressed. */
interface In extends Readable {
  isTTY?: boolean;
  setRawMode?(on: boolean): unknown;
}

/** All that the command line touches outside itself, handed in so that a whole run can be repeated in a test. */
export interface Io {
  stdin: In;
  stdout: Out;
  stderr: Out;
  env: Record<string, string | undefined>;
  /** Milliseconds since 1970. */
  now(): number;
  /** Waits; returns early, without rejecting, when the signal fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** So many random bytes, fit for keys. */
  random(size: number): Uint8Array;
  /** A new identifier, unlike any other. */
  id(): string;
  /** Calls back on Ctrl-C or a request to end, in place of the process ending; gives how to stop listening. */
  onStop(callback: () => void): () => void;
}

/** Waits until whoever reads an output has taken what was written, or has gone: what is long is not piled up in memory. */
export async function written(out: Out): Promise<void> {
  if (!out.writableNeedDrain || out.destroyed) return;
  await new Promise<void>((resolve) => {
    const over = (): void => {
      for (const event of ['drain', 'close', 'error']) out.off(event, over);
      resolve();
    };
    for (const event of ['drain', 'close', 'error']) out.on(event, over);
  });
}

/** Writes a line and its end. */
export function writeLine(out: Out, line: string): void {
  out.write(`${line}\n`);
}
