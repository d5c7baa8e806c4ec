import type { Problem } from '@pxa/pve/reader';
import { type Followed, followTask } from '@pxa/pve/task';
import { isTaskLocked } from './answers.ts';
import type { Execution, Work } from './execution.ts';
import { type Next, end } from './outcome.ts';
import { nothingCameOfIt } from './send.ts';
import { stopTask } from './stop-task.ts';
import { TaskLog } from './task-log.ts';
import { duration } from './words.ts';

/** Until when a task is followed, and by what that ends early; `stopping` since the person who cancelled had it stopped. */
interface Watch {
  readonly untilMs: number;
  readonly early: AbortSignal | undefined;
  readonly stopping: boolean;
}

/** Longest first look at a task that may have been stopped by the run before this one. */
const GRACE_MS = 10_000;
const AWAY_WAIT_MS = 10_000;

/** Follows a call's task to its end, or as long as the step may take. */
export async function follow(x: Execution, work: Work, upid: string): Promise<Next> {
  const beganMs = Date.parse(x.journal.step(work.index).started_at ?? x.journal.at());
  const limit = { untilMs: beganMs + work.record.limit_seconds * 1_000, early: work.heeds?.signal, stopping: false };
  const log = new TaskLog(x, work.index);
  if (x.isResumed && work.heeds?.isAsked === true) {
    const grace = { untilMs: x.deps.now() + GRACE_MS, early: undefined, stopping: true };
    const { end: ended } = await watched(x, upid, grace, log);
    if (ended.kind !== 'not_followed') return conclude(x, work, grace, { ended, log });
  }
  const { end: ended } = await watched(x, upid, limit, log);
  const isCalledOff = ended.kind === 'not_followed' && ended.why === 'cancelled';
  if (!isCalledOff) return conclude(x, work, limit, { ended, log });
  const isStopped = await stopTask(x, work.index, upid);
  const rest = isStopped
    ? { untilMs: x.deps.now() + x.limits.stopMs, early: undefined, stopping: true }
    : { ...limit, early: undefined };
  const last = await watched(x, upid, rest, log);
  return conclude(x, work, rest, { ended: last.end, log });
}

/** Follows until the end of the task or of the watch, however often its node is out of reach for a while. */
async function watched(x: Execution, upid: string, { untilMs, early }: Watch, log: TaskLog): Promise<Followed> {
  let awaySince: number | undefined;
  let fromLine = 1;
  for (;;) {
    const signal = AbortSignal.any([x.hold.signal, ...(early === undefined ? [] : [early])]);
    const followed = await followTask(x.wire().reader, upid, {
      now: x.deps.now,
      timeoutMs: Math.max(0, untilMs - x.deps.now()),
      sleep: async (ms) => {
        await log.tell();
        await x.wait(ms, early);
      },
      fromLine,
      onLine: ({ text }) => log.hear(text),
      signal,
    });
    x.hold.check();
    await log.tell();
    const isAway =
      followed.end.kind === 'not_followed' && followed.end.why === 'unreadable' && passes(followed.end.problem);
    if (!isAway) return followed;
    const now = x.deps.now();
    // A line that was read tells that the node was there in between.
    if (followed.nextLine > fromLine) awaySince = undefined;
    awaySince ??= now;
    fromLine = followed.nextLine;
    if (now >= untilMs || now - awaySince > x.limits.awayMs) return followed;
    await x.wait(AWAY_WAIT_MS, early);
  }
}

/** A token that is not accepted may be again; meanwhile the task goes on, and what it changes tells nothing of its end. */
const PASSING: ReadonlySet<Problem['kind']> = new Set([
  'node_unreachable',
  'unreachable',
  'timeout',
  'server',
  'unauthenticated',
]);
const passes = ({ kind }: Problem): boolean => PASSING.has(kind);

interface Ended {
  readonly ended: Followed['end'];
  readonly log: TaskLog;
}

async function conclude(x: Execution, work: Work, watch: Watch, { ended, log }: Ended): Promise<Next> {
  switch (ended.kind) {
    case 'ok':
      return end('done', 'Done: its task ended OK.');
    case 'warnings':
      return end('done', `Done, with warnings: its task ended with ${ended.count}. ${log.telling}`.trim(), {
        warnings: ended.count,
      });
    case 'error':
      return taskFailed(x, work, watch, { text: ended.text, log });
    case 'unexpected':
      if (watch.stopping) return end('stopped', 'Its task was stopped, as was asked.');
      return byItsState(x, work, 'its task ended without saying how');
    case 'not_followed':
      return notFollowed(x, work, watch, ended);
  }
}

async function taskFailed(
  x: Execution,
  work: Work,
  { stopping }: Watch,
  { text, log }: { text: string; log: TaskLog },
): Promise<Next> {
  if (stopping) return end('stopped', `Its task was stopped, as was asked: ${text}`);
  if (isTaskLocked(text)) {
    await nothingCameOfIt(x, work, `Its task did nothing: ${text}`);
    return { do: 'retry', why: text };
  }
  const lines = log.telling;
  const more = lines === '' || lines === text ? '' : ` Its log says: ${lines}`;
  return end('failed', `Its task failed: ${text.replace(/\.$/, '')}.${more}`);
}

async function notFollowed(
  x: Execution,
  work: Work,
  { stopping }: Watch,
  ended: Extract<Followed['end'], { kind: 'not_followed' }>,
): Promise<Next> {
  if (ended.why === 'unreadable')
    return byItsState(x, work, `its task cannot be read any more: ${ended.problem.message}`);
  const upid = x.journal.step(work.index).upid ?? '';
  const where = `Look at the task ${upid} to see how it ends.`;
  if (stopping) return end('unknown', `Its task was told to stop, but goes on. ${where}`);
  const limit = duration(work.record.limit_seconds * 1_000);
  return end('unknown', `Its task still runs after ${limit}, and was left alone. ${where}`);
}

/** Where the task does not tell, what it was to change may. */
async function byItsState(x: Execution, work: Work, why: string): Promise<Next> {
  const { expects } = work.record;
  const after = expects.length === 0 ? undefined : await x.facts(expects, x.limits.settleMs);
  if (after?.holds === true) return end('done', `Done, as a fresh read shows, though ${why}.`);
  const upid = x.journal.step(work.index).upid ?? '';
  return end(
    'unknown',
    `It is not known how far it came: ${why}. Look at the task ${upid} and at what it was to change.`,
  );
}
