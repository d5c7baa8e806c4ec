import type { Answer } from '@pxa/contract';
import { harmlessJson, harmlessLines, renderAnswer, type Style } from '@pxa/assistant/render';
import { askShowingCalls } from '../ask-once.ts';
import { getFrom, parseGet } from '../commands/get.ts';
import type { Io } from '../io.ts';
import { writeLine } from '../io.ts';
import type { GlobalOptions } from '../options.ts';
import { errorAnswer, exitCodeOf, requestProblem } from '../request.ts';
import type { ExitCode } from '../exit.ts';
import { asCliError, EXIT, isForeseen } from '../exit.ts';
import type { AskingSession } from '../session.ts';
import { paintFor, styleFor } from '../terminal/look.ts';
import type { PagerKey } from '../terminal/pager.ts';
import { page } from '../terminal/pager.ts';
import { Spinner } from '../terminal/spinner.ts';
import { type ChangeCommand, promptCommand, saysNo, saysYes } from './words.ts';

const HELP = `Say what you want to know, in your own words:
  show me all running VMs on pve-node01
  which one uses the most memory?          (goes on with the answer before)
  which guests are not backed up?
  how full is local-zfs on each node?

help      this
approve   carries out the plan that was just shown; cancel drops it
jobs      what was carried out; job ID shows one, job ID --follow goes on with it
undo ID   plans what takes a job back
approvals plans and what became of them
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
  #lastJob: string | undefined;

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
    const command = promptCommand(line);
    if (command === undefined) {
      if (/^\s*get\s+\//.test(line)) return this.#get(line, signal, nextKey);
      return this.#waitingPlan(line) ?? this.#ask(this.#optionSaid(line), signal, nextKey);
    }
    switch (command.do) {
      case 'exit':
        return 'exit';
      case 'help':
        writeLine(this.#io.stdout, HELP);
        return EXIT.answered;
      case 'explain':
        return this.#again((answer) => renderAnswer(answer, { ...this.#style(answer), explain: true }), nextKey);
      case 'json':
        return this.#again((answer) => harmlessJson(JSON.stringify(answer, null, 2)), nextKey);
      default:
        return this.#change(command, signal, nextLine);
    }
  }

  /** A plan waits for one word, and for no other: what only sounds like it is told so. */
  #waitingPlan(line: string): ExitCode | undefined {
    if (this.#last?.kind !== 'plan') return undefined;
    const { id } = this.#last.plan;
    if (saysYes(line)) writeLine(this.#io.stdout, `Nothing was done. To carry out ${id}, type: approve`);
    else if (saysNo(line)) writeLine(this.#io.stdout, `Nothing was done. To drop ${id}, type: cancel`);
    else return undefined;
    return EXIT.clarification;
  }

  /** Times are shown in the time zone of the server that told them. */
  #style(answer: Answer): Style {
    return { ...styleFor(this.#io, this.#options), timeZone: this.#session.assistant.timeZoneOf(answer) };
  }

  async #get(line: string, signal: AbortSignal, nextKey: (() => Promise<PagerKey>) | undefined): Promise<ExitCode> {
    return this.#told(async () => {
      const wanted = await parseGet(line.trim().split(/\s+/).slice(1));
      return getFrom(this.#io, this.#options, this.#session.cluster, wanted, { signal, nextKey });
    });
  }

  /** What is said of plans and jobs. */
  async #change(
    command: ChangeCommand,
    signal: AbortSignal,
    nextLine: (() => Promise<string | undefined>) | undefined,
  ): Promise<ExitCode> {
    const last = this.#last?.kind === 'plan' ? this.#last.plan.id : undefined;
    const { ChangeTalk } = await import('./change-talk.ts');
    const talk = new ChangeTalk(this.#io, this.#options, this.#session, { signal, nextLine });
    return this.#told(async () => {
      const { code, plan, job } = await talk.do(command, { plan: last, job: this.#lastJob });
      if (plan !== undefined) this.#last = plan === 'over' ? undefined : plan;
      this.#lastJob = job ?? this.#lastJob;
      return code;
    });
  }

  /** What ends a command only ends that line here. */
  async #told(work: () => Promise<ExitCode>): Promise<ExitCode> {
    try {
      return await work();
    } catch (error) {
      if (!isForeseen(error)) throw error;
      const { message, nextStep = '', exitCode } = asCliError(error);
      writeLine(this.#io.stdout, harmlessLines(`Error: ${message}\n${nextStep}`));
      return exitCode;
    }
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
