import {
  type Cell,
  type Draft,
  isUnknown,
  pointer,
  type Reading,
  type Rec,
  type Unknown,
  unknownCell,
} from '../kit/index.ts';
import { dayOf } from './findings.ts';
import { guestsIn } from '../guests/asked.ts';
import { type Job, jobByCommand, jobBySchedule, jobOf, type Jobs, readJobs, zoneOf } from './jobs-of.ts';
import { logOf, readRuns, type Run } from './runs.ts';
import type { VzdumpLog } from './vzdump-log.ts';

const week = 7 * 86_400;
/** Nodes begin their parts of one run within a minute; jobs that wait for each other drift a little. */
const sameRun = 900;

/** One run of a job: its parts on the nodes that have guests of it. */
interface JobRun {
  readonly start: number;
  readonly parts: Run[];
}

/**
 * How a job has fared: its last run, and over a window (the last 7 days, unless the question names another) how many
 * runs there were and which failed, with the exact error lines from the logs of those that failed.
 */
export async function jobRunsOf(reading: Reading, row: Draft): Promise<Rec | Unknown> {
  const base = row.recs['base'];
  if (base === undefined || isUnknown(base)) return { unknown: 'the job was not read' };
  const job = jobOf(base);
  const resources = await reading.list('/cluster/resources', {});
  const guests = resources.ok ? guestsIn(resources.data) : [];
  const known: Jobs = { ...(await readJobs(reading)), guests, offset: await zoneOf(reading) };
  const from = reading.window?.from ?? reading.range('last_run').from ?? reading.now - week;
  const to = reading.window?.to ?? reading.range('last_run').to ?? reading.now;
  const tasks = await readRuns(reading, {}, 'backup runs');
  const mine = await reading.each(tasks, async (run) => (await jobIdOf(reading, run, known, from)) === job.id);
  const runs = grouped(tasks.filter((_run, index) => mine[index]));
  const inWindow = runs.filter(({ start, parts }) => lastOf(parts) >= from && start <= to);
  const listed = `tasks of type vzdump, job ${job.id}`;
  if (runs.length === 0) return { data: noRuns(job, tasks, listed, base), at: base.at };
  return {
    data: { ...(await windowCells(reading, inWindow, known.offset ?? 0, listed, base)), ...lastCells(runs) },
    at: base.at,
  };
}

/** The job of a run: by its schedule; where that does not tell, by its log, which is read only inside the window. */
async function jobIdOf(reading: Reading, run: Run, known: Jobs, from: number): Promise<string | undefined> {
  const scheduled = jobBySchedule(known, run)?.job.id;
  if (run.start < from || (scheduled !== undefined && run.status === 'ok')) return scheduled;
  const log = await logOf(reading, run);
  if ('unknown' in log || log.command === undefined) return scheduled;
  return jobByCommand(known, run, log.command)?.job.id;
}

function grouped(runs: readonly Run[]): JobRun[] {
  const found: JobRun[] = [];
  for (const run of [...runs].sort((a, b) => b.start - a.start)) {
    const last = found.at(-1);
    if (last !== undefined && last.start - run.start <= sameRun) last.parts.push(run);
    else found.push({ start: run.start, parts: [run] });
  }
  return found;
}

const lastOf = (parts: readonly Run[]): number => Math.max(...parts.map(({ end, start }) => end ?? start));

function stateOf(parts: readonly Run[]): 'running' | 'failed' | 'warning' | 'ok' {
  for (const state of ['failed', 'running', 'warning'] as const)
    if (parts.some(({ status }) => status === state)) return state;
  return 'ok';
}

const placesOf = (parts: readonly Run[], key: string): string =>
  parts.map(({ rec }) => pointer(rec.at, key)).join(', ');

function noRuns(job: Job, tasks: readonly Run[], listed: string, base: Rec): Record<string, Cell> {
  const why = job.enabled
    ? `none of the ${tasks.length} backup tasks that the nodes keep is of it`
    : 'it is disabled, and no run of it is kept';
  const none = unknownCell(why);
  const zero: Cell = { value: 0, at: `count of ${listed}: ${base.at}` };
  return {
    last_run: none,
    last_started: none,
    last_status: none,
    outcome: { value: job.enabled ? 'no run' : 'disabled', at: base.at },
    runs: zero,
    failed_runs: zero,
    failures: { value: [], at: zero.at },
  };
}

