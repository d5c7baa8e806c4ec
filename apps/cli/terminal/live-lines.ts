import type { Io, Out } from '../io.ts';

/** Lines at the end of a terminal that are written anew in their place. None may be wider than the terminal, nor all be higher. */
export class LiveLines {
  readonly #out: Out;
  #height = 0;
  #shown = '';

  constructor(out: Out) {
    this.#out = out;
  }

  /** Puts these lines where the ones before stood. */
  show(lines: readonly string[]): void {
    const text = lines.map((line) => `${line}\n`).join('');
    if (text === this.#shown) return;
    this.#out.write(this.#back() + text);
    this.#height = lines.length;
    this.#shown = text;
  }

  /** Leaves what is shown where it stands; what comes next stands below. */
  leave(): void {
    this.#height = 0;
    this.#shown = '';
  }

  #back(): string {
    return this.#height === 0 ? '' : `\u001b[${this.#height}A\r\u001b[J`;
  }
}

/** Whether lines can be written anew: a terminal that knows how to move. */
export function canRewrite({ stdout, env }: Io): boolean {
  return stdout.isTTY === true && env['TERM'] !== 'dumb' && (stdout.rows ?? 24) >= 6;
}
