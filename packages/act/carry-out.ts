import type { JobStep } from '@pxa/contract';
import { check } from './check.ts';
import type { Execution, Work } from './execution.ts';
import { follow } from './follow.ts';
import { backoffMs } from './limits.ts';
import { look } from './look.ts';
import type { Next, Outcome } from './outcome.ts';
import { send } from './send.ts';
import { duration } from './words.ts';

/**
 * Carries one call out, from where it stands to its end: what it relies on is read, it is sent, its task is followed.
 * Where it stands is written before each of these, so that another run can go on from there.
 *
 * @throws what ended the hold: ClaimLost, StoreFailed, …
 */
export async function carryOut(x: Execution, work: Work): Promise<Outcome> {
  const patienceMs = Math.min(work.record.limit_seconds * 1_000, x.limits.lockMs);
  const deadline = x.deps.now() + patienceMs;
  let next = whereItStands(x.journal.step(work.index), work);
  for (let attempt = 0; ;) {
    if (next.do === 'follow') next = await follow(x, work, next.upid);
    else if (next.do === 'retry') {
      const waitMs = backoffMs(attempt++ + 2);
      if (x.deps.now() + waitMs > deadline) {
        return { kind: 'failed', text: `Nothing was done within ${duration(patienceMs)}: ${next.why}` };
      }
      await x.wait(waitMs, work.heeds?.signal);
      next = { do: 'check' };
    } else if (next.do === 'end') return next.outcome;
    else next = await untilItsTaskIsKnown(x, work, next);
  }
}

function whereItStands(step: JobStep, { undoing }: Work): Next {
  if (step.undoing !== undoing) return { do: 'check' };
  if (step.state === 'intended') return { do: 'look' };
  if (step.state === 'waiting' && step.upid !== undefined) return { do: 'follow', upid: step.upid };
  return { do: 'check' };
}

/** While nobody could tell its task from that of another call, no such other call is sent. */
async function untilItsTaskIsKnown(x: Execution, work: Work, first: Next): Promise<Next> {
  const { node, tasks } = work.record;
  const letNext = await x.turns.take(tasks.map(({ type, id }) => `${node} ${type} ${id}`));
  try {
    let next = first;
    for (;;) {
      x.hold.check();
      if (next.do === 'check') next = await check(x, work);
      else if (next.do === 'send') next = await send(x, work);
      else if (next.do === 'look') next = await look(x, work);
      else return next;
    }
  } finally {
    letNext();
  }
}
