import type { Fact } from '@pxa/contract';
import type { Execution, Work } from './execution.ts';
import { foundTasks } from './found-tasks.ts';
import type { Found } from './found-tasks.ts';
import { backoffMs } from './limits.ts';
import { type Next, end } from './outcome.ts';
import { sentBefore, taskBegan } from './send.ts';

/** A call whose fate stays unknown once is made again, where it is proven that nothing came of it. Never a third time. */
const MOST_SENT = 2;

/** How often its task is looked for, while it may still begin. */
const LOOK_EVERY_MS = 5_000;

/**
 * Finds out what became of a call that may have been made: by its task, or by what it was to change. That it was not made
 * is concluded only when the time is over in which it could still come to something; nothing is made again on a guess.
 *
 * That time counts from now on, in waits alone. When the call left, nobody knows: a process that was stopped after it had
 * written that it would make it may have made it much later, as long as it held the job. And clocks jump.
 */
export async function look(x: Execution, work: Work): Promise<Next> {
  const sentMs = Date.parse(x.journal.step(work.index).started_at ?? x.journal.at());
  return work.record.tasks.length > 0 ? lookForTask(x, work, sentMs) : lookAtState(x, work);
}

async function lookForTask(x: Execution, work: Work, sentMs: number): Promise<Next> {
  for (let leftMs = x.limits.callMs; ;) {
    const found = await readable(x, work, sentMs);
    if (!found.ok) return cannotTell(x, work, `the tasks of ${work.record.node} could not be read: ${found.why}`);
    const [upid, ...others] = found.upids;
    if (others.length > 0) return cannotTell(x, work, `several tasks could be it: ${found.upids.join(', ')}`);
    if (upid !== undefined) return taskBegan(x, work, upid, 'Its task was found');
    if (leftMs <= 0 && found.perhaps.length > 0) {
      return cannotTell(x, work, `by the clocks, its task began before it was asked for: ${found.perhaps.join(', ')}`);
    }
    if (leftMs <= 0) return withoutTask(x, work);
    const waitMs = Math.min(leftMs, LOOK_EVERY_MS);
    await x.wait(waitMs);
    leftMs -= waitMs;
  }
}

/**
 * Every such call begins a task before it is answered, so without one nothing was done. Where it relied on nothing, what
 * it is to make so tells nothing either: a service that is to be restarted runs before and after.
 */
async function withoutTask(x: Execution, work: Work): Promise<Next> {
  const { relies_on: reliesOn, expects } = work.record;
  if (reliesOn.length === 0) return cannotTell(x, work, 'no task of it is to be found, and nothing else would show it');
  if (await hold(x, reliesOn)) return again(x, work, 'no task of it was begun');
  if (await hold(x, expects)) return foundDone(x, work);
  return cannotTell(x, work, 'no task of it is to be found, but what it relied on is no longer so');
}

async function readable(x: Execution, work: Work, sentMs: number): Promise<Found> {
  const begun = x.deps.now();
  for (let attempt = 0; ; attempt++) {
    const found = await foundTasks(x, work, sentMs);
    const waitMs = backoffMs(attempt);
    if (found.ok || x.deps.now() + waitMs - begun > x.limits.unreadableMs) return found;
    await x.wait(waitMs);
  }
}

/**
 * A call without a task shows in what it changed alone. It is made again only where that shows that it was not done; a
 * configuration's digest among the parameters sees to it that a first request which comes late is refused.
 */
async function lookAtState(x: Execution, work: Work): Promise<Next> {
  const { expects, relies_on: reliesOn } = work.record;
  if (expects.length === 0) return cannotTell(x, work, 'nothing that can be read shows whether it was done');
  if (await hold(x, expects)) return foundDone(x, work);
  await x.wait(x.limits.callMs);
  const after = await x.facts(expects);
  if (after.holds === true) return foundDone(x, work);
  if (after.holds === false && (await hold(x, reliesOn))) return again(x, work, 'nothing of it is to be seen');
  return cannotTell(x, work, 'it is neither as it was before nor as it should be after');
}

/** Whether facts tell anything, and all of them hold. */
async function hold(x: Execution, facts: readonly Fact[]): Promise<boolean> {
  return facts.length > 0 && (await x.facts(facts)).holds === true;
}

async function again(x: Execution, work: Work, why: string): Promise<Next> {
  if (sentBefore(x.journal.step(work.index), work) >= MOST_SENT) {
    return cannotTell(x, work, `${why}, though it was asked for twice`);
  }
  if (work.heeds?.isAsked === true) return end('not_begun', `Not done: ${why}, and the job was cancelled.`);
  await x.journal.write(work.index, {}, `It was not done: ${why}. It is asked for once more.`);
  return { do: 'send' };
}

function foundDone(x: Execution, work: Work): Next {
  const audit = x.audit.call(x.journal.at(), work.index, work.call, 'found done');
  return end('done', 'Done: there was no answer, but a fresh read shows it.', { audit });
}

function cannotTell(x: Execution, work: Work, why: string): Next {
  const { method, path } = work.call;
  const audit = x.audit.call(x.journal.at(), work.index, work.call, `unknown: ${why}`);
  const { node, tasks } = work.record;
  const forms = [...new Set(tasks.map(({ type, id }) => `${type} ${id}`.trim()))].join(' or ');
  const where = tasks.length > 0 ? `the tasks of ${node} (${forms})` : `what is at ${path}`;
  const text = `It is not known whether this was done (${method} ${path}): ${why}. It was not asked for again. Look at ${where} to see.`;
  return end('unknown', text, { audit });
}
