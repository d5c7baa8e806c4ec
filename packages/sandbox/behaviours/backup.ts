import { archivedIn } from '../backups/archived.ts';
import { backupVolumes } from '../backups/included.ts';
import { coverage } from '../backups/selection.ts';
import { PveError, type Behaviours, type Call } from '../behaviour.ts';
import { checkVolumeAccess, namedVolume } from '../contents/volume-access.ts';
import { demandAny } from '../guests/config-privileges.ts';
import { nextEvent } from '../state/calendar.ts';
import type { Guest, Row } from '../state/model.ts';
import { nodeOf, nowSeconds, textParam } from './common.ts';
import { guestName, isTemplate } from './guest-rows.ts';

/** Backup jobs: when they run, what they take along, and what no job takes. */
export const backup: Behaviours = {
  'GET /cluster/backup': (call) => call.state.backupJobs.map((job) => withNextRun(call, job)),
  'GET /cluster/backup/{id}': (call) => withNextRun(call, jobOf(call)),
  'GET /cluster/backup/{id}/included_volumes': (call) => ({
    children: [...call.state.guests.values()]
      .filter(coverage(call.state, jobOf(call)))
      .map((guest) => ({ id: guest.vmid, name: guestName(guest), type: guest.type, children: volumes(guest) })),
  }),
  'GET /cluster/backup-info': () => [{ subdir: 'not-backed-up' }],
  'GET /cluster/backup-info/not-backed-up': (call) =>
    notBackedUp(call)
      .filter((guest) => call.access.can(`/vms/${guest.vmid}`, 'VM.Audit'))
      .map((guest) => ({ vmid: guest.vmid, name: guestName(guest), type: guest.type })),
  'GET /nodes/{node}/vzdump/extractconfig': extractConfig,
  'GET /nodes/{node}/vzdump/defaults': (call) => ({
    mode: 'snapshot',
    compress: 'zstd',
    all: 0,
    ionice: 7,
    lockwait: 180,
    stopwait: 10,
    remove: 1,
    ...(textParam(call, 'storage') === undefined ? {} : { storage: textParam(call, 'storage') }),
  }),
};

/** The guests that no enabled job takes along. */
function notBackedUp({ state }: Call): Guest[] {
  const guests = [...state.guests.values()];
  const read = state.notBackedUpRead;
  if (read?.jobs === state.backupJobs && read.guests === guests.length) {
    return guests.filter(({ vmid }) => read.ids.includes(vmid));
  }
  const jobs = state.backupJobs.filter((job) => job['enabled'] !== 0 && job['enabled'] !== '0');
  const covered = jobs.map((job) => coverage(state, job));
  return guests.filter((guest) => !isTemplate(guest) && !covered.some((covers) => covers(guest)));
}

function jobOf(call: Call): Row {
  const id = textParam(call, 'id');
  const job = call.state.backupJobs.find((row) => row['id'] === id);
  if (!job) throw new PveError(400, 'Parameter verification failed.\n', { id: `No such job '${id}'` });
  return job;
}

/** What was read holds until its time has come; a disabled job has no next run. */
function withNextRun(call: Call, job: Row): Row {
  const now = nowSeconds(call);
  const { 'next-run': read, ...rest } = job;
  if (job['enabled'] === 0 || job['enabled'] === '0') return read === undefined ? job : { ...rest, 'next-run': read };
  if (typeof read === 'number' && read > now) return job;
  const next = nextEvent(String(job['schedule'] ?? '00:00'), now, nodeOf(call).tzOffset);
  return next === undefined ? rest : { ...rest, 'next-run': next };
}

/** The configuration that an archive carries, as text. */
function extractConfig(call: Call): string {
  const volid = textParam(call, 'volume') ?? '';
  checkVolumeAccess(call, volid);
  const { vmid } = namedVolume(call.state, volid);
  if (vmid !== undefined) demandAny(call, `/vms/${vmid}`, ['VM.Backup']);
  const archived = archivedIn(call.state, call.node, volid);
  if (!archived) throw new PveError(500, `unable to read configuration of archive '${volid}'\n`);
  const { description, ...config } = archived.config;
  const lines = Object.entries(config).map(([key, value]) => `${key}: ${value}\n`);
  return [...commentLines(description), ...lines].join('');
}

/** A description as the file begins with it, line by line (PVE::Tools, encode_text). */
function commentLines(description: string | number | undefined): string[] {
  if (description === undefined || description === '') return [];
  const encoded = (line: string): string => line.replace(/[^\x20-\x39\x3b-\x7e]/gu, encodeURIComponent);
  return String(description)
    .trimEnd()
    .split('\n')
    .map((line) => `#${encoded(line)}\n`);
}

function volumes(guest: Guest): Row[] {
  return backupVolumes(guest).map(({ key, volid, included, reason }) => {
    return { id: key, name: volid, included: included ? 1 : 0, reason };
  });
}