function lastCells(runs: readonly JobRun[]): Record<string, Cell> {
  const last = runs[0];
  if (last === undefined) return {};
  const running = last.parts.some(({ end }) => end === undefined);
  return {
    last_started: { value: last.start, at: placesOf(last.parts, 'starttime') },
    last_run: running
      ? { value: last.start, at: placesOf(last.parts, 'starttime') }
      : { value: lastOf(last.parts), at: `latest of ${placesOf(last.parts, 'endtime')}` },
    last_status: { value: stateOf(last.parts), at: placesOf(last.parts, 'status') },
  };
}

async function windowCells(
  reading: Reading,
  runs: readonly JobRun[],
  offset: number,
  listed: string,
  base: Rec,
): Promise<Record<string, Cell>> {
  const finished = runs.filter(({ parts }) => stateOf(parts) !== 'running');
  const failed = finished.filter(({ parts }) => stateOf(parts) === 'failed');
  const failures = (await reading.each(failed, (run) => failuresOf(reading, run, offset))).flat();
  const at = runs.length === 0 ? base.at : runs.map(({ parts }) => placesOf(parts, 'status')).join(', ');
  const good = finished.length - failed.length;
  const word =
    runs.length === 0
      ? 'no run in this time'
      : failed.length > 0
        ? `WARN (${good}/${finished.length} runs)`
        : `OK (${good}/${finished.length} runs)`;
  return {
    runs: { value: finished.length, at: `count of ${listed}: ${at}` },
    failed_runs: { value: failed.length, at: `count of those that failed: ${at}` },
    outcome: { value: word, at: `runs without failure / runs: ${at}` },
    failures: { value: merged(failures), at: failures.length > 0 ? failures.map((each) => each.at).join(', ') : at },
  };
}

interface Failure {
  /** `VM 103 (docker-host-01)`, or the node where no guest is named. */
  readonly who: string;
  readonly day: string;
  readonly error: string;
  readonly at: string;
}

async function failuresOf(reading: Reading, { parts }: JobRun, offset: number): Promise<Failure[]> {
  const found = await reading.each(
    parts.filter(({ status }) => status === 'failed'),
    async (run) => {
      const log = await logOf(reading, run);
      const day = dayOf(run.start, offset);
      const whole = {
        who: `the run on ${run.node}`,
        day,
        error: String(run.rec.data['status']),
        at: pointer(run.rec.at, 'status'),
      };
      if ('unknown' in log) return [whole];
      const named = log.guests.filter(({ status }) => status === 'failed').map((guest) => failureOf(guest, day));
      if (named.length > 0) return named;
      return [log.taskError ? { ...whole, error: log.taskError.text, at: log.taskError.at } : whole];
    },
  );
  return found.flat();
}

function failureOf(guest: VzdumpLog['guests'][number], day: string): Failure {
  const kind = guest.type === 'lxc' ? 'CT' : 'VM';
  const name = guest.name === undefined ? '' : ` (${guest.name})`;
  return { who: `${kind} ${guest.vmid}${name}`, day, error: guest.error ?? '', at: guest.at };
}

/** `VM 103 failed on Feb 21. Error: "…"`; the same failure on several days is told once. */
function merged(failures: readonly Failure[]): string[] {
  const days = new Map<string, Failure[]>();
  for (const failure of failures) {
    const key = `${failure.who}\n${failure.error}`;
    const same = days.get(key);
    if (same) same.push(failure);
    else days.set(key, [failure]);
  }
  return [...days.values()].map((same) => {
    const first = same[0] as Failure;
    const on = same.map(({ day }) => day).reverse();
    const text = on.length === 1 ? on[0] : `${on.slice(0, -1).join(', ')} and ${on.at(-1) ?? ''}`;
    return `${first.who} failed on ${text ?? ''}. Error: "${first.error}"`;
  });
}
