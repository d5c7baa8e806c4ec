import type { Answer } from '@pxa/contract';
import { harmlessJson } from '@pxa/assistant/render';
import { asCliError, EXIT } from '../exit.ts';
import type { ExitCode } from '../exit.ts';
import type { Io } from '../io.ts';
import { readLines } from '../lines.ts';
import type { Line } from '../lines.ts';
import type { GlobalOptions } from '../options.ts';
import { errorAnswer, exitCodeOf, LONGEST_REQUEST, requestProblem } from '../request.ts';
import type { AskingSession } from '../session.ts';
import { openSession } from '../session.ts';
import { sayAll } from './ask.ts';

/** A line of JSON may be longer than its request: escapes take up to six characters for one. */
const LONGEST_LINE = LONGEST_REQUEST * 6 + 1000;

/** What a line asks; `conversation_id` where it goes on with an earlier one. */
interface LineRequest {
  request: string;
  conversation_id?: string;
}

/**
 * `pxa ask --jsonl`: one request a line (an object with `request`, or a JSON string), one answer a line, in order. A line that
 * cannot be understood costs an answer of kind `error`, and nothing else.
 */
export async function jsonl(io: Io, options: GlobalOptions): Promise<ExitCode> {
  const stopping = new AbortController();
  const off = io.onStop(() => {
    stopping.abort();
    io.stdin.destroy();
  });
  const open = openOnce(io, options);
  let worst: ExitCode = EXIT.answered;
  try {
    for await (const line of readLines(io.stdin, LONGEST_LINE)) {
      const { answer, exitCode } = await answerLine(io, line, open, stopping.signal);
      if (stopping.signal.aborted) break;
      await write(io, `${harmlessJson(JSON.stringify(answer))}\n`);
      // Whatever a line gave, it is in its answer; only a cluster that cannot be had makes the whole run fail.
      if (exitCode === EXIT.noConnection) worst = exitCode;
    }
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
  } finally {
    off();
    await open.close();
  }
  return stopping.signal.aborted ? EXIT.interrupted : worst;
}

/** Opens the cluster when the first good line needs it. A failure is told for each line anew. */
function openOnce(io: Io, options: GlobalOptions): { session(): Promise<AskingSession>; close(): Promise<void> } {
  let opening: Promise<AskingSession> | undefined;
  return {
    session: () => (opening ??= openSession(io, options)),
    close: async () => {
      const session = await opening?.catch(() => undefined);
      await session?.close();
    },
  };
}

async function answerLine(
  io: Io,
  line: Line,
  open: { session(): Promise<AskingSession> },
  signal: AbortSignal,
): Promise<{ answer: Answer; exitCode: ExitCode }> {
  const parsed = parseLine(line);
  if (typeof parsed === 'string') {
    return { answer: errorAnswer(line.text, io.id(), parsed), exitCode: EXIT.error };
  }
  try {
    const { assistant } = await open.session();
    const answer = await assistant.ask(parsed, { signal });
    return { answer, exitCode: exitCodeOf(answer) };
  } catch (error) {
    const end = asCliError(error);
    return {
      answer: errorAnswer(parsed.request, parsed.conversation_id ?? io.id(), sayAll(end)),
      exitCode: end.exitCode,
    };
  }
}

/** What a line asks, or what is wrong with it. */
export function parseLine(line: Line): LineRequest | string {
  if (line.isTooLong) return `The line is longer than ${LONGEST_LINE} characters.`;
  if (line.text.trim() === '') return 'The line is empty; it should hold {"request": "…"}.';
  const value = parseJson(line.text);
  if (value === undefined) return 'The line is not JSON; it should hold {"request": "…"} or a JSON string.';
  const request = typeof value === 'string' ? value : field(value, 'request');
  const conversation = field(value, 'conversation_id');
  if (typeof request !== 'string') return 'The line has no "request" that is a text.';
  if (conversation !== undefined && conversation !== null && typeof conversation !== 'string')
    return '"conversation_id" is not a text.';
  const problem = requestProblem(request);
  if (problem !== undefined) return problem;
  return typeof conversation === 'string' ? { request, conversation_id: conversation } : { request };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}

async function write(io: Io, text: string): Promise<void> {
  if (io.stdout.write(text)) return;
  await new Promise<void>((resolve) => io.stdout.once('drain', resolve));
}
