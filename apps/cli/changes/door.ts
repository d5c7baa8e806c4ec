import type { Changes } from '@pxa/assistant';
import { harmlessJson, harmlessLines } from '@pxa/assistant/render';
import type { Problem } from '../backend.ts';
import { EXIT, type ExitCode, usageError } from '../exit.ts';
import { type Io, writeLine } from '../io.ts';
import type { GlobalOptions } from '../options.ts';
import { problemError } from '../problem-error.ts';
import { type AskingSession, openSession } from '../session.ts';

/** What is needed to act on plans and jobs, from a command or from the prompt. */
export interface ChangeDoor {
  readonly io: Io;
  readonly options: GlobalOptions;
  readonly session: AskingSession;
  readonly changes: Changes;
  /** Fires on Ctrl-C. */
  readonly signal: AbortSignal;
  /** How one of our commands is said here: `pxa undo job_x`, and without `pxa` at the prompt. */
  say(command: string): string;
}

/** Opens the connection and what is kept about it; Ctrl-C leaves a job to whoever goes on with it. */
export async function withChanges(
  io: Io,
  options: GlobalOptions,
  use: (door: ChangeDoor) => Promise<ExitCode>,
): Promise<ExitCode> {
  const stopping = new AbortController();
  const off = io.onStop(() => stopping.abort());
  const session = await openSession(io, options);
  try {
    const { changes } = session.assistant;
    if (changes === undefined) throw usageError('Nothing can be changed through this door.');
    const say = (command: string): string => `pxa ${command}`;
    return await use({ io, options, session, changes, signal: stopping.signal, say });
  } catch (error) {
    throw isSilence(error) ? problemError(error.problem) : error;
  } finally {
    off();
    await session.close();
  }
}

/** That the cluster could not be asked, which ends a command as it does when something is read. */
function isSilence(error: unknown): error is { problem: Problem } {
  return error instanceof Error && error.name === 'ClusterSilent' && 'problem' in error && error.problem !== undefined;
}

/** Writes text that may come from the cluster or from whoever asked. */
export function tell({ io }: Pick<ChangeDoor, 'io'>, text: string): void {
  writeLine(io.stdout, harmlessLines(text));
}

/** That a list has an end that is not its own; beside the answer, which may be read by a program. */
export function tellCut({ io, changes, say }: ChangeDoor, list: readonly unknown[]): void {
  if (list.length < changes.mostListed) return;
  writeLine(io.stderr, `These are the newest ${list.length}. What was before them is in the log: ${say('audit')}`);
}

/** Writes a value as one line of JSON. */
export function tellJson({ io }: Pick<ChangeDoor, 'io'>, value: unknown): ExitCode {
  writeLine(io.stdout, harmlessJson(JSON.stringify(value)));
  return EXIT.answered;
}
