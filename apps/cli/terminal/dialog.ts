import { CliError, EXIT } from '../exit.ts';
import type { Io } from '../io.ts';
import { writeLine } from '../io.ts';
import { readLines } from '../lines.ts';

/** Asks a person, at a terminal, or reads the answers line by line where there is none. */
export interface Dialog {
  /** A line of text; an empty one gives `fallback`. */
  text(question: string, fallback?: string): Promise<string>;
  /** A text that is not echoed. */
  secret(question: string): Promise<string>;
  close(): void;
}

const LONGEST_ANSWER = 10_000;

/** A dialog over the command line's own input and output. */
export function openDialog(io: Io): Dialog {
  return io.stdin.isTTY === true ? terminalDialog(io) : pipedDialog(io);
}

function terminalDialog(io: Io): Dialog {
  // The questions go to the terminal even where the output is a file.
  const common = { input: io.stdin, output: io.stderr, withGuide: false };
  const unlessCancelled = async (answer: Promise<string | symbol>): Promise<string> => {
    const value = await answer;
    if (typeof value === 'string') return value;
    throw new CliError(EXIT.interrupted, 'Stopped. Nothing was saved.');
  };
  return {
    text: async (message, fallback) => {
      const { text } = await import('@clack/prompts');
      const given = fallback === undefined ? {} : { defaultValue: fallback, placeholder: fallback };
      return (await unlessCancelled(text({ ...common, ...given, message }))).trim();
    },
    secret: async (message) => {
      const { password } = await import('@clack/prompts');
      return unlessCancelled(password({ ...common, message, mask: '' }));
    },
    close: () => undefined,
  };
}

function pipedDialog(io: Io): Dialog {
  const lines = readLines(io.stdin, LONGEST_ANSWER);
  const next = async (question: string): Promise<string> => {
    writeLine(io.stderr, question);
    const { value, done } = await lines.next();
    if (done !== true) return value.text;
    throw new CliError(
      EXIT.usage,
      `There is no answer to: ${question}`,
      'Run pxa connect in a terminal, or hand over the answers as lines on standard input.',
    );
  };
  return {
    text: async (question, fallback) => {
      const answer = (await next(question)).trim();
      return answer === '' && fallback !== undefined ? fallback : answer;
    },
    secret: next,
    close: () => void lines.return(undefined),
  };
}
