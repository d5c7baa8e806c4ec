import type { Problem, ProblemKind, Reader } from './reader.ts';
import { parseUpid, statusType } from './upid.ts';
import { asNumber, asObject, asRows, asText } from './values.ts';

/**
 * How a task ended, or why it is not known yet. `unexpected`: it was killed or crashed, and left no word of how far it
 * had come. `not_followed`: following it ended before the task did.
 */
export type TaskEnd =
  | { kind: 'ok' }
  | { kind: 'warnings'; count: number }
  | { kind: 'error'; text: string }
  | { kind: 'unexpected' }
  | { kind: 'not_followed'; why: 'time_limit' | 'cancelled' }
  | { kind: 'not_followed'; why: 'unreadable'; problem: Problem };

export interface LogLine {
  /** From 1 on. */
  n: number;
  text: string;
}

/** What was read of a task: how it ended, and its log from the wanted line on. `nextLine` is where to read on. */
export interface Followed {
  end: TaskEnd;
  lines: LogLine[];
  nextLine: number;
}

export interface FollowOptions {
  /** Waits; rejects or returns early when `signal` fires. */
  sleep: (ms: number) => Promise<void>;
  /** Milliseconds, from any start. */
  now: () => number;
  /** Gives up after so long; the task goes on. */
  timeoutMs: number;
  /** The first line wanted, from 1 on; lines before it are not read. */
  fromLine?: number;
  /** At most so many lines are kept and told; the rest of a longer log is left unread. */
  maxLines?: number;
  onLine?: (line: LogLine) => void;
  signal?: AbortSignal;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5_000;
const PAGE_LINES = 500;
const MOST_LINES = 10_000;

/** The task goes on while the node or the way to it has trouble, so these are waited out, so many times in a row. */
const PASSING: ReadonlySet<ProblemKind> = new Set(['node_unreachable', 'unreachable', 'timeout', 'server']);
const MOST_FAILURES = 10;

/** Which task, and on which node it runs: `UPID:NODE:…`. */
interface Task {
  node: string;
  upid: string;
}

/**
 * Follows a task to its end: its status at growing intervals, and its log as it grows. That a UPID was given means
 * only that Proxmox began; how it ended stands in `exitstatus` alone (pve-common RESTEnvironment.pm, UPID.pm).
 *
 * @throws TypeError for a text that is no UPID.
 */
export async function followTask(reader: Reader, upid: string, options: FollowOptions): Promise<Followed> {
  const { sleep, now, timeoutMs, signal } = options;
  const task = { node: nodeOf(upid), upid };
  const log = new TaskLog(reader, task, options);
  const deadline = now() + timeoutMs;
  let waitMs = FIRST_WAIT_MS;
  let failures = 0;
  for (;;) {
    const status = await reader.get('/nodes/{node}/tasks/{upid}/status', { ...task });
    // Read after the status: once that says "stopped", the log is whole.
    const problem = status.ok ? await log.readOn() : status.problem;
    const end = status.ok ? taskEnd(status.data) : undefined;
    if (end !== undefined && problem === undefined) return log.followed(end);
    failures = problem === undefined ? 0 : failures + 1;
    if (signal?.aborted === true) return log.followed({ kind: 'not_followed', why: 'cancelled' });
    if (problem !== undefined && (!PASSING.has(problem.kind) || failures >= MOST_FAILURES)) {
      return log.followed(end ?? { kind: 'not_followed', why: 'unreadable', problem });
    }
    if (now() + waitMs > deadline) return log.followed({ kind: 'not_followed', why: 'time_limit' });
    await sleep(waitMs);
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
  }
}

/** How the task of a status answer ended; undefined while it runs. */
export function taskEnd(status: unknown): TaskEnd | undefined {
  const fields = asObject(status);
  if (fields?.['status'] !== 'stopped') return undefined;
  return endOf(asText(fields['exitstatus']));
}

/** What an exit status says: `OK`, `WARNINGS: n`, `unexpected status` or nothing (killed, crashed), else an error. */
export function endOf(exitstatus: string | null): TaskEnd {
  const type = statusType(exitstatus ?? undefined);
  switch (type) {
    case 'ok':
      return { kind: 'ok' };
    case 'unknown':
      return { kind: 'unexpected' };
    case 'warning':
      return { kind: 'warnings', count: asNumber(/\d+/.exec(exitstatus ?? '')?.[0]) ?? 0 };
    case 'error':
      return { kind: 'error', text: exitstatus ?? '' };
  }
}

/** A page of a task's log, from `fromLine` (1 and up) on. An empty log has no lines, whatever Proxmox shows for it. */
export async function readLog(
  reader: Reader,
  upid: string,
  { fromLine, limit }: { fromLine: number; limit: number },
): Promise<{ ok: true; lines: LogLine[] } | { ok: false; problem: Problem }> {
  const page = await reader.get('/nodes/{node}/tasks/{upid}/log', {
    node: nodeOf(upid),
    upid,
    start: fromLine - 1,
    limit,
  });
  return page.ok ? { ok: true, lines: linesOf(page.data) } : page;
}

function linesOf(data: unknown): LogLine[] {
  const lines = asRows(data).map(({ row }) => ({ n: asNumber(row['n']) ?? 0, text: asText(row['t']) ?? '' }));
  // pve-common Tools.pm, dump_logfile, writes this line for a log that is empty or cannot be opened.
  const [only] = lines;
  const isEmpty = lines.length === 1 && only?.n === 1 && /^no content$|^unable to open file - /.test(only.text);
  return isEmpty ? [] : lines;
}

/** Reads a log page by page, each line once. */
class TaskLog {
  readonly #reader: Reader;
  readonly #task: Task;
  readonly #options: FollowOptions;
  readonly #lines: LogLine[] = [];
  #nextLine: number;

  constructor(reader: Reader, task: Task, options: FollowOptions) {
    this.#reader = reader;
    this.#task = task;
    this.#options = options;
    this.#nextLine = Math.max(1, options.fromLine ?? 1);
  }

  /** Reads what there is beyond the lines read so far. */
  async readOn(): Promise<Problem | undefined> {
    const { maxLines = MOST_LINES, onLine } = this.#options;
    while (this.#lines.length < maxLines) {
      const limit = Math.min(PAGE_LINES, maxLines - this.#lines.length);
      const page = await readLog(this.#reader, this.#task.upid, { fromLine: this.#nextLine, limit });
      if (!page.ok) return page.problem;
      for (const line of page.lines) {
        this.#lines.push(line);
        onLine?.(line);
      }
      this.#nextLine += page.lines.length;
      if (page.lines.length < limit) return undefined;
    }
    return undefined;
  }

  followed(end: TaskEnd): Followed {
    return { end, lines: this.#lines, nextLine: this.#nextLine };
  }
}

function nodeOf(upid: string): string {
  const parsed = parseUpid(upid);
  if (parsed === undefined) throw new TypeError('this is not a UPID');
  return parsed.node;
}
