import type { Job, JobEvent } from '@pxa/contract';
import type { Changes } from '@pxa/assistant';
import { renderJobEnd, shortSays } from '@pxa/assistant/render';
import { CliError, EXIT, type ExitCode } from '../exit.ts';
import { writeLine } from '../io.ts';
import { styleFor } from '../terminal/look.ts';
import { type ChangeDoor, tell, tellJson } from './door.ts';
import { isEnded, type Progress, progressFor } from './progress.ts';

/** How often it is looked for news of a job that another process works on. */
const watchEveryMs = 1_000;
const mostSays = 90;

/**
 * Carries a job out to its end, or watches it while another process does, and tells how it ended. On Ctrl-C it is left
 * as it stands, and it is said how to go on.
 */
export async function followJob(door: ChangeDoor, jobId: string): Promise<ExitCode> {
  const job = await jobHere(door, jobId);
  if (door.options.json !== true && !isEnded(job)) {
    tell(
      door,
      `Job ${job.id}: ${shortSays(job.says, mostSays)}. Ctrl-C leaves it; ${goOn(door, job.id)} goes on with it.`,
    );
  }
  const ended = await toItsEnd(door, job);
  if (ended === undefined) return left(door, jobId);
  if (door.options.json === true) tellJson(door, ended);
  else await tellEnd(door, ended);
  return codeOf(ended);
}

/** How a command ends for a job that has ended. */
function codeOf({ state, proof }: Job): ExitCode {
  return state === 'done' && proof?.outcome !== 'unverified' ? EXIT.answered : EXIT.error;
}

const goOn = ({ say }: ChangeDoor, id: string): string => say(`job ${id} --follow`);

/** A job of the cluster behind this connection. @throws CliError */
async function jobHere({ changes, say }: ChangeDoor, id: string): Promise<Job> {
  const job = await changes.job(id);
  if (job === undefined) throw new CliError(EXIT.usage, `There is no job ${id}.`, `${say('jobs')} lists them.`);
  if (isEnded(job)) return job;
  const here = await changes.clusterId();
  if (job.cluster === here) return job;
  const next = 'Choose its connection with --connection.';
  throw new CliError(EXIT.error, `Job ${id} is for ${job.cluster}, and this is ${here}.`, next);
}

/** The job as it ended; undefined where it was left before. */
async function toItsEnd(door: ChangeDoor, begun: Job): Promise<Job | undefined> {
  const { changes, io, signal } = door;
  const news = await News.of(changes, begun, progressFor(door));
  try {
    for (;;) {
      const job = await attempt(door, begun.id, () => void news.look());
      if (job !== undefined && isEnded(job)) return job;
      if (signal.aborted) return undefined;
      // Another process works on it: watched until it has ended, or has let go of it.
      await news.look();
      await io.sleep(watchEveryMs, signal);
    }
  } finally {
    await news.close();
  }
}

/** The job as our run left it; undefined where the run was broken off, or another process has taken it over. */
async function attempt(door: ChangeDoor, jobId: string, onEvent: () => void): Promise<Job | undefined> {
  const { changes, signal, io, options } = door;
  // Beside the answer where that is for programs: those who read it may well keep it.
  const onSecret = ({ about, value }: { about: string; value: string }): void =>
    writeLine(
      options.json === true ? io.stderr : io.stdout,
      `${about}: ${value}\n  It is shown this once, and kept nowhere.`,
    );
  try {
    return await changes.carryOut(jobId, { signal, onEvent, onSecret });
  } catch (error) {
    // By their names: their classes are behind a door that is closed to this one.
    if (error instanceof Error && /^(?:RunInterrupted|ClaimLost)$/.test(error.name)) return undefined;
    throw error;
  }
}

/** What the store has to tell of a job, read in order and one look at a time: what is shown is what was kept. */
class News {
  readonly #changes: Changes;
  readonly #jobId: string;
  readonly #says: readonly string[];
  readonly #progress: Progress;
  #last: number;
  #looking: Promise<void> = Promise.resolve();
  #isWanted = false;

  private constructor(changes: Changes, of: { jobId: string; says: readonly string[]; last: number }, to: Progress) {
    this.#changes = changes;
    this.#jobId = of.jobId;
    this.#says = of.says;
    this.#last = of.last;
    this.#progress = to;
  }

  /** News from now on: of a job that was left, what has happened before is no news. */
  static async of(changes: Changes, job: Job, to: Progress): Promise<News> {
    const found = await changes.plan(job.plan_id);
    const says = found?.record.plan.steps.map((step) => step.says) ?? [];
    const news = new News(changes, { jobId: job.id, says, last: 0 }, to);
    if (job.state !== 'queued') await news.#unread();
    return news;
  }

  /** Looks and shows; asked again while it looks, it looks once more. */
  look(): Promise<void> {
    if (this.#isWanted) return this.#looking;
    this.#isWanted = true;
    this.#looking = this.#looking
      .catch(() => undefined)
      .then(async () => {
        this.#isWanted = false;
        const events = await this.#unread();
        const job = await this.#changes.job(this.#jobId);
        if (job !== undefined) this.#progress.show({ job, says: this.#says }, events);
      });
    // Who waits for it hears of a failure; who does not will meet with it at the next write.
    this.#looking.catch(() => undefined);
    return this.#looking;
  }

  async close(): Promise<void> {
    await this.look().catch(() => undefined);
    this.#progress.end();
  }

  async #unread(): Promise<JobEvent[]> {
    const unread: JobEvent[] = [];
    for (;;) {
      const page = await this.#changes.events(this.#jobId, this.#last);
      const last = page.at(-1);
      if (last === undefined) return unread;
      unread.push(...page);
      this.#last = last.seq;
    }
  }
}

/** How a job ended, for a person. */
async function tellEnd(door: ChangeDoor, job: Job): Promise<void> {
  const { io, options, changes, say } = door;
  const undo = 'refused' in (await changes.undoing(job.id)) ? undefined : say(`undo ${job.id}`);
  for (const line of renderJobEnd(job, { undo, style: styleFor(io, options) })) writeLine(io.stdout, line);
}

function left(door: ChangeDoor, id: string): ExitCode {
  const { io, options, say } = door;
  const lines = [
    `Job ${id} was left as it stands: what Proxmox has begun goes on, and nothing more is sent.`,
    `  To go on with it: ${goOn(door, id)}`,
    `  To stop it:       ${say(`job ${id} --cancel`)}`,
  ];
  // Whoever reads JSON from standard output reads no words there.
  for (const line of lines) writeLine(options.json === true ? io.stderr : io.stdout, line);
  return EXIT.interrupted;
}
