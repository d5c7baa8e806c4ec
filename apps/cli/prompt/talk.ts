import type { Answer } from '@pxa/contract';
import { harmlessJson, harmlessLines, renderAnswer, type Style } from '@pxa/assistant/render';
import { personName } from '../changes/options.ts';
import { askShowingCalls } from '../ask-once.ts';
import { getFrom, parseGet } from '../commands/get.ts';
import type { Io } from '../io.ts';
import { writeLine } from '../io.ts';
import type { GlobalOptions } from '../options.ts';
import { errorAnswer, exitCodeOf, requestProblem } from '../request.ts';
import type { ExitCode } from '../exit.ts';
import { CliError, EXIT } from '../exit.ts';
import type { AskingSession } from '../session.ts';
import { paintFor, styleFor } from '../terminal/look.ts';
import type { PagerKey } from '../terminal/pager.ts';
import { page } from '../terminal/pager.ts';
import { Spinner } from '../terminal/spinner.ts';
import { promptCommand } from './words.ts';

const HELP = `Say what you want to know, in your own words:
  show me all running VMs on pve-node01
  which one uses the most memory?          (goes on with the answer before)
  which guests are not backed up?
  how full is local-zfs on each node?

help      this
approve   carries out the plan that was just shown; cancel drops it
explain   where each figure of the last answer was read
json      the last answer as JSON
get PATH  any read of the Proxmox API: get /cluster/resources type=vm
exit      or Ctrl-D. Ctrl-C stops a request that is running.`;

/** A conversation: what was answered last, and what a line that comes now means. */
export class Talk {
  readonly #io: Io;
  readonly #options: GlobalOptions;
  readonly #session: AskingSession;
  #conversation: string | undefined;
  #last: Answer | undefined;

  constructor(io: Io, options: GlobalOptions, session: AskingSession) {
    this.#io = io;
    this.#options = options;
    this.#session = session;
    this.#conversation = options.conversation;
  }

  /** Does what a line says; 'exit' where it says to end, else how it went. */
  async say(
    line: string,
    signal: AbortSignal,
    nextKey: (() => Promise<PagerKey>) | undefined,
    nextLine?: () => Promise<string | undefined>,
  ): Promise<ExitCode | 'exit'> {
    switch (promptCommand(line)) {
      case 'exit':
      case 'quit':
        return 'exit';
      case 'help':
        writeLine(this.#io.stdout, HELP);
        return EXIT.answered;
      case 'explain':
        return this.#again((answer) => renderAnswer(answer, { ...this.#style(answer), explain: true }), nextKey);
      case 'json':
        return this.#again((answer) => harmlessJson(JSON.stringify(answer, null, 2)), nextKey);
      case 'approve':
        return this.#approve(signal, nextLine);
      case 'cancel':
        return this.#cancel();
      case undefined:
        if (/^\s*get\s+\//.test(line)) return this.#get(line, signal, nextKey);
        return this.#ask(this.#optionSaid(line), signal, nextKey);
    }
  }

  /** Times are shown in the time zone of the server that told them. */
  #style(answer: Answer): Style {
    return { ...styleFor(this.#io, this.#options), timeZone: this.#session.assistant.timeZoneOf(answer) };
  }

  async #get(line: string, signal: AbortSignal, nextKey: (() => Promise<PagerKey>) | undefined): Promise<ExitCode> {
    try {
      const wanted = await parseGet(line.trim().split(/\s+/).slice(1));
      return await getFrom(this.#io, this.#options, this.#session.cluster, wanted, { signal, nextKey });
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      writeLine(this.#io.stdout, harmlessLines(`Error: ${error.message}\n${error.nextStep ?? ''}`));
      return error.exitCode;
    }
  }

  /** Approves the plan that was shown last: what a person types here, and nothing else, is their word. */
  async #approve(signal: AbortSignal, nextLine: (() => Promise<string | undefined>) | undefined): Promise<ExitCode> {
    const { changes } = this.#session.assistant;
    const plan = this.#last?.kind === 'plan' ? this.#last.plan : undefined;
    if (changes === undefined || plan === undefined) {
      writeLine(this.#io.stdout, 'There is no plan to approve: say first what is to be done.');
      return EXIT.error;
    }
    // What comes through a pipe may be anybody's words: a program's, or a model's.
    if (nextLine === undefined && this.#session.keeps === 'on disk') {
      writeLine(this.#io.stdout, `A plan is approved at a terminal, or with: pxa approve ${plan.id}`);
      return EXIT.error;
    }
    const by = { name: personName(this.#io), door: 'terminal' as const };
    const askName =
      nextLine &&
      (async (question: string): Promise<string> => {
        writeLine(this.#io.stdout, harmlessLines(question));
        return (await nextLine()) ?? '';
      });
    const { approveAndRun } = await import('../changes/decide.ts');
    const code = await approveAndRun(this.#io, changes, { id: plan.id, by, askName, signal });
    if (code === EXIT.answered) this.#last = undefined;
    return code;
  }

  async #cancel(): Promise<ExitCode> {
    const { changes } = this.#session.assistant;
    if (changes === undefined || this.#last?.kind !== 'plan') {
      writeLine(this.#io.stdout, 'There is no plan to cancel. Nothing was changed.');
      return EXIT.answered;
    }
    const decided = await changes.cancel(this.#last.plan.id, { name: personName(this.#io), door: 'terminal' });
    writeLine(this.#io.stdout, decided.ok ? 'Cancelled. Nothing was changed.' : harmlessLines(decided.refused));
    this.#last = undefined;
    return EXIT.answered;
  }

  async #again(draw: (answer: Answer) => string, nextKey: (() => Promise<PagerKey>) | undefined): Promise<ExitCode> {
    if (this.#last === undefined) writeLine(this.#io.stdout, 'Nothing has been answered yet.');
    else await page(draw(this.#last), this.#io.stdout, nextKey);
    return EXIT.answered;
  }

  /** After a question back, the number of an option stands for what that option says. */
  #optionSaid(line: string): string {
    const last = this.#last;
    if (last?.kind !== 'clarification' || !/^\s*\d{1,2}[.)]?\s*$/.test(line)) return line;
    return last.clarification.options[parseInt(line, 10) - 1]?.say ?? line;
  }

  async #ask(line: string, signal: AbortSignal, nextKey: (() => Promise<PagerKey>) | undefined): Promise<ExitCode> {
    const answer = await this.#answer(line, signal);
    if (signal.aborted) {
      writeLine(this.#io.stdout, 'Stopped. Nothing was changed.');
      return EXIT.interrupted;
    }
    this.#last = answer;
    if (this.#options.json === true) writeLine(this.#io.stdout, harmlessJson(JSON.stringify(answer)));
    else await page(renderAnswer(answer, this.#style(answer)), this.#io.stdout, nextKey);
    return exitCodeOf(answer);
  }

  async #answer(line: string, signal: AbortSignal): Promise<Answer> {
    const problem = requestProblem(line);
    if (problem !== undefined) return errorAnswer(line, this.#conversation ?? this.#io.id(), problem);
    const request =
      this.#conversation === undefined ? { request: line } : { request: line, conversation_id: this.#conversation };
    const { dim } = paintFor(this.#io.stdout, this.#io.env, this.#options);
    const isQuiet = this.#options.quiet === true || this.#options.json === true;
    const display = { isQuiet, paint: dim, spinner: new Spinner(this.#io) };
    const answer = await askShowingCalls(this.#io, this.#session.assistant, request, display, signal);
    this.#conversation = answer.conversation_id;
    return answer;
  }
}
