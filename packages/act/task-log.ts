import type { Execution } from './execution.ts';
import { progressOf } from './progress.ts';

/** Lines kept of one task in the job's events; all of them are in the task's own log. */
const MOST_LINES = 200;
const LAST_LINES = 3;

/** What a task's log tells while it grows: how far it has come, warnings, and how it ended. */
export class TaskLog {
  readonly #x: Execution;
  readonly #index: number;
  readonly #last: string[] = [];
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
    this.#last.push(line);
    if (this.#last.length > LAST_LINES) this.#last.shift();
    if (/^(?:.*\s)?WARN(?:ING)?:/.test(line)) this.#warnings.push(line);
    const progress = progressOf(line);
    if (progress === undefined) return;
    this.#progress = progress;
    this.#progressLine = line;
  }

  /** The last lines before `TASK …`: what a task that failed was about. */
  get last(): string {
    return this.#last.filter((line) => !line.startsWith('TASK ')).join(' · ');
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
