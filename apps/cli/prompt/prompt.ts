import { EXIT } from '../exit.ts';
import type { ExitCode } from '../exit.ts';
import type { Io } from '../io.ts';
import { writeLine } from '../io.ts';
import { readLines } from '../lines.ts';
import type { GlobalOptions } from '../options.ts';
import { LONGEST_REQUEST } from '../request.ts';
import { type AskingSession, openSession } from '../session.ts';
import { Talk } from './talk.ts';

/** `pxa` alone: a prompt in a terminal; with input from a pipe, one request a line and nothing but the answers. */
export async function prompt(io: Io, options: GlobalOptions): Promise<ExitCode> {
  const session = await openSession(io, options);
  try {
    const talk = new Talk(io, options, session);
    if (io.stdin.isTTY !== true || io.stdout.isTTY !== true) return await talkThroughPipe(io, session, talk);
    const { talkAtTerminal } = await import('./terminal-talk.ts');
    return await talkAtTerminal(io, options, session, talk);
  } finally {
    await session.close();
  }
}

/** The exit code is that of the last request that did not end well. */
async function talkThroughPipe(io: Io, { keeps }: AskingSession, talk: Talk): Promise<ExitCode> {
  const stopping = new AbortController();
  const off = io.onStop(() => {
    stopping.abort();
    io.stdin.destroy();
  });
  const lines = readLines(io.stdin, LONGEST_REQUEST + 1);
  let exitCode: ExitCode = EXIT.answered;
  let isFirst = true;
  try {
    // A name is typed by a person; only where nothing lasts may whatever comes through the pipe stand for it.
    const nextLine = keeps === 'on disk' ? undefined : async () => textOf(await lines.next());
    for (let text = textOf(await lines.next()); text !== undefined; text = textOf(await lines.next())) {
      if (text.trim() === '') continue;
      if (!isFirst) writeLine(io.stdout, '');
      isFirst = false;
      const end = await talk.say(text, stopping.signal, undefined, nextLine);
      if (end === 'exit' || stopping.signal.aborted) break;
      if (end !== EXIT.answered) exitCode = end;
    }
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
  } finally {
    await lines.return(undefined);
    off();
  }
  return stopping.signal.aborted ? EXIT.interrupted : exitCode;
}

const textOf = (line: IteratorResult<{ text: string }>): string | undefined =>
  line.done === true ? undefined : line.value.text;
