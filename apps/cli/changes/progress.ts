import type { Job, JobEvent } from '@pxa/contract';
import { type JobInWords, renderJobEvent, renderJobSteps, type Style } from '@pxa/assistant/render';
import { type Io, writeLine } from '../io.ts';
import { styleFor } from '../terminal/look.ts';
import { canRewrite, LiveLines } from '../terminal/live-lines.ts';
import type { ChangeDoor } from './door.ts';

/** Shows a job while it is carried out. */
export interface Progress {
  /** How it stands, and what has happened since the last time. */
  show(view: JobInWords, events: readonly JobEvent[]): void;
  /** No more of it follows. */
  end(): void;
}

/** At the most so many lines, however high the terminal is. */
const mostLines = 16;
const redrawMs = 500;

/** One line a step that is rewritten in its place at a terminal, a line an event elsewhere, and nothing for JSON. */
export function progressFor({ io, options, session }: ChangeDoor): Progress {
  if (options.json === true) return { show: () => undefined, end: () => undefined };
  const style = styleFor(io, options);
  return canRewrite(io) ? new LiveProgress(io, style, session.now) : plainProgress(io, style);
}

function plainProgress(io: Io, style: Style): Progress {
  return {
    show: (_view, events) => {
      for (const line of events.flatMap((event) => renderJobEvent(event, style))) writeLine(io.stdout, line);
    },
    end: () => undefined,
  };
}

class LiveProgress implements Progress {
  readonly #lines: LiveLines;
  readonly #io: Io;
  readonly #style: Style;
  readonly #now: () => number;
  #view: JobInWords | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(io: Io, style: Style, now: () => number) {
    this.#lines = new LiveLines(io.stdout);
    this.#io = io;
    this.#style = style;
    this.#now = now;
  }

  show(view: JobInWords): void {
    this.#view = view;
    this.#draw();
    // The time that a step takes goes on while nothing happens.
    this.#timer ??= setInterval(() => this.#draw(), redrawMs).unref();
  }

  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#lines.leave();
  }

  #draw(): void {
    if (this.#view === undefined) return;
    const most = Math.min(mostLines, (this.#io.stdout.rows ?? 24) - 2);
    this.#lines.show(renderJobSteps(this.#view, { style: this.#style, now: this.#now(), most }));
  }
}

/** Whether a job has come to its end. */
export const isEnded = ({ state }: Job): boolean => state !== 'queued' && state !== 'running';
