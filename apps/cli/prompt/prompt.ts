import { EXIT } from '../exit.ts';
import type { ExitCode } from '../exit.ts';
import type { Io } from '../io.ts';
import { writeLine } from '../io.ts';
import { readLines } from '../lines.ts';
import type { GlobalOptions } from '../options.ts';
import { LONGEST_REQUEST } from '../request.ts';
import { openSession } from '../session.ts';
import { Talk } from './talk.ts';

/** `pxa` alone: a prompt in a terminal; with input from a pipe, one request a line and nothing but the answers. */
export async function prompt(io: Io, options: GlobalOptions): Promise<ExitCode> {
  const session = await openSession(io, options);
  try {
    const talk = new Talk(io, options, session);
    if (io.stdin.isTTY !== true || io.stdout.isTTY !== true) return await talkThroughPipe(io, talk);
    const { talkAtTerminal } = await import('./terminal-talk.ts');
    return await talkAtTerminal(io, options, session, talk);
  } finally {
    await session.close();
  }
}

/** The exit code is that of the last request that did not end well. */
async function talkThroughPipe(io: Io, talk: Talk): Promise<ExitCode> {
  const stopping = new AbortController();
  const off = io.onStop(() => {
    stopping.abort();
    io.stdin.destroy();
  });
  let exitCode: ExitCode = EXIT.answered;
  let isFirst = true;
  try {
    for await (const { text } of readLines(io.stdin, LONGEST_REQUEST + 1)) {
      if (text.trim() === '') continue;
      if (!isFirst) writeLine(io.stdout, '');
      isFirst = false;
      const end = await talk.say(text, stopping.signal, undefined);
      if (end === 'exit' || stopping.signal.aborted) break;
      if (end !== EXIT.answered) exitCode = end;
    }
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
  } finally {
    off();
  }
  return stopping.signal.aborted ? EXIT.interrupted : exitCode;
}
