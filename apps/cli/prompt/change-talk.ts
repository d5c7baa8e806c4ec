import type { Answer } from '@pxa/contract';
import { doWithJob, listJobs } from '../commands/jobs.ts';
import { listApprovals } from '../commands/plans.ts';
import { approveAndRun, cancelPlan } from '../changes/decide.ts';
import { type ChangeDoor, tell } from '../changes/door.ts';
import { personName } from '../changes/options.ts';
import { tellAnswer } from '../changes/tell-answer.ts';
import { CliError, EXIT, type ExitCode, usageError } from '../exit.ts';
import type { Io } from '../io.ts';
import type { GlobalOptions } from '../options.ts';
import type { AskingSession } from '../session.ts';
import type { ChangeCommand } from './words.ts';

/** The plan that was shown last, and the job that was spoken of last. */
interface Last {
  readonly plan: string | undefined;
  readonly job: string | undefined;
}

/** How it went; the plan that is now the last shown (`over`: the one that was is decided), and the job. */
interface Told {
  readonly code: ExitCode;
  readonly plan?: Answer | 'over';
  readonly job?: string;
}

interface Person {
  readonly signal: AbortSignal;
  /** Asks for one more line; undefined where nobody sits at a keyboard. */
  readonly nextLine: (() => Promise<string | undefined>) | undefined;
}

/** The prompt's commands about plans and jobs: what a person types here, and nothing else, is their word. */
export class ChangeTalk {
  readonly #door: ChangeDoor;
  readonly #nextLine: Person['nextLine'];

  /** @throws CliError where nothing can be changed */
  constructor(io: Io, options: GlobalOptions, session: AskingSession, { signal, nextLine }: Person) {
    const { changes } = session.assistant;
    if (changes === undefined) throw usageError('Nothing can be changed through this door.');
    this.#door = { io, options, session, changes, signal, say: (command) => command };
    this.#nextLine = nextLine;
  }

  /** Does what was said. @throws CliError, StoreFailed */
  async do(command: ChangeCommand, last: Last): Promise<Told> {
    switch (command.do) {
      case 'approvals':
        return { code: await listApprovals(this.#door) };
      case 'jobs':
        return { code: await listJobs(this.#door) };
      case 'job':
        return { code: await doWithJob(this.#door, command.id, command.wish), job: command.id };
      case 'undo':
        return this.#undo(command.id ?? last.job);
      case 'approve':
        return this.#approve(command.id, last.plan);
      case 'cancel':
        return this.#cancel(command.id ?? last.plan);
    }
  }

  async #approve(said: string | undefined, shown: string | undefined): Promise<Told> {
    const { io, options, session } = this.#door;
    if (said !== undefined && said !== shown) {
      const next = `Outside of the prompt: pxa approve ${said}`;
      throw new CliError(EXIT.error, 'Only the plan that was shown last is approved here.', next);
    }
    if (shown === undefined) {
      throw new CliError(EXIT.error, 'There is no plan to approve.', 'Say first what is to be done.');
    }
    // What comes through a pipe, or is answered for a program, may be anybody's words: a program's, or a model's.
    if (options.json === true || (this.#nextLine === undefined && session.keeps === 'on disk')) {
      throw new CliError(EXIT.error, `A plan is approved at a terminal, or with: pxa approve ${shown}`);
    }
    const by = { name: personName(io), door: 'terminal' as const };
    const code = await approveAndRun(this.#door, shown, { by, askName: this.#askName() });
    const waits = (await this.#door.changes.plan(shown))?.approval.state === 'pending';
    const job = (await this.#door.changes.jobs()).find(({ plan_id: plan }) => plan === shown)?.id;
    return { code, ...(waits ? {} : { plan: 'over' as const }), ...(job === undefined ? {} : { job }) };
  }

  #askName(): ((question: string) => Promise<string>) | undefined {
    const ask = this.#nextLine;
    if (ask === undefined) return undefined;
    return async (question) => {
      tell(this.#door, question);
      return ((await ask()) ?? '').trim();
    };
  }

  async #cancel(id: string | undefined): Promise<Told> {
    if (id === undefined) {
      tell(this.#door, 'There is no plan to cancel. Nothing was changed.');
      return { code: EXIT.answered };
    }
    const code = await cancelPlan(this.#door, id, { name: personName(this.#door.io), door: 'terminal' });
    return { code, plan: 'over' };
  }

  async #undo(id: string | undefined): Promise<Told> {
    const { changes, session, signal } = this.#door;
    if (id === undefined)
      throw usageError(
        'Nothing was carried out here that could be taken back.',
        'undo ID takes back a job; jobs lists them.',
      );
    const command = await changes.undoing(id);
    if ('refused' in command) throw new CliError(EXIT.error, command.refused);
    const answer = await session.assistant.order(command, { signal });
    return { code: tellAnswer(this.#door, answer), plan: answer, job: id };
  }
}
