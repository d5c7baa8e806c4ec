import type { Behaviours, Call } from '../behaviour.ts';
import { runBackup } from '../backups/job.ts';
import { backupOptions, checkCommonOptions, verifyParameters } from '../backups/options.ts';
import { selectOn } from '../backups/selection.ts';
import { demandAny } from '../guests/config-privileges.ts';
import { refused } from '../guests/work.ts';
import { flagParam, textParam } from './common.ts';

/** Backups of guests, now (pve-manager PVE/API2/VZDump.pm). */
export const vzdumpWrites: Behaviours = {
  'POST /nodes/{node}/vzdump': (call) => {
    const storage = textParam(call, 'storage');
    checkOptions(call, storage ?? 'local');
    verifyParameters(call.params);
    const selection = selectOn(call.state, call.node, { ...call.params, node: undefined });
    const ids = [...selection.local, ...selection.orphaned];
    if (flagParam(call, 'stop')) stopRunning(call);
    if (ids.length === 0 && (flagParam(call, 'stop') || !flagParam(call, 'all'))) return 'OK';
    if (storage !== undefined) demandAny(call, `/storage/${storage}`, ['Datastore.AllocateSpace']);
    const options = backupOptions(call);
    const id = ids.length === 1 ? String(ids[0]) : '';
    const user = call.caller.authid;
    return call.tasks.start({
      type: 'vzdump',
      id,
      node: call.node,
      user,
      run: (task) => runBackup(call, selection, options, task),
    });
  },
};

function checkOptions(call: Call, storage: string): void {
  if (flagParam(call, 'stdout')) throw refused({ stdout: 'option is only allowed on the command line interface.' });
  checkCommonOptions(call);
  if (call.params['prune-backups'] !== undefined) demandAny(call, `/storage/${storage}`, ['Datastore.Allocate']);
}

/** `stop`: the backup that runs on this node is ended. */
function stopRunning(call: Call): void {
  for (const { type, node, endtime, upid } of call.tasks.all()) {
    if (type === 'vzdump' && node === call.node && endtime === undefined) call.tasks.stop(upid);
  }
}
