import type { Job, JobEvent, Person } from '@pxa/contract';
import type { Changes } from '@pxa/assistant';
import { harmless, harmlessLines } from '@pxa/assistant/render';
import { type ExitCode, EXIT } from '../exit.ts';
import type { Io } from '../io.ts';
import { writeLine } from '../io.ts';

/** How a person is asked to type a name; undefined where nobody can be asked. */
export type AskName = ((question: string) => Promise<string>) | undefined;

/** Approves a plan in a person's name and carries it out, telling what happens; the exit code says how it ended. */
export async function approveAndRun(
  io: Io,
  changes: Changes,
  of: { id: string; by: Person; typed?: string; askName: AskName; signal: AbortSignal },
): Promise<ExitCode> {
  const found = await changes.plan(of.id);
  const confirm = found?.record.plan.confirm;
  const typed =
    of.typed ??
    (confirm === undefined ? undefined : await of.askName?.(`Type ${confirm} to approve what cannot be taken back:`));
  const approved = await changes.approve(of.id, of.by, typed);
  if (!approved.ok) {
    writeLine(io.stdout, harmlessLines(`Not approved: ${approved.refused}`));
    return EXIT.error;
  }
  if (approved.job === undefined) {
    const { needed, decisions } = approved.approval;
    writeLine(
      io.stdout,
      `Your word is kept; ${needed - decisions.length} more must approve: pxa approve ${approved.approval.plan_id}`,
    );
    return EXIT.answered;
  }
  return runShown(io, changes, approved.job.id, of.signal);
}

/** Carries a job out and shows its events as they happen. */
export async function runShown(io: Io, changes: Changes, jobId: string, signal: AbortSignal): Promise<ExitCode> {
  writeLine(io.stdout, `Job ${jobId} has begun. Ctrl-C leaves it: pxa job ${jobId} --follow goes on with it.`);
  const job = await changes.carryOut(jobId, { signal, onEvent: (event) => showEvent(io, event) });
  showEnd(io, job);
  return job.state === 'done' && job.proof?.outcome !== 'unverified' ? EXIT.answered : EXIT.error;
}

function showEvent(io: Io, { kind, text }: Pick<JobEvent, 'kind' | 'text'>): void {
  if (kind !== 'ended') writeLine(io.stdout, `  ${harmless(text)}`);
}

/** How a job ended, and what the fresh read after it told. */
export function showEnd(io: Io, job: Job): void {
  writeLine(
    io.stdout,
    harmlessLines(`${job.state === 'done' ? '[OK]' : `[${job.state.toUpperCase()}]`} ${job.result ?? job.says}`),
  );
  const { proof } = job;
  if (proof === undefined) return;
  if (proof.outcome !== 'verified') writeLine(io.stdout, harmlessLines(`[UNVERIFIED] ${proof.differs.join('; ')}`));
}
