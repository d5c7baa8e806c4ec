import { died } from '../guests/work.ts';
import type { Guest } from '../state/model.ts';
import type { BackupJob } from './guest.ts';
import { keepsAll } from './target.ts';

/** How many protected archives a guest may have where nobody has said otherwise (get_max_protected_backups). */
const MOST_PROTECTED = 5;

/** Where nothing is removed, no more than the retention is made; and not too many protected ones. */
export function checkLimits({ call, options, target }: BackupJob, guest: Guest): void {
  const counts = Object.entries(target.retention).filter(([key]) => key !== 'keep-all');
  const limit = keepsAll(target.retention) ? 0 : counts.reduce((sum, [, count]) => sum + Number(count), 0);
  const own = target.pool.volumes.filter(
    (volume) => volume.content === 'backup' && volume.vmid === guest.vmid && volume['subtype'] === guest.type,
  );
  const kept = own.filter((volume) => volume['protected'] === 1).length;
  if (options.protected) {
    const unlimited = call.access.can(`/storage/${target.storage}`, 'Datastore.Allocate');
    const most = Number(target.definition['max-protected-backups'] ?? (unlimited ? -1 : MOST_PROTECTED));
    if (most < 0 || kept < most) return;
    const where = `on storage '${target.storage}'`;
    throw died(`The number of protected backups per guest is limited to ${most} ${where}`);
  }
  if (limit === 0 || options.remove || own.length - kept < limit) return;
  const why = `There is a max backup limit of ${limit} enforced by the target storage or the vzdump parameters.`;
  throw died(`${why} Either increase the limit or delete old backups.`);
}
