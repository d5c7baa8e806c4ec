import { guestsIn } from '../guests/asked.ts';
import { type Cell, draft, type Draft, pointer, type Reading, type RowsReader, unknownCell } from '../kit/index.ts';
import { jobByCommand, jobBySchedule, type Jobs, type Match, readJobs, zoneOf } from './jobs-of.ts';
import { logOf, readRuns, type Run } from './runs.ts';
import type { LoggedGuest, VzdumpLog } from './vzdump-log.ts';

/**
 * One row for each guest of each run. Which guests a run took, and how each fared, only its log tells; logs are read of
 * the runs that the question leaves over: of a question about failures, those that failed.
 */
export const runRows: RowsReader = async (reading) => {
  const { from, to } = { ...reading.range('started'), ...reading.window };
  const span = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  const runs = (await readRuns(reading, span, 'backup runs')).filter((run) => isAsked(reading, run));
  const known = await readKnown(reading, runs.length);
  const rows = await reading.each(runs, (run) => rowsOfRun(reading, run, known));
  return rows.flat();
};

async function readKnown(reading: Reading, runs: number): Promise<Jobs> {
  if (runs === 0) return { guests: [], jobs: [], offset: undefined };
  const resources = await reading.list('/cluster/resources', {});
  const guests = resources.ok ? guestsIn(resources.data) : [];
  if (!reading.wants('job') && !reading.wants('storage')) return { guests, jobs: [], offset: undefined };
  const { jobs, why, nextStep } = await readJobs(reading);
  if (why !== undefined) reading.lacks('the backup jobs that runs belong to', why, nextStep);
  return { guests, jobs, offset: await zoneOf(reading) };
}

/** A run that went well took no failed guest; one about a single guest took no other. */
function isAsked(reading: Reading, run: Run): boolean {
  const [status, guests] = [reading.only('status'), reading.only('guest')];
  if (guests !== undefined && run.vmid !== undefined && !guests.some((id) => endsWithId(id, run.vmid ?? 0)))
    return false;
  if (status === undefined) return true;
  if (run.status === 'ok' || run.status === 'running') return status.includes(run.status) || mixed(run, status);
  return run.status === 'failed' ? true : status.includes('warning') || status.includes('ok');
}

/** A running backup of several guests may have finished or failed some of them. */
function mixed(run: Run, status: readonly (string | number)[]): boolean {
  return run.status === 'running' && run.vmid === undefined && status.length > 0;
}

const endsWithId = (id: string | number, vmid: number): boolean => String(id).split('/')[1] === String(vmid);

async function rowsOfRun(reading: Reading, run: Run, known: Jobs): Promise<Draft[]> {
  const scheduled = jobBySchedule(known, run);
  const log = needsLog(reading, run, known, scheduled) ? await logOf(reading, run) : undefined;
  const read = log && !('unknown' in log) ? log : undefined;
  const match = read?.command ? jobByCommand(known, run, read.command) : scheduled;
  const common = runCells(run, match, read, known);
  const guests = read?.guests ?? [];
  if (guests.length === 0) {
    const why = log === undefined ? undefined : 'unknown' in log ? log.unknown : 'its log names no guest';
    return [wholeRun(run, common, known, read, why)];
  }
  // The run itself stands for its first failed guest, else for its first: an answer about failures then has its id.
  const first = guests.find(({ status }) => status === 'failed') ?? guests[0];
  return guests.map((guest) => guestRow(run, guest, guest === first, common, known));
}

function needsLog(reading: Reading, run: Run, { jobs }: Jobs, scheduled: Match | undefined): boolean {
  if (run.vmid === undefined || run.status === 'failed' || run.status === 'warning') return true;
  if (reading.wants('size') || reading.wants('archive')) return run.status !== 'running';
  return reading.wants('job') && jobs.length > 0 && scheduled === undefined && run.status !== 'running';
}

