import type { Job } from '@pxa/contract';
import {
  formatMoment,
  harmless,
  plural,
  renderJob,
  renderJobEvent,
  shortSays,
  type Style,
} from '@pxa/assistant/render';
import { type ChangeDoor, tell, tellCut, tellJson, withChanges } from '../changes/door.ts';
import { followJob } from '../changes/follow.ts';
import { leftNotice } from '../changes/left.ts';
import { personName } from '../changes/options.ts';
import { isEnded } from '../changes/progress.ts';
import { tellAnswer } from '../changes/tell-answer.ts';
import { CliError, EXIT, type ExitCode, usageError } from '../exit.ts';
import { type Io, writeLine, written } from '../io.ts';
import type { GlobalOptions } from '../options.ts';
import { styleFor } from '../terminal/look.ts';

const mostSays = 90;
/** So many of the last events are shown with a job. */
const mostEvents = 40;

/** `pxa jobs`: what was carried out, newest first, and how to go on with what was left. With --json, the jobs. */
export function jobs(io: Io, options: GlobalOptions): Promise<ExitCode> {
  return withChanges(io, options, listJobs);
}

/** Lists what was carried out, and says what was left. */
export async function listJobs(door: ChangeDoor): Promise<ExitCode> {
  const list = await door.changes.jobs();
  tellCut(door, list);
  if (door.options.json === true) return tellJson(door, list);
  if (list.length === 0) tell(door, 'Nothing has been carried out yet.');
  for (const { id, state, says, created_at: at } of list) {
    tell(door, harmless(`${id}  ${state.padEnd(9)}  ${formatMoment(at)}  ${shortSays(says, mostSays)}`));
  }
  const left = await door.changes.left();
  const held = list.filter((each) => !isEnded(each) && !left.some(({ id }) => id === each.id)).length;
  if (held > 0) {
    const watch = `${door.say('job ID --follow')} watches, and goes on within a minute should the process have died.`;
    tell(door, `${plural(held, 'job')} not ended that a process works on: ${watch}`);
  }
  const notice = leftNotice(left, door.say);
  if (notice !== undefined) tell(door, notice);
  return EXIT.answered;
}

/** `pxa job ID [--events|--follow|--cancel]`: one job; all that happened in it; on to its end; or its end at once. */
export function job(
  io: Io,
  options: GlobalOptions,
  [id = '']: string[],
  own: Record<string, unknown>,
): Promise<ExitCode> {
  const wish = (['cancel', 'follow', 'events'] as const).find((each) => own[each] === true) ?? 'show';
  return withChanges(io, options, (door) => doWithJob(door, id, wish));
}

/** What is done with one job. */
export type JobWish = 'show' | 'events' | 'follow' | 'cancel';

/** Shows a job or all that happened in it, goes on with it to its end, or has it stop. */
export async function doWithJob(door: ChangeDoor, id: string, wish: JobWish): Promise<ExitCode> {
  const found = await door.changes.job(id);
  if (found === undefined) throw usageError(`There is no job ${id}.`, `${door.say('jobs')} lists them.`);
  if (wish === 'cancel') return stopJob(door, found);
  if (wish === 'events') return listEvents(door, id);
  if (wish === 'follow' && !isEnded(found)) return followJob(door, id);
  return door.options.json === true ? tellJson(door, found) : showJob(door, found);
}

async function stopJob(door: ChangeDoor, { id }: Job): Promise<ExitCode> {
  const isAsked = await door.changes.cancelJob(id, { name: personName(door.io), door: 'command_line' });
  if (!isAsked) throw new CliError(EXIT.error, `Job ${id} has ended already.`, `${door.say(`job ${id}`)} shows how.`);
  // Whoever works on it stops it; where nobody does, we do.
  return followJob(door, id);
}

async function showJob(door: ChangeDoor, found: Job): Promise<ExitCode> {
  const { io, changes, session, say } = door;
  const record = (await changes.plan(found.plan_id))?.record;
  const says = record?.plan.steps.map((step) => step.says) ?? [];
  const undo = 'refused' in (await changes.undoing(found.id)) ? undefined : say(`undo ${found.id}`);
  const events = await changes.lastEvents(found.id, mostEvents);
  const to = { now: session.now(), undo, all: say(`job ${found.id} --events`), style: styleOf(door) };
  for (const line of renderJob({ job: found, says, events }, to)) writeLine(io.stdout, line);
  return EXIT.answered;
}

const styleOf = ({ io, options }: ChangeDoor): Style => ({ ...styleFor(io, options), bars: false });

/** All that happened in a job, page by page, as it was kept. With --json, an event a line. */
async function listEvents(door: ChangeDoor, id: string): Promise<ExitCode> {
  const { changes, io, options, signal } = door;
  const style = styleOf(door);
  for (let last = 0; !signal.aborted;) {
    const page = await changes.events(id, last);
    if (page.length === 0) return EXIT.answered;
    for (const event of page) {
      if (options.json === true) tellJson(door, event);
      else for (const line of renderJobEvent(event, style)) writeLine(io.stdout, line);
    }
    await written(io.stdout);
    last = page.at(-1)?.seq ?? last;
  }
  return EXIT.interrupted;
}

/** `pxa undo JOB`: a plan that takes a job back, to be approved like any other. */
export function undo(io: Io, options: GlobalOptions, [id = '']: string[]): Promise<ExitCode> {
  return withChanges(io, options, async (door) => {
    if ((await door.changes.job(id)) === undefined) {
      throw usageError(`There is no job ${id}.`, `${door.say('jobs')} lists them.`);
    }
    const command = await door.changes.undoing(id);
    if ('refused' in command)
      throw new CliError(EXIT.error, command.refused, `${door.say('jobs')} lists what was done.`);
    return tellAnswer(door, await door.session.assistant.order(command, { signal: door.signal }));
  });
}
