import { changedInWords, unreadableInWords } from './facts.ts';
import type { Differs } from './facts.ts';
import type { Execution, Work } from './execution.ts';
import { type Next, end } from './outcome.ts';
import { some } from './words.ts';

/** Reads afresh what a call relies on, right before it is made. */
export async function check(x: Execution, work: Work): Promise<Next> {
  if (work.heeds?.isAsked === true) return end('not_begun', 'Not begun: the job was cancelled before.');
  const facts = await x.facts(work.record.relies_on, work.patienceMs);
  if (facts.holds === true) return { do: 'send' };
  if (facts.holds === 'unknown') {
    const what = some(facts.unknown.map(unreadableInWords));
    return end('failed', `Nothing was sent, since what it relies on could not be read: ${what}`);
  }
  const lock = facts.differs.find(isLock);
  if (lock !== undefined) return { do: 'retry', why: `${lock.fact.about} is ${lock.found}` };
  const what = some(facts.differs.map(changedInWords));
  return end('drifted', `Nothing was sent, since it is not as planned any more: ${what}.`);
}

/** What holds the lock lets go of it by itself; what it leaves behind is judged then. */
const isLock = ({ fact }: Differs): boolean => fact.at.at(-1) === 'lock' && fact.is === null;
