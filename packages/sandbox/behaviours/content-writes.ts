import { PveError, type Behaviours, type Call } from '../behaviour.ts';
import { pruneBackups } from '../backups/prune.ts';
import { retentionText } from '../backups/target.ts';
import { allocateDisk } from '../contents/allocate.ts';
import { copyTo } from '../contents/copy-to.ts';
import { removeVolume } from '../contents/free.ts';
import { checkVolumeAccess, namedVolume, volumeParam } from '../contents/volume-access.ts';
import { demandAny } from '../guests/config-privileges.ts';
import { changeVolume, findVolume, usableStorage } from '../guests/volumes.ts';
import { died, startTask } from '../guests/work.ts';
import { pathOf } from '../contents/path.ts';
import { flagParam, numberParam, textParam } from './common.ts';

/** What lies on storages, changed (pve-storage PVE/API2/Storage/{Content,PruneBackups}.pm). */
export const contentWrites: Behaviours = {
  'POST /nodes/{node}/storage/{storage}/content': allocateDisk,

  'DELETE /nodes/{node}/storage/{storage}/content/{volume}': async (call) => {
    const volid = volumeParam(call);
    const { storage, vmid, vtype } = namedVolume(call.state, volid);
    usableStorage(call.state, call.node, storage);
    if (vtype === 'backup' && vmid !== undefined) {
      demandAny(call, `/storage/${storage}`, ['Datastore.AllocateSpace']);
      demandAny(call, `/vms/${vmid}`, ['VM.Backup']);
    } else demandAny(call, `/storage/${storage}`, ['Datastore.Allocate']);
    const id = `${vmid === undefined ? '' : `${vmid}@`}${storage}`;
    const remove = async (task: Parameters<typeof removeVolume>[2]): Promise<void> => {
      await removeVolume(call, volid, task);
      task.log(`Removed volume '${volid}'`);
    };
    return settled(
      call,
      call.tasks.start({ type: 'imgdel', id, node: call.node, user: call.caller.authid, run: remove }),
    );
  },

  'PUT /nodes/{node}/storage/{storage}/content/{volume}': (call) => {
    const volid = volumeParam(call);
    checkVolumeAccess(call, volid);
    const { storage, vtype } = namedVolume(call.state, volid);
    usableStorage(call.state, call.node, storage);
    const volume = findVolume(call.state, call.node, volid);
    for (const attribute of ['notes', 'protected']) {
      if (call.params[attribute] === undefined) continue;
      if (vtype !== 'backup') throw died(`attribute '${attribute}' is not supported for storage/volume type`);
      if (!volume) {
        const path = pathOf(call.state, { volid, content: 'backup', format: '' });
        throw died(`cannot update ${attribute}: archive '${path}' does not exist`);
      }
    }
    if (!volume) return null;
    const notes = textParam(call, 'notes');
    if (notes !== undefined) changeVolume(call.state, call.node, volid, { notes: notes === '' ? undefined : notes });
    if (call.params['protected'] !== undefined) {
      changeVolume(call.state, call.node, volid, { protected: flagParam(call, 'protected') ? 1 : undefined });
    }
    return null;
  },

  'POST /nodes/{node}/storage/{storage}/content/{volume}': (call) => {
    const source = volumeParam(call);
    const target = volumeParam(call, 'target');
    return startTask(call, 'imgcopy', (task) => copyTo(call, source, target, task), '');
  },

  'DELETE /nodes/{node}/storage/{storage}/prunebackups': (call) => {
    const storage = textParam(call, 'storage') ?? '';
    const vmid = numberParam(call, 'vmid');
    demandAny(call, `/storage/${storage}`, [vmid === undefined ? 'Datastore.Allocate' : 'Datastore.AllocateSpace']);
    if (vmid !== undefined) demandAny(call, `/vms/${vmid}`, ['VM.Backup']);
    const filter = { vmid, type: textParam(call, 'type') };
    return startTask(
      call,
      'prunebackups',
      async (task) => {
        const { definition, seen } = usableStorage(call.state, call.node, storage);
        const retention = textParam(call, 'prune-backups') ?? retentionText(definition['prune-backups']);
        if (retention === undefined) throw died('no prune-backups options configured for storage');
        await task.wait(300);
        pruneBackups(call, seen.pool, retention, filter, (line) => task.log(line));
      },
      `${vmid === undefined ? '' : `${vmid}@`}${storage}`,
    );
  },
};

/** With `delay` the end of a task is waited for: null where it was good, its error where not, else the task. */
async function settled(call: Call, upid: string): Promise<string | null> {
  const delay = numberParam(call, 'delay') ?? 0;
  const task = call.tasks.find(upid);
  for (let waited = 0; waited < delay && task?.endtime === undefined; waited++) await call.clock.hold(1000);
  if (delay === 0 || task?.endtime === undefined) return upid;
  if (task.status === 'OK' || task.status?.startsWith('WARNINGS')) return null;
  throw new PveError(500, `${task.status ?? ''}\n`);
}
