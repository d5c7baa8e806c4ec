import { guestName } from '../behaviours/guest-rows.ts';
import { changeVolume } from '../guests/volumes.ts';
import { archiveSizeText } from './log.ts';
import type { GuestBackup } from './guest.ts';
import { pruneBackups } from './prune.ts';
import { keepsAll } from './target.ts';

/** What is done once an archive is complete: notes, protection, and older ones that go. */
export async function finishArchive(backup: GuestBackup): Promise<void> {
  const { call, task, log, options, target, archive, guest } = backup;
  const { state, node } = call;
  if (!target.isPbs) log.info(`archive file size: ${archiveSizeText(archive.size)}`);
  if (options.notesTemplate !== undefined && options.notesTemplate !== '') {
    log.info('adding notes to backup');
    changeVolume(state, node, archive.volid, { notes: notesOf(backup, options.notesTemplate) });
  }
  if (options.protected) {
    log.info('marking backup as protected');
    changeVolume(state, node, archive.volid, { protected: 1 });
  }
  if (!options.remove || keepsAll(target.retention)) return;
  const shown = Object.entries(target.retention)
    .map(([key, count]) => `${key}=${count}`)
    .sort();
  log.info(`prune older backups with retention: ${shown.join(', ')}`);
  await task.wait(300);
  const filter = { vmid: guest.vmid, type: guest.type };
  const pruned = pruneBackups(call, target.pool, shown.join(','), filter, (line) => log.info(line));
  log.info(`pruned ${pruned} backup(s)${pruned > 0 ? ' not covered by keep-retention policy' : ''}`);
}

/** What notes are filled in with. */
function notesOf({ call, guest }: GuestBackup, template: string): string {
  const values: Record<string, string> = {
    cluster: call.state.cluster?.name ?? 'standalone node',
    guestname: guestName(guest),
    node: call.node,
    vmid: String(guest.vmid),
  };
  return template
    .replaceAll(/\\(\\|n)/g, (_, escape: string) => (escape === 'n' ? '\n' : '\\'))
    .replaceAll(/\{\{([^}]*)\}\}/g, (whole, name: string) => values[name] ?? whole);
}
