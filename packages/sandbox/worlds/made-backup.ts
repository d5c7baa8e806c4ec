import type { Guest, TaskRecord } from '../state/model.ts';
import { GIB } from './made-guest.ts';
import { makeTask } from './made-task.ts';
import { archiveTime, duration, logTime } from './times.ts';
import { guestSize } from '../state/guest-size.ts';
import type { State } from '../state/model.ts';

/** One run of a backup job on one node. */
export interface Run {
  node: string;
  start: number;
  /** Seconds that the whole run takes. */
  took: number;
  storage: string;
  /** Where archives go, as the log names it. */
  folder: string;
  guests: Guest[];
  /** The job's other guests, on other nodes. */
  elsewhere: number[];
  /** What befell one of the guests. */
  failure?: { vmid: number; error: string };
}

/** How much of a guest's disk an archive takes. */
export function archiveSize(state: Pick<State, 'nodes'>, guest: Guest): number {
  const size = guestSize(state, guest);
  return Math.round(size.maxdisk * (0.18 + (guest.vmid % 7) * 0.02));
}

/** The task of one vzdump run, with the log that vzdump writes. */
export function backupTask(state: Pick<State, 'nodes'>, run: Run): TaskRecord {
  return makeTask({
    node: run.node,
    type: 'vzdump',
    id: run.guests.length === 1 ? String(run.guests[0]?.vmid) : '',
    start: run.start,
    took: run.took,
    status: run.failure ? 'job errors' : 'OK',
    log: () => runLog(state, run),
  });
}

function runLog(state: Pick<State, 'nodes'>, run: Run): string[] {
  const ids = [...run.guests.map(({ vmid }) => vmid), ...run.elsewhere].sort((a, b) => a - b);
  const options = `--mode snapshot --storage ${run.storage} --compress zstd`;
  const each = Math.floor(run.took / Math.max(1, run.guests.length));
  return [
    `INFO: starting new backup job: vzdump ${ids.join(' ')} ${options}`,
    ...(run.elsewhere.length > 0 ? [`INFO: skip external VMs: ${run.elsewhere.join(', ')}`] : []),
    ...run.guests.flatMap((guest, index) => guestLog(state, run, guest, run.start + index * each, each)),
    run.failure ? 'INFO: Backup job finished with errors' : 'INFO: Backup job finished successfully',
  ];
}

function guestLog(state: Pick<State, 'nodes'>, run: Run, guest: Guest, start: number, took: number): string[] {
  const kind = guest.type === 'qemu' ? 'VM' : 'CT';
  const { maxdisk } = guestSize(state, guest);
  const ending = guest.type === 'qemu' ? 'vma.zst' : 'tar.zst';
  const name = String(guest.config['name'] ?? guest.config['hostname']);
  const head = [
    `INFO: Starting Backup of VM ${guest.vmid} (${guest.type})`,
    `INFO: Backup started at ${logTime(start)}`,
    `INFO: status = ${guest.status}`,
    `INFO: ${kind} Name: ${name}`,
    `INFO: creating vzdump archive '${run.folder}/vzdump-${guest.type}-${guest.vmid}-${archiveTime(start)}.${ending}'`,
  ];
  if (run.failure?.vmid === guest.vmid) {
    return [
      ...head,
      `ERROR: Backup of VM ${guest.vmid} failed - ${run.failure.error}`,
      `INFO: Failed at ${logTime(start + took)}`,
    ];
  }
  const gib = (maxdisk / GIB).toFixed(1);
  const size = (archiveSize(state, guest) / GIB).toFixed(2);
  return [
    ...head,
    `INFO: 100% (${gib} GiB of ${gib} GiB) in ${took}s, read: 412.3 MiB/s, write: 188.1 MiB/s`,
    `INFO: archive file size: ${size}GB`,
    `INFO: Finished Backup of VM ${guest.vmid} (${duration(took)})`,
    `INFO: Backup finished at ${logTime(start + took)}`,
  ];
}
