import type { Execution } from './execution.ts';
import { progressOf } from './progress.ts';

/** Lines kept of one task in the job's events; all of them are in the task's own log. */
const MOST_LINES = 200;
const TELLING_LINES = 3;

/** What a line says that tells why a task failed. */
const TELLING = /\bERROR:|\bcan't |\bcannot |\bunable to |\bfailed\b/;
const WARNING = /^(?:.*\s)?WARN(?:ING)?:/;

/** What a task's log tells while it grows: how far it has come, warnings, and how it ended. */
export class TaskLog {
  readonly #x: Execution;
  readonly #index: number;
  readonly #last: string[] = [];
  readonly #telling: string[] = [];
  #warnings: string[] = [];
  #progress: number | undefined;
  #progressLine = '';
  #kept = 0;
  #writtenMs = -Infinity;

  constructor(x: Execution, index: number) {
    this.#x = x;
    this.#index = index;
  }

  hear(line: string): void {
    if (line.startsWith('TASK ')) return;
    this.#last.push(line);
    if (this.#last.length > TELLING_LINES) this.#last.shift();
    const isWarning = WARNING.test(line);
    if (isWarning) this.#warnings.push(line);
    if ((isWarning || TELLING.test(line)) && this.#telling.length < TELLING_LINES) this.#telling.push(line);
    const progress = progressOf(line);
    if (progress === undefined) return;
    this.#progress = progress;
    this.#progressLine = line;
  }

  /** What a task that failed or warned was about: the first lines that say so, else its last. */
  get telling(): string {
    return (this.#telling.length > 0 ? this.#telling : this.#last).join(' · ');
  }

  /** Writes what is new, not more often than the limit. @throws ClaimLost, StoreFailed */
  async tell(): Promise<void> {
    const { deps, limits } = this.#x;
    const isNews = this.#progress !== undefined || this.#warnings.length > 0;
    if (!isNews || deps.now() - this.#writtenMs < limits.eventEveryMs) return;
    const progress = this.#progress;
    const lines = [...this.#warnings, ...(progress === undefined ? [] : [this.#progressLine])];
    this.#writtenMs = deps.now();
    this.#warnings = [];
    this.#progress = undefined;
    const room = Math.max(0, MOST_LINES - this.#kept);
    this.#kept += lines.length;
    await this.#x.journal.log(this.#index, progress === undefined ? {} : { progress }, lines.slice(0, room));
  }
}
