import { encodeUpid } from '@pxa/pve/upid';
import type { Clock } from './clock.ts';
import { refusalText } from './refusal-text.ts';
import type { State, TaskRecord } from './state.ts';

/** What a running task can do; its time is the sandbox's. */
interface TaskRun {
  log(line: string): void;
  /** A line that makes the task end in `WARNINGS: n` instead of `OK`. */
  warn(text: string): void;
  /** Lets time pass; throws TaskInterrupted once somebody stops the task. */
  wait(ms: number): Promise<void>;
}

/** How a stopped task ends, unless its work says it in other words. */
class TaskInterrupted extends Error {
  constructor() {
    super('received interrupt');
  }
}

export interface TaskStart {
  type: string;
  /** Guest, storage or whatever the task is about; may be empty. */
  id: string;
  node: string;
  /** `user@realm` or `user@realm!token`. */
  user: string;
  /** The work; throwing ends the task with the error's text. */
  run: (task: TaskRun) => Promise<void> | void;
}

/** Clock ticks in a second, in which process start times are counted. */
const TICKS_PER_S = 100;
const FIRST_PID = 1_200_000;
/** Characters that an error's text may have in a task list, as RESTEnvironment.pm cuts it. */
const STATUS_CHARACTERS = 4096;

/** All tasks of the cluster: those that were there at the start, and those that run in the sandbox's time. */
export class Tasks {
  private readonly state: State;
  private readonly clock: Clock;
  private readonly byUpid = new Map<string, TaskRecord>();
  private readonly stops = new Map<string, () => void>();
  private pid = FIRST_PID;

  constructor(state: State, clock: Clock) {
    this.state = state;
    this.clock = clock;
    for (const task of state.tasks) this.byUpid.set(task.upid, task);
  }

  /** Begins a task and gives its UPID, before any of its work is done. */
  start({ type, id, node, user, run }: TaskStart): string {
    const record = this.newRecord(type, id, node, user);
    this.state.tasks.unshift(record);
    this.byUpid.set(record.upid, record);
    void this.carryOut(record, run);
    return record.upid;
  }

  find(upid: string): TaskRecord | undefined {
    return this.byUpid.get(upid);
  }

  all(): readonly TaskRecord[] {
    return this.state.tasks;
  }

  /** Stops a task that runs; one that has ended stays as it is. */
  stop(upid: string): void {
    const record = this.byUpid.get(upid);
    if (!record || record.endtime !== undefined) return;
    const stop = this.stops.get(upid);
    if (stop) stop();
    else this.finish(record, new TaskInterrupted().message);
  }

  /** The lines of a task's log; undefined where there is no such task. */
  log(upid: string): { n: number; t: string }[] | undefined {
    const record = this.byUpid.get(upid);
    if (!record) return undefined;
    if (record.log) return record.log;
    return record.endtime === undefined ? [] : [{ n: 1, t: lastLine(record.status) }];
  }

  private newRecord(type: string, id: string, node: string, user: string): TaskRecord {
    const starttime = Math.floor(this.clock.now() / 1000);
    const pid = this.pid++;
    const boot = this.state.nodes.get(node)?.bootTime ?? starttime;
    const pstart = Math.max(0, (starttime - boot) * TICKS_PER_S + (pid % TICKS_PER_S));
    const upid = encodeUpid({ node, pid, pstart, starttime, type, id, user });
    const [userid = user, tokenid] = user.split('!');
    return {
      upid,
      node,
      pid,
      pstart,
      starttime,
      type,
      id,
      user: userid,
      ...(tokenid !== undefined && { tokenid }),
      log: [],
    };
  }

  private async carryOut(record: TaskRecord, run: TaskStart['run']): Promise<void> {
    let warnings = 0;
    let interrupt: (() => void) | undefined;
    let interrupted = false;
    this.stops.set(record.upid, () => {
      interrupted = true;
      interrupt?.();
    });
    const task: TaskRun = {
      log: (line) => append(record, line),
      warn: (text) => {
        warnings++;
        append(record, `WARN: ${text}`);
      },
      wait: async (ms) => {
        if (interrupted) throw new TaskInterrupted();
        await new Promise<void>((resolve) => {
          const callOff = this.clock.after(ms, resolve);
          interrupt = () => {
            callOff();
            resolve();
          };
        });
        if (interrupted) throw new TaskInterrupted();
      },
    };
    try {
      await run(task);
      this.finish(record, warnings === 0 ? 'OK' : `WARNINGS: ${warnings}`);
    } catch (error) {
      this.finish(record, refusalText(error));
    }
  }

  private finish(record: TaskRecord, status: string): void {
    this.stops.delete(record.upid);
    record.endtime = Math.floor(this.clock.now() / 1000);
    record.status = status.trimEnd().replaceAll('\n', ' ').slice(0, STATUS_CHARACTERS);
    append(record, lastLine(record.status));
  }
}

/** How the log of a finished task ends. */
function lastLine(status: string | undefined): string {
  if (status === undefined || status === 'OK') return 'TASK OK';
  return /^WARNINGS: \d+$/.test(status) ? `TASK ${status}` : `TASK ERROR: ${status}`;
}

function append(record: TaskRecord, line: string): void {
  const log = (record.log ??= []);
  for (const t of line.split('\n')) log.push({ n: log.length + 1, t });
}
