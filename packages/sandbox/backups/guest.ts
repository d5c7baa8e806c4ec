import type { Call } from '../behaviour.ts';
import { sidOf } from '../behaviours/common.ts';
import { changeConfig, checkLock, died, isHaManaged, withFileLock, type Task } from '../guests/work.ts';
import { refusalText } from '../refusal-text.ts';
import type { Guest, Volume } from '../state/model.ts';
import { keepArchive } from './archived.ts';
import { checkLimits } from './limits.ts';
import { finishArchive } from './finish.ts';
import { endingText, isStop } from './interrupted.ts';
import type { BackupLog } from './log.ts';
import type { BackupOptions } from './options.ts';
import { backUpContainer } from './container.ts';
import { backUpVm } from './vm.ts';
import type { BackupTarget } from './target.ts';

export interface BackupJob {
  call: Call;
  task: Task;
  log: BackupLog;
  options: BackupOptions;
  target: BackupTarget;
}

/** The backup of one guest, under way. */
export interface GuestBackup extends BackupJob {
  guest: Guest;
  /** When it began, seconds since 1970. */
  began: number;
  /** The archive as it will be; its size is known at the end. */
  archive: Volume;
  /** The archive as the log names it. */
  shownAs: string;
}

/** PVE::VZDump::exec_backup_task: whether it came to its end; only being stopped is thrown. */
export async function backUpGuest(job: BackupJob, vmid: number): Promise<boolean> {
  const { log } = job;
  const began = log.now();
  try {
    await carryOut(job, vmid, began);
  } catch (error) {
    const text = refusalText(error).trimEnd();
    log.error(`Backup of VM ${vmid} failed - ${endingText(text)}`);
    log.info(`Failed at ${log.local()}`);
    if (isStop(text)) throw died(endingText(text));
    return false;
  }
  log.info(`Finished Backup of VM ${vmid} (${log.since(began)})`);
  log.info(`Backup finished at ${log.local()}`);
  return true;
}

async function carryOut(job: BackupJob, vmid: number, began: number): Promise<void> {
  const { call, log } = job;
  const guest = call.state.guests.get(vmid);
  if (!guest) throw died(`unable to find VM '${vmid}'`);
  checkHa(job, guest);
  checkLimits(job, guest);
  log.info(`Starting Backup of VM ${vmid} (${guest.type})`);
  log.info(`Backup started at ${log.local()}`);
  log.info(`status = ${guest.status}`);
  const archive = archiveOf(job, guest, began);
  const name = archive.volid.replace(/^[^/]*\//, '');
  const shownAs = job.target.isPbs ? name : `${job.target.folder}/${name}`;
  await whileBackedUp(job, guest, async () => {
    const backup: GuestBackup = { ...job, guest, began, archive, shownAs };
    const archived = guest.type === 'qemu' ? await backUpVm(backup) : await backUpContainer(backup);
    keepArchive(job.target.pool, archive, archived);
    await finishArchive(backup);
  });
}

/** The guest is locked while its backup runs, whatever comes of it. */
async function whileBackedUp({ call, task }: BackupJob, guest: Guest, work: () => Promise<void>): Promise<void> {
  const own: Call = { ...call, params: { vmid: guest.vmid } };
  await withFileLock(own, guest.type, task, async (found) => {
    checkLock(own, found);
    changeConfig(found, { lock: 'backup' });
  });
  try {
    await work();
  } finally {
    if (guest.config['lock'] === 'backup') changeConfig(guest, { lock: undefined });
  }
}

/** HA would start again what a backup stops. */
function checkHa({ call, options }: BackupJob, guest: Guest): void {
  if (options.mode !== 'stop' || !isHaManaged(call.state, guest)) return;
  const resource = call.state.ha.resources.find(({ sid }) => sid === sidOf(guest));
  if (!/^(?:started|enabled)$/.test(String(resource?.['state'] ?? 'started'))) return;
  const advice = 'Use snapshot mode or disable the Service.';
  throw died(`Cannot execute a backup with stop mode on a HA managed and enabled Service. ${advice}`);
}

/** The archive's name and place, as vzdump and the Proxmox Backup Server have them. */
function archiveOf({ log, target, options }: BackupJob, guest: Guest, began: number): Volume {
  const { vmid, type } = guest;
  const common = { content: 'backup', subtype: type, vmid, ctime: began, size: 0 };
  if (target.isPbs) {
    const kind = type === 'qemu' ? 'vm' : 'ct';
    const at = new Date(began * 1000).toISOString().replace('.000', '');
    // With a key, the client encrypts what it sends (pve-storage PBSPlugin.pm; list_volumes tells it by `encrypted`).
    const encrypted = target.definition['encryption-key'] === undefined ? {} : { encrypted: '1' };
    return { volid: `${target.storage}:backup/${kind}/${vmid}/${at}`, format: `pbs-${kind}`, ...common, ...encrypted };
  }
  const ending = `${type === 'qemu' ? 'vma' : 'tar'}${options.ending === '' ? '' : `.${options.ending}`}`;
  const volid = `${target.storage}:backup/vzdump-${type}-${vmid}-${log.stamp(began)}.${ending}`;
  return { volid, format: ending, ...common };
}
