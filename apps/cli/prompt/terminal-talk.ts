import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import type { Interface } from 'node:readline/promises';
import { harmlessLines } from '@pxa/assistant/render';
import { leftNotice } from '../changes/left.ts';
import { storeFile } from '../changes/options.ts';
import { EXIT } from '../exit.ts';
import type { ExitCode } from '../exit.ts';
import { apiFacts } from '../backend.ts';
import type { Io } from '../io.ts';
import { writeLine } from '../io.ts';
import type { GlobalOptions } from '../options.ts';
import type { AskingSession } from '../session.ts';
import { paintFor } from '../terminal/look.ts';
import type { PagerKey } from '../terminal/pager.ts';
import { pagerKey } from '../terminal/pager.ts';
import { loadHistory, saveHistory } from './history.ts';
import { QuietOutput } from './quiet-output.ts';
import type { Talk } from './talk.ts';
import { allNames, completeLine } from './words.ts';

/** The prompt at a terminal, until Ctrl-D or `exit`. Lines that arrive together, as from a paste, are taken one after the other. */
export async function talkAtTerminal(
  io: Io,
  options: GlobalOptions,
  session: AskingSession,
  talk: Talk,
): Promise<ExitCode> {
  const output = new QuietOutput(io.stdout);
  const paint = paintFor(io.stdout, io.env, options);
  const rl = createInterface({
    input: io.stdin,
    output,
    terminal: true,
    history: await loadHistory(io),
    historySize: 1000,
    removeHistoryDuplicates: true,
    prompt: paint.cyan('> '),
    completer: completerOf(session),
  });
  writeLine(
    io.stdout,
    `${paint.bold('pxa')} on ${session.label}. Ask in your own words; ${paint.bold('help')} shows how, Ctrl-D ends.`,
  );
  const left = await sayLeft(io, session);
  if (left !== undefined) writeLine(io.stdout, harmlessLines(left));
  const terminal = new PromptTerminal(io, rl, output);
  try {
    await terminal.run((line, signal) => talk.say(line, signal, terminal.nextKey, terminal.nextLine));
    return EXIT.answered;
  } finally {
    rl.close();
    await saveHistory(io, terminal.said);
  }
}

/** What another process left before its end: looked for where there is a store already, and nothing is made for it. */
async function sayLeft(io: Io, { assistant, keeps }: AskingSession): Promise<string | undefined> {
  if (keeps !== 'on disk' || assistant.changes === undefined || !existsSync(storeFile(io.env))) return undefined;
  try {
    return leftNotice(await assistant.changes.left(), (command) => command);
  } catch (error) {
    // Questions can be asked all the same.
    return error instanceof Error ? error.message : String(error);
  }
}

type Say = (line: string, signal: AbortSignal) => Promise<ExitCode | 'exit'>;

/** Lines and keys of the terminal: to the prompt while it waits, to the pager while it pages. */
class PromptTerminal {
  readonly said: string[] = [];
  readonly #io: Io;
  readonly #rl: Interface;
  readonly #output: QuietOutput;
  readonly #waiting: string[] = [];
  #wake: (() => void) | undefined;
  #isClosed = false;
  #running: AbortController | undefined;
  #onKey: ((key: PagerKey) => void) | undefined;

  constructor(io: Io, rl: Interface, output: QuietOutput) {
    this.#io = io;
    this.#rl = rl;
    this.#output = output;
    rl.on('line', (line) => this.#takeLine(line));
    rl.on('close', () => this.#close());
    rl.on('SIGINT', () => this.#interrupt());
    io.stdin.on('keypress', (_text: string | undefined, key: { sequence?: string } | undefined) => {
      const meaning = pagerKey(key?.sequence ?? '');
      if (meaning !== undefined) this.#onKey?.(meaning);
    });
  }

  /** Hands each line on, one at a time, until the end. */
  async run(say: Say): Promise<void> {
    for (let line = await this.#next(); line !== undefined; line = await this.#next()) {
      if (line.trim() === '') continue;
      this.said.push(line);
      const running = new AbortController();
      this.#running = running;
      this.#output.isMuted = true;
      try {
        if ((await say(line, running.signal)) === 'exit') return;
      } finally {
        this.#running = undefined;
        this.#output.isMuted = false;
      }
      writeLine(this.#io.stdout, '');
    }
    writeLine(this.#io.stdout, '');
  }

  /** The next key that means something to the pager. What it leaves in readline's line is wiped. */
  readonly nextKey = (): Promise<PagerKey> =>
    new Promise((resolve) => {
      this.#onKey = (key) => {
        this.#onKey = undefined;
        resolve(key);
      };
    }).then((key) => {
      this.#rl.write(null, { ctrl: true, name: 'u' });
      // The promise above is resolved with keys alone.
      return key as PagerKey;
    });

  /** One more line, for a question that a command asks. */
  readonly nextLine = (): Promise<string | undefined> => {
    this.#output.isMuted = false;
    return this.#next().finally(() => (this.#output.isMuted = true));
  };

  #next(): Promise<string | undefined> {
    const line = this.#waiting.shift();
    if (line !== undefined) {
      // It was typed while something else was answered: repeated, so that its answer stands below it.
      writeLine(this.#io.stdout, `${this.#rl.getPrompt()}${line}`);
      return Promise.resolve(line);
    }
    if (this.#isClosed) return Promise.resolve(undefined);
    this.#rl.prompt(true);
    return new Promise((resolve) => {
      this.#wake = () => resolve(this.#waiting.shift());
    });
  }

  #takeLine(line: string): void {
    if (this.#onKey !== undefined) return;
    this.#waiting.push(line);
    this.#wakeUp();
  }

  #close(): void {
    this.#isClosed = true;
    this.#running?.abort();
    this.#wakeUp();
  }

  #wakeUp(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  #interrupt(): void {
    this.#onKey?.('stop');
    if (this.#running !== undefined) {
      this.#running.abort();
      this.#waiting.length = 0;
      return;
    }
    const isEmpty = this.#rl.line === '';
    this.#rl.write(null, { ctrl: true, name: 'u' });
    if (isEmpty) writeLine(this.#io.stdout, '\n(Ctrl-D ends.)');
    this.#rl.prompt(false);
  }
}

/** Completes from the cluster's live names; they are asked for at the first Tab, and a failure only means none. */
function completerOf(session: AskingSession): (line: string) => Promise<[string[], string]> {
  let known: Promise<{ names: string[]; routes: readonly string[] }> | undefined;
  const load = async (): Promise<{ names: string[]; routes: readonly string[] }> => {
    const [names, facts] = await Promise.all([session.assistant.names().then(allNames, () => []), apiFacts()]);
    return { names, routes: facts.allRoutes() };
  };
  return async (line) => {
    known ??= load();
    const { names, routes } = await known;
    return completeLine(line, names, session.assistant.starters(), routes);
  };
}
