import type { Io } from '../io.ts';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;
const FRAME_MS = 80;
const CLEAR_LINE = '\r\u001b[K';

/** A moving sign that something is being waited for; only on a terminal, and gone before anything else is written. */
export class Spinner {
  readonly #out: Io['stderr'];
  readonly #isShown: boolean;
  #timer: NodeJS.Timeout | undefined;
  #frame = 0;
  #text = '';

  constructor(io: Io) {
    this.#out = io.stderr;
    this.#isShown = io.stderr.isTTY === true && io.stdout.isTTY === true && io.env['TERM'] !== 'dumb';
  }

  /** Begins to turn, beside a text; once more only changes the text. */
  start(text: string): void {
    this.#text = text;
    if (!this.#isShown || this.#timer !== undefined) return;
    this.#timer = setInterval(() => this.#draw(), FRAME_MS);
    this.#timer.unref();
  }

  /** Writes something in the spinner's place; it turns on below. */
  above(write: () => void): void {
    this.#clear();
    write();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#clear();
    this.#timer = undefined;
  }

  #draw(): void {
    this.#frame = (this.#frame + 1) % FRAMES.length;
    this.#out.write(`${CLEAR_LINE}${FRAMES[this.#frame] ?? ''} ${this.#text}`);
  }

  #clear(): void {
    if (this.#timer !== undefined && this.#isShown) this.#out.write(CLEAR_LINE);
  }
}
