import type { Approval, Person, PlanRecord } from '@pxa/contract';
import type { Approved } from '@pxa/assistant';
import { plural } from '@pxa/assistant/render';
import { EXIT, type ExitCode, usageError } from '../exit.ts';
import { type ChangeDoor, tell, tellJson } from './door.ts';
import { followJob } from './follow.ts';

/** How a person is asked to type a name; undefined where nobody can be asked. */
export type AskName = ((question: string) => Promise<string>) | undefined;

/** Whose word it is, and what they typed or can be asked to type. */
export interface Word {
  readonly by: Person;
  readonly typed?: string;
  readonly askName: AskName;
}

/** Approves a plan in a person's name and carries it out, telling what happens; the exit code says how it ended. */
export async function approveAndRun(door: ChangeDoor, id: string, word: Word): Promise<ExitCode> {
  const { record, approval } = await planKnown(door, id);
  const typed = word.typed ?? (await nameTyped(record, approval, word.askName));
  const approved = await door.changes.approve(record.plan.id, word.by, typed);
  if (!approved.ok) return refused(door, `Not approved: ${approved.refused}`);
  return approved.job === undefined ? oneOfSeveral(door, approved) : followJob(door, approved.job.id);
}

/** Takes a person's word that a plan is not to be carried out. */
export async function cancelPlan(door: ChangeDoor, id: string, by: Person): Promise<ExitCode> {
  const { record } = await planKnown(door, id);
  const decided = await door.changes.cancel(record.plan.id, by);
  if (!decided.ok) return refused(door, `Not cancelled: ${decided.refused}`);
  if (door.options.json === true) return tellJson(door, decided.approval);
  tell(door, 'Cancelled. Nothing was changed.');
  return EXIT.answered;
}

/** A plan that there is. @throws CliError where there is none, or it cannot be opened */
async function planKnown(
  { changes, say }: ChangeDoor,
  id: string,
): Promise<{ record: PlanRecord; approval: Approval }> {
  const found = await changes.plan(id);
  if (found === undefined) throw usageError(`There is no plan ${id}.`, `${say('approvals')} lists them.`);
  return found;
}

/** What is typed for what cannot be taken back. Nobody is asked about a plan that waits no more: why is said instead. */
async function nameTyped({ plan }: PlanRecord, { state }: Approval, askName: AskName): Promise<string | undefined> {
  if (plan.confirm === undefined || state !== 'pending') return undefined;
  return askName?.(`Type ${plan.confirm} to approve what cannot be taken back:`);
}

function refused(door: ChangeDoor, why: string): ExitCode {
  if (door.options.json === true) tellJson(door, { refused: why });
  else tell(door, why);
  return EXIT.error;
}

function oneOfSeveral(door: ChangeDoor, { approval }: Extract<Approved, { ok: true }>): ExitCode {
  if (door.options.json === true) return tellJson(door, approval);
  const more = plural(approval.needed - approval.decisions.length, 'more person', 'more people');
  tell(door, `Your word is kept. It is carried out once ${more} have said: ${door.say(`approve ${approval.plan_id}`)}`);
  return EXIT.answered;
}
