import { changedInWords, unreadableInWords } from './facts.ts';
import type { Differs } from './facts.ts';
import type { Execution, Work } from './execution.ts';
import { type Next, end } from './outcome.ts';
import { some } from './words.ts';

/** Reads afresh what a call relies on, right before it is made. */
export async function check(x: Execution, work: Work): Promise<Next> {
  if (work.heeds?.isAsked === true) return end('not_begun', 'Not begun: the job was cancelled before.');
  const facts = await x.facts(work.record.relies_on, work.patienceMs);
  if (facts.holds === true) return (await wrongFile(x, work)) ?? { do: 'send' };
  if (facts.holds === 'unknown') {
    const what = some(facts.unknown.map(unreadableInWords));
    return end('failed', `Nothing was sent, since what it relies on could not be read: ${what}`);
  }
  const lock = facts.differs.find(isLock);
  if (lock !== undefined) return { do: 'retry', why: `${lock.fact.about} is ${lock.found}` };
  const what = some(facts.differs.map(changedInWords));
  return end('drifted', `Nothing was sent, since it is not as planned any more: ${what}.`);
}

/** What goes along with the call has to be what it was. */
async function wrongFile(x: Execution, { record: { file } }: Work): Promise<Next | undefined> {
  if (file === undefined) return undefined;
  if (x.deps.files === undefined) {
    return end('failed', `Nothing was sent: ${file.path} lies on the computer that this was asked for on.`);
  }
  const now = await x.deps.files.look(file.path);
  x.hold.check();
  if (!now.ok) return end('failed', `Nothing was sent: ${now.why}`);
  if (now.file.bytes === file.bytes && now.file.sha256 === file.sha256) return undefined;
  return end('drifted', `Nothing was sent, since ${file.path} is not the file that it was when it was planned with.`);
}

/** What holds the lock lets go of it by itself; what it leaves behind is judged then. */
const isLock = ({ fact }: Differs): boolean => fact.at.at(-1) === 'lock' && fact.is === null;
