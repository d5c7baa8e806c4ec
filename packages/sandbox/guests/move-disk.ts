import type { Call } from '../behaviour.ts';
import { flagParam, textParam } from '../behaviours/common.ts';
import type { Guest } from '../state/model.ts';
import { copyVolume, mirrored } from './copy.ts';
import type { GuestDisk } from './disks.ts';
import { withVolume } from './drive-size.ts';
import { dropDrive } from './drop-drive.ts';
import { freeVolume } from './volumes.ts';
import { changeConfig, died, type Task } from './work.ts';

/** Copies a disk to another storage and goes on with the copy; the source is freed or kept as unused. */
export async function moveDisk(call: Call, guest: Guest, disk: GuestDisk, task: Task): Promise<void> {
  const { key, volid } = disk;
  const storage = textParam(call, 'storage') ?? '';
  const lives = guest.status === 'running' && guest.type === 'qemu';
  task.log(`create full clone of drive ${key} (${volid})`);
  if (lives) task.log(`drive mirror is starting for drive-${key}`);
  const copy = await copyVolume(call, task, {
    from: { node: guest.node, volid },
    to: { node: guest.node, storage, guest, format: textParam(call, 'format') },
    line: lives ? mirrored(key) : undefined,
  }).catch((error: unknown) => {
    const text = error instanceof Error ? error.message.trimEnd() : String(error);
    throw died(`storage migration failed: ${text === 'received interrupt' ? 'interrupted by signal' : text}`);
  });
  if (lives) {
    task.log("all 'mirror' jobs are ready");
    task.log(`drive-${key}: Completing block job...`);
    task.log(`drive-${key}: Completed successfully.`);
    task.log(`drive-${key}: mirror-job finished`);
  }
  const next = withVolume(String(guest.config[key]), copy);
  if (!flagParam(call, 'delete')) keepSource(call, guest, key, volid, next, task);
  changeConfig(guest, { [key]: next });
  if (!flagParam(call, 'delete')) return;
  task.log(`removing source volume '${volid}' after successful copy`);
  try {
    freeVolume(call.state, guest.node, volid);
  } catch (error) {
    // a source that cannot go stays: the move has been made
    task.log(error instanceof Error ? error.message.trimEnd() : String(error));
  }
}

function keepSource(call: Call, guest: Guest, key: string, volid: string, next: string, task: Task): void {
  dropDrive(call.state, guest, key, next);
  const unused = Object.keys(guest.config).find((one) => one.startsWith('unused') && guest.config[one] === volid);
  if (unused !== undefined) task.log(`adding source volume '${volid}' as '${unused}' to config`);
}
