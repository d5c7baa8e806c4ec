import { Writable } from 'node:stream';
import type { Out } from '../io.ts';

/** A terminal that readline draws on, and that can be kept still while an answer is written. */
export class QuietOutput extends Writable {
  readonly isTTY = true;
  isMuted = false;
  readonly #out: Out;

  constructor(out: Out) {
    super({ decodeStrings: false });
    this.#out = out;
    out.on('resize', () => this.emit('resize'));
  }

  get columns(): number {
    return this.#out.columns ?? 80;
  }

  get rows(): number {
    return this.#out.rows ?? 24;
  }

  override _write(chunk: Uint8Array | string, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (!this.isMuted) this.#out.write(chunk);
    done();
  }
}
