import { harmlessJson, renderAnswer } from '@pxa/assistant/render';
import { askShowingCalls } from '../ask-once.ts';
import { asCliError, CliError, EXIT, usageError } from '../exit.ts';
import type { ExitCode } from '../exit.ts';
import type { Io } from '../io.ts';
import { writeLine } from '../io.ts';
import { readAll } from '../lines.ts';
import type { GlobalOptions } from '../options.ts';
import { errorAnswer, exitCodeOf, LONGEST_REQUEST, requestProblem } from '../request.ts';
import type { AskingSession } from '../session.ts';
import { openSession } from '../session.ts';
import { keyReader } from '../terminal/keys.ts';
import { paintFor, styleFor } from '../terminal/look.ts';
import { page } from '../terminal/pager.ts';
import { Spinner } from '../terminal/spinner.ts';

/** `pxa ask WORDS`: one request, one answer. */
export async function ask(io: Io, options: GlobalOptions, words: string[]): Promise<ExitCode> {
  if (options.jsonl === true) {
    if (words.length > 0) throw usageError('--jsonl reads requests from standard input; leave out the words.');
    return (await import('./jsonl.ts')).jsonl(io, options);
  }
  const request = words.length > 0 ? words.join(' ') : await readRequest(io);
  const problem = requestProblem(request);
  if (problem !== undefined) throw usageError(problem, 'Example: pxa ask "show me all running VMs"');
  return options.json === true ? askForJson(io, options, request) : askForPerson(io, options, request);
}

async function readRequest(io: Io): Promise<string> {
  if (io.stdin.isTTY === true)
    throw usageError('What do you want to know?', 'Example: pxa ask "show me all running VMs"');
  const text = await readAll(io.stdin, LONGEST_REQUEST + 1);
  if (text === undefined)
    throw usageError(
      `The request on standard input is longer than ${LONGEST_REQUEST} characters.`,
      'Ask in fewer words.',
    );
  return text.trim();
}

async function askForJson(io: Io, options: GlobalOptions, request: string): Promise<ExitCode> {
  try {
    const answer = await withSession(io, options, (session, signal) =>
      session.assistant.ask(requestOf(request, options), { signal }),
    );
    writeLine(io.stdout, harmlessJson(JSON.stringify(answer)));
    return exitCodeOf(answer);
  } catch (error) {
    // Whoever reads JSON gets JSON, whatever happened.
    const end = asCliError(error);
    const answer = errorAnswer(request, options.conversation ?? io.id(), sayAll(end));
    writeLine(io.stdout, harmlessJson(JSON.stringify(answer)));
    return end.exitCode;
  }
}

/** An error's message and its next step as one text. */
export function sayAll(error: CliError): string {
  return error.nextStep === undefined ? error.message : `${error.message}\n${error.nextStep}`;
}

function requestOf(request: string, options: GlobalOptions): { request: string; conversation_id?: string } {
  return options.conversation === undefined ? { request } : { request, conversation_id: options.conversation };
}

async function askForPerson(io: Io, options: GlobalOptions, request: string): Promise<ExitCode> {
  const paint = paintFor(io.stdout, io.env, options);
  const display = { isQuiet: options.quiet === true, paint: paint.dim, spinner: new Spinner(io) };
  const { answer, timeZone } = await withSession(io, options, async ({ assistant }, signal) => {
    const said = await askShowingCalls(io, assistant, requestOf(request, options), display, signal);
    return { answer: said, timeZone: assistant.timeZoneOf(said) };
  });
  await page(renderAnswer(answer, { ...styleFor(io, options), timeZone }), io.stdout, keyReader(io));
  return exitCodeOf(answer);
}

/** Opens, asks and closes; Ctrl-C breaks the request off. */
async function withSession<T>(
  io: Io,
  options: GlobalOptions,
  use: (session: AskingSession, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stopping = new AbortController();
  const off = io.onStop(() => stopping.abort());
  try {
    const session = await openSession(io, options);
    try {
      const answer = await use(session, stopping.signal);
      if (stopping.signal.aborted) throw new CliError(EXIT.interrupted, 'Stopped. Nothing was changed.');
      return answer;
    } finally {
      await session.close();
    }
  } finally {
    off();
  }
}
