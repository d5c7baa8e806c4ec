import { PveError, type Behaviours, type Call } from '../behaviour.ts';
import { nextEvent } from '../state/calendar.ts';
import type { Guest, Row, State } from '../state/model.ts';
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

/** The configuration that an archive carries: the guest's own, as text. */
function extractConfig(call: Call): string {
  const volid = textParam(call, 'volume') ?? '';
  const seen = nodeOf(call).storages.get(volid.split(':')[0] ?? '');
  const archive = seen?.pool.volumes.find((volume) => volume.volid === volid && volume.content === 'backup');
  const guest = call.state.guests.get(archive?.vmid ?? 0);
  if (!archive || !guest) throw new PveError(500, `unable to read configuration of archive '${volid}'\n`);
  const lines = Object.entries(guest.config).map(([key, value]) => `${key}: ${value}\n`);
  return lines.join('');
}

const list = (value: unknown): number[] =>
  String(value ?? '')
    .split(/[,; ]+/)
    .filter(Boolean)
    .map(Number);

/** PVE::VZDump::get_included_guests: by ids, by pool, or all but some; on one node or on all. */
function coverage(state: State, job: Row): (guest: Guest) => boolean {
  const here = ({ node }: Guest): boolean => job['node'] === undefined || job['node'] === node;
  if (job['all'] === 1 || job['all'] === '1') {
    const excluded = new Set(list(job['exclude']));
    return (guest) => here(guest) && !excluded.has(guest.vmid);
  }
  const pool = state.access.pools.find(({ poolid }) => poolid === job['pool']);
  const ids = new Set(job['pool'] === undefined ? list(job['vmid']) : pool?.vms.map(Number));
  return (guest) => here(guest) && ids.has(guest.vmid);
}

const VOLUME = /^(?:scsi|virtio|sata|ide|efidisk|tpmstate|mp)\d+$|^rootfs$/;

function volumes(guest: Guest): Row[] {
  return Object.entries(guest.config)
    .filter(([key, value]) => VOLUME.test(key) && !String(value).includes('media=cdrom'))
    .map(([key, value]) => {
      const included =
        guest.type === 'lxc'
          ? key === 'rootfs' || /(?:^|,)backup=1/.test(String(value))
          : !/(?:^|,)backup=0/.test(String(value));
      return { id: key, name: String(value).split(',')[0], included: included ? 1 : 0, reason: reason(key, included) };
    });
}

function reason(key: string, included: boolean): string {
  if (key === 'rootfs') return 'rootfs';
  return included ? 'enabled' : 'disabled';
}