function runCells(
  run: Run,
  match: Match | undefined,
  log: VzdumpLog | undefined,
  { jobs }: Jobs,
): Record<string, Cell> {
  const at = pointer(run.rec.at, 'starttime');
  const job: Cell = match
    ? { value: match.job.id, at: match.by }
    : { value: '', at: `no job of ${jobs.length} has its schedule or its guests: ${at}` };
  const command = log?.command;
  const storage: Cell =
    command?.storage !== undefined
      ? { value: command.storage, at: command.at }
      : match?.job.storage !== undefined
        ? { value: match.job.storage, at: `storage of its job: ${pointer(match.job.rec.at, 'storage')}` }
        : unknownCell('neither its log nor a job names the storage');
  return {
    job,
    storage,
    run: { value: run.upid, at: pointer(run.rec.at, 'upid') },
    node: { value: run.node, at: pointer(run.rec.at, 'node') },
  };
}

/** A run whose guests are not told: one guest by the task's id, or one row for all. */
function wholeRun(
  run: Run,
  common: Record<string, Cell>,
  known: Jobs,
  log: VzdumpLog | undefined,
  why: string | undefined,
): Draft {
  const at = pointer(run.rec.at, 'id');
  const guest = run.vmid === undefined ? {} : whoIs(run.vmid, undefined, at, known);
  const lost = unknownCell(why ?? 'the task names no guest');
  const failure = log?.taskError ?? { text: String(run.rec.data['status'] ?? ''), at: pointer(run.rec.at, 'status') };
  return draft(`task/${run.upid}`, run.rec, {
    ...common,
    ...(run.vmid === undefined ? { guest: lost, vmid: lost, guest_name: lost } : guest),
    status: { value: run.status, at: pointer(run.rec.at, run.end === undefined ? 'upid' : 'status') },
    error:
      run.status === 'failed'
        ? { value: failure.text, at: failure.at }
        : { value: '', at: pointer(run.rec.at, 'status') },
    ...(run.end === undefined
      ? {}
      : {
          duration: {
            value: run.end - run.start,
            at: `endtime − starttime: ${pointer(run.rec.at, 'endtime')}, ${pointer(run.rec.at, 'starttime')}`,
          },
        }),
  });
}

function guestRow(run: Run, guest: LoggedGuest, isFirst: boolean, common: Record<string, Cell>, known: Jobs): Draft {
  const { at } = guest;
  // What began and did not end in a task that is over has failed with it.
  const cut = guest.status === 'running' && run.status !== 'running';
  const status = cut ? 'failed' : guest.status;
  const ended = { value: String(run.rec.data['status'] ?? ''), at: pointer(run.rec.at, 'status') };
  return draft(isFirst ? `task/${run.upid}` : `task/${run.upid}#${guest.vmid}`, run.rec, {
    ...common,
    ...whoIs(guest.vmid, guest, at, known),
    status: { value: status, at },
    error: cut ? ended : { value: guest.error ?? '', at },
    duration:
      guest.seconds === undefined
        ? unknownCell('its log does not tell how long it took')
        : { value: guest.seconds, at },
    ...(guest.bytes === undefined ? {} : { size: { value: guest.bytes, at: guest.sizeAt ?? at } }),
    ...(guest.archive === undefined ? {} : { archive: { value: guest.archive, at } }),
  });
}

function whoIs(vmid: number, logged: LoggedGuest | undefined, at: string, { guests }: Jobs): Record<string, Cell> {
  const guest = guests.find((each) => each.vmid === vmid);
  const type = logged?.type ?? guest?.type;
  const name = guest?.name || logged?.name;
  return {
    vmid: { value: vmid, at },
    guest: type === undefined ? unknownCell(`guest ${vmid} is no longer there`) : { value: `${type}/${vmid}`, at },
    guest_name: name
      ? { value: name, at: guest?.name ? pointer(guest.rec.at, 'name') : at }
      : unknownCell(`guest ${vmid} is no longer there`),
  };
}
